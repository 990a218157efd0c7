"""The fit card and its headlines: what they say, what they mark, and what they never print."""

import base64
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import yaml
from pages import page_of, plain, read
from synthetic import synthetic_card, synthetic_facts

from sim.cli import main
from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.policy.estimates import estimates_folder
from sim.policy.vintage import made_with
from sim.report.context import Context
from sim.report.fit_card import BOX, box
from sim.report.fit_facts import FitFacts, fit_facts
from sim.report.fit_page import card_page, write_cards
from sim.report.readability import lix

CODE = "0480"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with Nyköping's estimate, made with what is here now, which a test may change."""
    to = tmp_path / "estimates"
    (to / "draws").mkdir(parents=True)
    for name in (f"{CODE}.yaml", f"draws/{CODE}.parquet"):
        shutil.copyfile(estimates_folder() / name, to / name)
    change(to, made_with=made_with())
    return to


def change(folder: Path, **keys: object) -> None:
    path = folder / f"{CODE}.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def text_of(card: FitFacts) -> str:
    return plain(card_page(card)).replace("\xa0", " ")


def rows_of(html: str) -> dict[str, list[str]]:
    """Return the cells of every table row by its header."""
    found = {}
    for row in re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", html):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1])
        found[row[0]] = [re.sub(r"<[^>]+>", "", cell).replace("\xa0", " ") for cell in cells]
    return found


def test_the_card_of_nykoping_shows_each_figure_of_its_estimate_with_its_role(folder: Path) -> None:
    card = fit_facts(CODE, folder)
    html = card_page(card)
    rows = rows_of(html)
    assert rows["Inskrivna arbetslösa, medel 2018 (Arbetsförmedlingen)"][0] == "1 969"
    assert rows["Inskrivna arbetslösa, medel 2018 (Arbetsförmedlingen)"][-1] == "mål"
    assert rows["Hushåll med bistånd under 2017 (Socialstyrelsen)"][-1] == "sedd"
    assert rows["Inskrivna arbetslösa, medel 2022 (Arbetsförmedlingen)"][-1] == "förutsägelse"
    assert card.rows["role"].to_list() == sorted(
        card.rows["role"], key=("target", "looked", "prediction").index
    )
    assert card.rows.height == len(yaml.safe_load((folder / f"{CODE}.yaml").read_text("utf-8"))["fit"])
    assert [one.moment for one in card.fitted] == ["af_stock_share", "stativ_share", "households_share"]
    text = text_of(card)
    for said in ("Ansöker om bistånd, bestäms av hushåll", "om talet blir 10 procent högre", "korrelationen"):
        assert said in text
    assert "gammal" not in text and "breda antaganden" not in text and "Prov på förutsägelser" not in text


def test_the_alt_text_and_the_table_hold_the_same_misses(folder: Path) -> None:
    html = card_page(fit_facts(CODE, folder))
    (picture,) = (attrs for tag, attrs in read(html).tags if tag == "img")
    misses = re.findall(r": (\S+) till (\S+), medelvärde ([^.\s]+)\.", str(picture["alt"]))
    printed = re.findall(r"<td[^>]*>([+−\d]+) <i>\(([+−\d]+) till ([+−\d]+)\)</i></td><td class=\"l\">", html)
    assert len(misses) > 5
    assert [(mean, low, high) for low, high, mean in misses] == printed
    svg = base64.b64decode(str(picture["src"]).split(",", 1)[1]).decode()
    assert "aria-" not in svg and "http" not in svg.replace("http://www.w3.org", "")


def test_a_card_is_a_whole_page_in_swedish_that_asks_no_host(folder: Path) -> None:
    html = card_page(fit_facts(CODE, folder))
    reader = read(html)
    assert ("html", {"lang": "sv"}) in reader.tags
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "link", "iframe", "object"})
    anchors = {attrs.get("id") for _, attrs in reader.tags}
    for _, attrs in reader.tags:
        assert str(attrs.get("src", "data:")).startswith("data:")
        assert attrs.get("href", "#passning-0480") in {f"#{anchor}" for anchor in anchors}
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("table") == tags.count("caption") == 2


