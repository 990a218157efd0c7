"""What a checker of rules does not see: languages, alternative texts, twins of pictures, contrast."""

import re
from itertools import pairwise

import pytest
from case_facts import CASES, case_facts
from pages import page_of, plain, read
from synthetic import synthetic_facts

from sim.report.readability import lix
from sim.report.words import LANGUAGES, words

SEVERAL = ("Ystad", "Tomelilla", "Simrishamn", "Sjöbo")
GENERIC = re.compile(r"^(bild|diagram|graf|image|picture|chart|figure|graph)\b\W*$", re.IGNORECASE)
LIMIT = 4.5  # contrast that WCAG 2.1 AA asks of text


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param, page_of(synthetic_facts(names=SEVERAL, lang=request.param), request.param)


def test_the_page_has_a_language_and_marks_parts_in_another(page: tuple[str, str]) -> None:
    lang, html = page
    assert ("html", {"lang": lang}) in read(html).tags
    other = re.findall(r'lang="([a-z]+)"', html)
    assert set(other) <= set(LANGUAGES)
    facts = synthetic_facts(lang="sv")  # a case without English: its own texts are Swedish in an English page
    quoted = page_of(facts, "en")
    for text in (facts.question, facts.not_expressed[0]):
        assert f'<span lang="sv">{text}</span>' in quoted


def test_headings_go_down_by_one_and_ids_are_unique(page: tuple[str, str]) -> None:
    tags = read(page[1]).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    named = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(named) == len(set(named))
    assert {str(attrs["href"])[1:] for tag, attrs in tags if tag == "a"} <= {str(one) for one in named}


def test_every_table_has_a_caption_and_every_header_a_scope_and_a_text(page: tuple[str, str]) -> None:
    html = page[1]
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert re.match(r"<table[^>]*>\s*<caption>\w", table)
        for scope, text in re.findall(r"<th( [^>]*|)>(.*?)</th>", table, re.DOTALL):
            assert 'scope="col"' in scope or 'scope="row"' in scope
            assert text.strip()
        rows = [len(re.findall(r"<t[hd][ >]", row)) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
        assert len(set(rows)) == 1


def test_alternative_texts_come_from_the_data_and_differ_with_it(page: tuple[str, str]) -> None:
    lang, html = page
    own = [str(attrs["alt"]) for tag, attrs in read(html).tags if tag == "img"]
    assert len(own) == len(set(own)) == 3 + len(SEVERAL) + 1
    assert all(re.search(r"\d", alt) and len(alt) > 60 and not GENERIC.match(alt) for alt in own)
    changed = page_of(synthetic_facts(size=-1.0, names=SEVERAL, lang=lang), lang)
    other = [str(attrs["alt"]) for tag, attrs in read(changed).tags if tag == "img"]
    effects = [number for number in range(len(own)) if words(lang)("card.chart") not in own[number]]
    assert all(own[number] != other[number] for number in effects) and len(effects) == 4


def test_every_picture_has_a_table_with_its_numbers(page: tuple[str, str]) -> None:
    _, html = page
    tables = [plain(table) for table in re.findall(r"<table.*?</table>", html, re.DOTALL)]
    for alt in (str(attrs["alt"]) for tag, attrs in read(html).tags if tag == "img"):
        numbers = {one.lstrip("+-−") for one in re.findall(r"[+−-]?\d[\d\xa0,]*", alt)} - {"0"}
        numbers = {one.strip(",\xa0") for one in numbers}
        digits = {one for one in numbers if len(one) > 1} - {"2018", "2017", "2022", "2023", "100"}
        assert any(sum(one in table for one in digits) >= 0.8 * len(digits) for table in tables), alt
    shares = re.findall(r'aria-label="([^"]+)"', html)
    assert shares
    for share in shares:
        for percent in re.findall(r"(\d+) ?%", share):
            assert any(re.search(rf"\b{percent}\b", table) for table in tables)


def test_text_has_contrast_on_the_screen_and_on_paper() -> None:
    html = page_of(synthetic_facts())
    css = html[html.index("<style>") : html.index("</style>")]
    named = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", css))
    texts = {named[name] for name in ("ink", "grey", "blue")} | {
        colour for colour in re.findall(r"(?<![-\w])color:(#[0-9a-f]{3,6})", css)
    }
    grounds = {"#ffffff", named["tint"], "#fdf4e3"}
    for text in texts:
        for ground in grounds:
            assert contrast(text, ground) >= LIMIT, (text, ground)
    printed = css[css.index("@media print{\n") :]
    assert "color:" not in re.sub(r"print-color-adjust:\w+", "", printed).replace("color:#55626b", "")


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_page_needs_no_script_no_host_and_little_room(page: tuple[str, str]) -> None:
    html = page[1]
    tags = read(html).tags
    assert {tag for tag, _ in tags}.isdisjoint({"script", "link", "iframe", "object", "form", "base"})
    assert not any(name.startswith("on") for _, attrs in tags for name in attrs)
    assert len(html.encode()) < 3_000_000


@pytest.mark.parametrize("case", CASES)
def test_the_summary_of_every_case_is_easy_to_read(case: str) -> None:
    html = page_of(case_facts(case), "sv", "summary")
    assert lix(plain(html[html.index("<main>") :])) <= 45
