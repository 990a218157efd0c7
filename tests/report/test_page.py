import base64
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from pages import page_of, plain, read
from synthetic import synthetic_facts

from sim.report.context import Context
from sim.report.maps import area_map
from sim.report.page_tables import read_tables
from sim.report.places import map_of_each
from sim.report.readability import lix
from sim.report.summary import answer
from sim.report.words import words


@pytest.fixture(scope="module")
def html() -> str:
    return page_of(synthetic_facts())


def test_the_page_is_swedish_and_asks_no_host_for_anything(html: str) -> None:
    reader = read(html)
    assert ("html", {"lang": "sv"}) in reader.tags
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "link", "iframe", "object"})
    assert all(str(attrs.get("src", "data:")).startswith("data:") for _, attrs in reader.tags)
    assert all(str(attrs.get("href", "#")).startswith("#") for _, attrs in reader.tags)
    policy = next(attrs for tag, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")
    assert "url(" not in html and "@import" not in html


def test_headings_go_down_one_level_at_a_time(html: str) -> None:
    levels = [int(tag[1]) for tag, _ in read(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_header_a_scope(html: str) -> None:
    tags = [tag for tag, _ in read(html).tags]
    assert tags.count("table") == tags.count("caption") > 5
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in read(html).tags if tag == "th")


def test_every_picture_says_its_figures_and_holds_no_words_of_vega(html: str) -> None:
    pictures = [attrs for tag, attrs in read(html).tags if tag == "img"]
    assert len(pictures) == 4
    for picture in pictures:
        assert re.search(r"\d\s(till|färre till) ", str(picture["alt"]))
        svg = base64.b64decode(str(picture["src"]).split(",", 1)[1]).decode()
        assert (
            "aria-" not in svg and "role=" not in svg and "http" not in svg.replace("http://www.w3.org", "")
        )


def test_the_table_twin_repeats_the_marks_of_the_pictures(html: str) -> None:
    alts = " ".join([str(attrs["alt"]) for tag, attrs in read(html).tags if tag == "img"][:3])
    twin = plain(html[html.index(words("sv")("figures.twin")) :])
    for mean in re.findall(r"medelvärde ([+−\d]+)", alts):
        assert f"({mean})" in twin or mean == "0"


def test_the_answer_is_easy_to_read(html: str) -> None:
    text = plain(html[html.index('<p class="lead">') : html.index("<figure>")])
    assert lix(text) <= 45
    assert lix(plain(html[html.index("<main>") : html.index('<div class="underlag')])) <= 45


def test_the_first_year_is_said_plainly() -> None:
    assert "Efter ett år: mycket troligt färre i arbete" in plain(answer(Context(synthetic_facts())).html)


def test_the_null_world_claims_nothing() -> None:
    html = page_of(synthetic_facts(size=0.0))
    summary = plain(html[html.index("<main>") : html.index('id="las"')])
    said = summary.split(words("sv")("words.title"))[0]  # the word list explains "troligen"
    assert "trolig" not in said.lower()
    assert "gör satsningen ingen skillnad" in said
    assert not re.search(r"[+−]\d", re.sub(r"<img[^>]*>", "", said))


@pytest.mark.parametrize("size", [0.0, 0.01, 1.0, -1.0, 30.0])
def test_every_size_of_effect_gives_a_page(size: float) -> None:
    text = plain(page_of(synthetic_facts(size)))
    assert "{" not in text and "nan" not in text.lower().split()


def test_texts_of_a_case_are_escaped() -> None:
    html = page_of(replace(synthetic_facts(), question="Vad ger <script>alert(1)</script> & annat?"))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


SEVERAL = ("Ystad", "Tomelilla", "Simrishamn", "Sjöbo")


def test_several_municipalities_share_a_page_with_a_row_each() -> None:
    facts = replace(synthetic_facts(names=SEVERAL), markets=(SEVERAL[:2], SEVERAL[2:]))
    html = page_of(facts)
    text = plain(html)
    assert "Ystad, Tomelilla, Simrishamn och Sjöbo utan satsningen" in text
    assert "Kommunernas summa" in text and "Kommunens summa" not in text
    assert "räknas tillsammans" in text and "Ystad och Tomelilla hör till samma region" in text
    table = html[html.index(words("sv")("places.title")) :].split("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th>', table) == [*SEVERAL, "Alla"]
    assert "Ystad: modellen och statistiken" in text
    assert lix(plain(html[html.index("<main>") : html.index('<div class="underlag">')])) <= 45


def test_the_map_says_what_its_twin_says_and_shades_by_what_can_be_said() -> None:
    html = "".join(map_of_each(Context(synthetic_facts(names=SEVERAL))))
    (picture,) = (attrs for tag, attrs in read(html).tags if tag == "img")
    svg = base64.b64decode(str(picture["src"]).split(",", 1)[1]).decode()
    rows = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?) <i>.*?<td[^>]*>(.*?)</td>', html)
    assert [row[0] for row in rows] == list(SEVERAL)
    for name, interval, said in rows:
        assert f"{name}: " in str(picture["alt"]) and said in str(picture["alt"])
        assert {name, interval, said.split(" (")[0]} <= set(re.findall(r"<text[^>]*>(.*?)</text>", svg))
    assert svg.count("#b9d3e0") == 4  # every interval here allows "more", and none "fewer"
    null = "".join(map_of_each(Context(synthetic_facts(size=0.0, names=SEVERAL))))
    blank = base64.b64decode(re.search(r"base64,([^\"]+)", null)[1]).decode()  # type: ignore[index]
    assert "#b9d3e0" not in blank and "#efcf9f" not in blank


def test_a_municipality_lies_where_it_is_on_the_map() -> None:
    svg = area_map({"1286": "#fff", "1265": "#eee"}, {"1286": ["Ystad"], "1265": ["Sjöbo"]}, "a map").svg
    places = {
        name: tuple(map(float, spot))
        for *spot, name in re.findall(r"translate\(([\d.]+),([\d.]+)\)[^>]*>(\w+)</text>", svg)
    }
    assert places["Sjöbo"][0] < places["Ystad"][0] and places["Sjöbo"][1] < places["Ystad"][1]


def test_a_single_municipality_has_no_table_of_municipalities(html: str) -> None:
    text = plain(html)
    assert words("sv")("places.title") not in text
    assert "Nyköping räknas för sig." in text


def test_costs_queues_and_what_is_moved_stand_in_the_appendix(html: str) -> None:
    text = plain(html[html.index('<div class="underlag">') :])
    assert "Flyttat till a‑kassa" in text and "Sparat" in text
    assert "En plan hos kommunen 145" in text
    assert "En plats i kommunen färre än 5" in text
    assert "Samlokalisering (gemensamma lokaler) +0,8" in text


def test_a_month_in_work_has_a_price_only_where_it_can_be_told() -> None:
    assert "14 000 till 210 000 kronor (medelvärde 38 000)" in plain(page_of(synthetic_facts())).replace(
        "\xa0", " "
    )
    unknown = plain(page_of(replace(synthetic_facts(), per_month=None)))
    assert "Vad en extra månad i arbete kostar går inte att säga" in unknown
    assert "extra månad i arbete" not in plain(page_of(synthetic_facts(size=0.0)))


@pytest.mark.parametrize("place", ["Osby", "Nyköping", "Mönsterås", "Laxå"])
def test_the_municipality_has_its_own_genitive(place: str) -> None:
    named = {"Osby": "Osby kommun", "Nyköping": "Nyköpings kommun", "Mönsterås": "Mönsterås kommun"}
    facts = replace(synthetic_facts(names=(place,)))
    assert named.get(place, "Laxå kommun") in plain(page_of(facts))


def test_the_english_page_is_english_and_quotes_swedish_as_swedish() -> None:
    facts = synthetic_facts(lang="en")
    html = page_of(facts, "en")
    assert ("html", {"lang": "en"}) in read(html).tags
    text = plain(html[html.index("<main>") :])
    assert not re.search(r"\b(och|inte|utan|med|till|efter|fler|kommunen)\b", text)
    assert "1,968" in text and "22 November 2026" in plain(html)
    quoted = page_of(replace(facts, question="Vad ger lokalerna?", case_language="sv"), "en")
    assert '<h1><span lang="sv">Vad ger lokalerna?</span></h1>' in quoted


def test_both_languages_print_the_same_numbers() -> None:
    own, other = (read_tables(page_of(synthetic_facts(lang=lang), lang)) for lang in ("sv", "en"))
    for mine, theirs in zip(own, other, strict=True):
        numbers = [
            [[value for value in row if isinstance(value, float)] for row in table.rows]
            for table in (mine, theirs)
        ]
        assert numbers[0] == numbers[1]


def test_the_null_world_claims_nothing_in_english() -> None:
    html = page_of(synthetic_facts(size=0.0, lang="en"), "en")
    page = plain(html[html.index("<main>") : html.index('id="las"')])
    said = page.split(words("en")("words.title"))[0]
    assert "likely" not in said.lower() and "the initiative makes no difference" in said