def test_only_the_three_fitted_numbers_are_said_to_be_pinned_down(folder: Path) -> None:
    card = fit_facts(CODE, folder)
    text = text_of(card)
    national = sum(n for (part, _), n in card.others.items() if part in ("model", "operator"))
    assert "Inget annat i modellen bestäms av kommunens siffror." in text
    assert f"{national} osäkra tal är gemensamma" in text
    assert "med siffror från Nyköping i sikte" in text


def test_a_stale_estimate_is_said_with_the_command(folder: Path) -> None:
    change(folder, made_with={**made_with(), "model": "0" * 12, "data": "0" * 12})
    text = text_of(fit_facts(CODE, folder))
    assert "Anpassningen till Nyköping är gammal. Sedan dess har statistiken och modellen ändrats." in text
    assert "Kör: samspel calibrate 0480" in text


def test_a_missing_figure_is_said_to_be_the_groups(folder: Path) -> None:
    document = yaml.safe_load((folder / f"{CODE}.yaml").read_text(encoding="utf-8"))
    fit = [row for row in document["fit"] if row["key"] != "households_month_2017"]
    change(folder, fallback=["households_share"], fit=fit, fights=["take_up_rate"])
    card = fit_facts(CODE, folder)
    text = text_of(card)
    assert "Kommunen saknar uppgift om hushåll med ekonomiskt bistånd 2017." in text
    assert f"gruppens siffra ({card.group}), med bredare osäkerhet" in text
    assert "hushåll med ekonomiskt bistånd 2017, gruppens" in text
    assert "Siffrorna drar mot antagandena: ansöker om bistånd" in text
    facts = replace(synthetic_facts(), cards=(card,))
    assert "Hushåll med bistånd 2017" not in plain(box(Context(facts)).html)


def test_a_municipality_without_an_estimate_has_wide_assumptions_and_predictions_only(tmp_path: Path) -> None:
    own = synthetic_facts().fit
    card = fit_facts("0481", tmp_path, own)
    assert not card.calibrated and set(card.rows["role"]) == {"prediction"}
    text = text_of(card)
    assert "Modellen är inte anpassad till Oxelösund. Där räknar den med breda antaganden." in text
    assert "Kör: samspel calibrate 0481" in text and "Tre tal är kommunens egna" not in text
    page = plain(page_of(replace(synthetic_facts(names=("Oxelösund",)), cards=(card,))))
    assert "Rapportens egna körningar" not in page
    assert "anpassad till Oxelösund , där antagandena är breda" in page


def test_counts_below_five_are_nowhere_on_the_card() -> None:
    small = pl.col("key") == "households_month_2017"
    rows = synthetic_card().rows.with_columns(
        official=pl.when(small).then(3.25).otherwise("official"),
        mean=pl.when(small).then(3.75).otherwise("mean"),
        low=pl.when(small).then(1.75).otherwise("low"),
        high=pl.when(small).then(6.0).otherwise("high"),
    )
    card = replace(synthetic_card(), rows=rows)
    html = card_page(card)
    cells = rows_of(html)["Hushåll med bistånd, medel jan–aug 2017 (Socialstyrelsen)"]
    assert (
        cells[0] == "färre än 5" and cells[1].startswith("färre än 5 (färre än 5 till 6") and cells[2] == ""
    )
    assert "Antal under fem" in plain(html)
    (picture,) = (attrs for tag, attrs in read(html).tags if tag == "img")
    assert "Hushåll med bistånd 2017" not in str(picture["alt"])
    assert "färre än 5" in plain(box(Context(replace(synthetic_facts(), cards=(card,)))).html)
    for hidden in ("3,25", "3,75", "1,75"):
        assert hidden not in html


def test_texts_of_the_card_are_escaped() -> None:
    card = replace(synthetic_card(), group="<b>liten</b> & stad", missing=("stativ_share",))
    html = card_page(card)
    assert "<b>liten" not in html and "&lt;b&gt;liten&lt;/b&gt; &amp; stad" in html


def test_numbers_that_hang_together_are_named() -> None:
    text = text_of(synthetic_card())
    assert "Inflödet till arbetslöshet och nivå på jobbchansen hänger ihop (korrelation 0,62)" in text
    assert "ansöker om bistånd hänger ihop" not in text


def test_kept_backtests_are_shown_as_tests_of_prediction(folder: Path) -> None:
    score = {"test": "af_2022", "unit": "per 1,000 residents 16-64", "n": 12, "cover90": 0.75}
    names = {"samspel": 2.0, "persistence": 4.0, "ar_panel": 1.6}
    place = [{**score, "forecaster": name, "code": CODE, "crps": crps} for name, crps in names.items()]
    all_of = [
        {**score, "forecaster": name, "period": "all", "crps": 2 * crps} for name, crps in names.items()
    ]
    elsewhere = [{**row, "code": "0481", "crps": 99.0} for row in place]
    pl.DataFrame([*place, *elsewhere]).write_csv(folder / "backtest_municipalities.csv")
    monthly = [{**row, "period": "2022-01", "crps": 99.0} for row in all_of]
    pl.DataFrame([*all_of, *monthly]).write_csv(folder / "backtest.csv")
    html = card_page(fit_facts(CODE, folder))
    rows = rows_of(html)
    assert rows["Inskrivna 2022, landet känt"] == ["0,50", "1,25", "0,50", "1,25", "75 %"]
    assert "Ett prov på förutsägelse, inte på mekanism" in plain(html)


def test_a_damaged_estimate_is_named(folder: Path) -> None:
    change(folder, monthly_correlation="high")
    with pytest.raises(SamspelError, match=r"0480\.yaml.*monthly_correlation"):
        fit_facts(CODE, folder)


def test_the_headlines_stand_before_every_effect_and_lead_to_the_card() -> None:
    html = page_of(synthetic_facts())
    title = "Så väl stämmer modellen med kommunens egna siffror"
    assert html.index("<h1>") < html.index(title) < html.index("Svaret i korthet")
    assert html.index(title) < html.index("<img")
    assert '<a href="#passning-0480">' in html and 'id="passning-0480"' in html
    assert html.index('<div class="foot">') < html.index('id="passning-0480"') < html.index('id="underlag"')
    head = html[html.index(title) : html.index("Svaret i korthet")]
    shown = plain(head).replace("\xa0", " ")
    for said in ("1 968", "1 953 (1 887 till 2 012)", "11,3", "562", "2 101", "(mål)", "(förutsägelse)"):
        assert said in shown
    assert lix(plain(html[html.index("<main>") : html.index('<div class="underlag')])) <= 45


def test_what_lies_outside_the_interval_is_named_before_the_answer() -> None:
    rows = synthetic_card().rows.with_columns(
        low=pl.when(pl.col("key") == BOX[-1]).then(2200.0).otherwise("low")
    )
    card = replace(synthetic_card(), rows=rows)
    one = plain(box(Context(replace(synthetic_facts(), cards=(card,)))).html)
    assert "Statistiken ligger utanför modellens spann: Inskrivna 2022." in one
    assert "utanför" not in plain(box(Context(synthetic_facts())).html)


def test_several_municipalities_have_a_line_and_a_card_each() -> None:
    names = ("Ystad", "Tomelilla")
    html = page_of(synthetic_facts(names=names))
    head = html[html.index("Så väl stämmer modellen med kommunernas") : html.index("Svaret i korthet")]
    rows = rows_of(head)
    assert list(rows) == list(names)
    assert rows["Ystad"][0] == "1 968 (1 887 till 2 012)"
    assert all(f'id="passning-{code}"' in html for code in ("1286", "1270"))


def test_the_command_writes_cards_and_calibrates_nothing_that_is_current(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / f"{CODE}.yaml").read_bytes()
    out = tmp_path / "cards"
    assert main(["calibrate", CODE, "--show", "--cards", str(out), "--out", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cards"] == [str(out / "fit-0480.html")]
    assert "Nyköping: modellen" in (out / "fit-0480.html").read_text(encoding="utf-8")
    assert (folder / f"{CODE}.yaml").read_bytes() == before
    english = ["calibrate", CODE, "--show", "--cards", str(out), "--out", str(folder), "--json", "--lang"]
    assert main([*english, "en"]) == 0
    assert '<html lang="en">' in (out / "fit-0480.html").read_text(encoding="utf-8")
    assert main([*english, "fi"]) == 2
    capsys.readouterr()
    assert write_cards([CODE], folder, out) == [out / "fit-0480.html"]


def test_a_card_is_made_without_the_model(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sim.report.fit_page import card_page, fit_facts; "
        f"card_page(fit_facts('{CODE}', Path(r'{folder}'))); "
        "heavy = {'numba', 'mesa', 'scipy.stats', 'sklearn'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root())
    assert done.returncode == 0, done.stderr
