"""The explorer without a browser: its widgets are driven as a user would, on a small town."""

import base64
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from openpyxl import load_workbook

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.experiment.explore.draft import placed_case
from sim.experiment.explore.pairs import Sample
from sim.experiment.explore.refine import Target
from sim.policy.case import load_case
from sim.policy.levers.registry import LEVERS, settings_of
from sim.report.explorer.app import Explorer
from sim.report.explorer.levers import GROUPS
from sim.report.explorer.notebook import explorer
from sim.report.explorer.printed import Printed
from sim.report.explorer.saving import ReportMaker
from sim.report.explorer.words import Say
from sim.report.numbers import rounded
from sim.report.parameters import default_parameters, given
from sim.report.words import LANGUAGES

NOTEBOOK = root() / "notebooks" / "01_explore.ipynb"
PATIENCE = 120.0


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Explorer]:
    case = placed_case("nykoping", "Bjurholm", horizon=12)
    made = Explorer(
        "nykoping",
        case,
        "sv",
        Target(half_width=1e9, pairs=10),
        tmp_path,
        sample=Sample(pairs=2, persons=600, burn_in=24),
        processes=1,
    )
    yield made
    made.close()


@pytest.fixture
def still(app: Explorer, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Return an explorer that does not refine."""
    app.refinement.cancel()
    monkeypatch.setattr(app.refinement, "start", lambda *_: None)
    return app


def test_the_notebook_has_the_parameters_of_its_function_and_no_loops() -> None:
    assert set(default_parameters(NOTEBOOK)) == set(explorer.__annotations__) - {"return"}
    cells = nbformat.read(NOTEBOOK, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert not any(
        word in source for source in code for word in ("def ", "class ", "lambda", "for ", "while ")
    )
    assert [cell.id for cell in cells] == [str(number) for number in range(len(cells))]


def test_unknown_and_wrong_parameters_are_refused() -> None:
    defaults = default_parameters(NOTEBOOK)
    with pytest.raises(SamspelError, match="Did you mean 'municipality'"):
        given({**defaults, "In": ['# Parameters\nmunicipalty = "0480"\n']}, explorer)
    with pytest.raises(SamspelError, match=r"municipality = 480.*a text"):
        given({**defaults, "municipality": 480}, explorer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lang": "fi"}, "lang = 'fi'"),
        ({"case": "nykopng"}, "Did you mean 'nykoping'"),
        ({"municipality": "Växsjö"}, "Did you mean 'Växjö'"),
        ({"half_width": 0.0}, "half_width = 0.0"),
        ({"pairs": 3}, "pairs = 3"),
        ({"start": "soon"}, "YYYY-MM"),
    ],
)
def test_bad_parameters_are_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SamspelError, match=re.escape(said)):
        explorer(**change)


def test_every_lever_and_setting_has_its_widget_with_label_unit_and_evidence(still: Explorer) -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(LEVERS)
    for name, lever in LEVERS.items():
        control = still.levers.control(name)
        control.active.value = True
        assert lever.label_sv in control.active.description and lever.grade in control.active.description
        rows = settings_of(name)
        assert [one.name for one in control.settings] == [row["setting"] for row in rows]
        for one, row in zip(control.settings, rows, strict=True):
            assert row["label_sv"] in one.input.description
            if hasattr(one.input, "min"):
                low, high = (float(end.replace(",", "")) for end in row["bounds"].split(" to "))
                assert low == one.input.min < one.input.max <= high
    assert "kan inte" not in still.controls.status.value


def test_a_new_lever_at_rest_states_nothing_but_its_dates(still: Explorer) -> None:
    for name in LEVERS:
        control = still.levers.control(name)
        if not control.active.value:
            control.active.value = True
            assert set(control.entry("2023-09")) == {"lever", "start", "ramp_months", "fidelity"}


def test_the_widgets_state_the_case_that_they_were_given(still: Explorer) -> None:
    """Moving nothing changes nothing: the ranges of the case are those on the sliders."""
    assert still.answer is not None
    assert still.answer.case == placed_case("nykoping", "Bjurholm", horizon=12)


def test_levers_in_use_come_first_and_no_lever_means_no_effect(still: Explorer) -> None:
    used = [control.active.value for control in still.levers.controls]
    assert used == sorted(used, reverse=True)
    for control in still.levers.controls:
        control.active.value = False
    assert still.answer is not None and not still.answer.case.policy
    assert all(not band.high.any() and not band.low.any() for band in still.answer.effects.values())
    assert "0 av 3 i bruk" in still.levers.box.children[0].description


def test_a_slider_redraws_and_the_page_says_what_it_rests_on(still: Explorer) -> None:
    before = still.controls.page.value
    still.levers.control("municipal_placements").settings[0].input.value = (20.0, 40.0)
    assert still.answer is not None
    placements = next(one for one in still.answer.case.policy if one.lever == "municipal_placements")
    assert str(placements.settings["places"]) == "low=20.0 high=40.0"
    assert still.controls.page.value != before
    page = still.controls.page.value
    assert "2 par av världar" in page and "procent av invånarna" in page
    assert re.search(r"Räknat på \d", still.controls.status.value)
    images = re.findall(r"<img[^>]*>", still.controls.page.value)
    assert len(images) >= 5 and all(re.search(r'alt="[^"]{40,}"', image) for image in images)


def test_each_picture_has_its_table(still: Explorer) -> None:
    few = still.controls.page.value.count("<table")
    still.controls.tables.value = True
    pictures = still.controls.page.value.count("<img")
    assert still.controls.page.value.count("<table") >= few + pictures


def test_refinement_takes_over_with_everybody(app: Explorer) -> None:
    app.refinement.wait(PATIENCE)
    assert app.answer is not None and app.answer.share == 1.0 and app.answer.pairs == 10
    assert "Färdigt" in app.controls.page.value and "alla invånare" in app.controls.page.value
    assert "Undanträngda" in app.controls.page.value and "i ett urval" not in app.controls.page.value
    assert "I bruk efter 1 år" in app.levers.control("municipal_placements").queues.value


def test_stopping_keeps_the_last_answer(app: Explorer) -> None:
    app.controls.stop.click()
    answer = app.answer
    app.refinement.wait(PATIENCE)
    assert app.answer is answer and "Avbrutet" in app.controls.page.value


def test_the_language_changes_everywhere(still: Explorer) -> None:
    still.controls.language.value = "en"
    assert still.controls.begin.label == "Jobbtorg and the employment service as one team"
    assert "Rough answer" in still.controls.page.value and 'lang="en"' in still.controls.page.value
    control = still.levers.control("municipal_placements")
    assert "Practice places" in control.active.description
    assert "Places at a time" in control.settings[0].input.description
    assert still.controls.save.description == "Save as policy"
    assert "in use" in still.levers.box.children[0].description
    still.controls.language.value = "sv"
    assert "Grovt svar" in still.controls.page.value


def test_places_without_their_kinds_are_told_and_the_answer_stays(still: Explorer) -> None:
    control = still.levers.control("municipal_placements")
    page, answer = still.controls.page.value, still.answer
    control.active.value = False
    control.active.value = True
    for _ in range(3):  # a new use of the lever, of which nothing is said but the number of places
        control._entry = {}
        control._make()
    page, answer = still.controls.page.value, still.answer
    control.settings[0].input.value = 50.0
    assert "Det går inte att räkna på det här" in still.controls.status.value
    assert "ordinary_share and practice_share" in still.controls.status.value
    assert "Traceback" not in still.controls.status.value
    assert still.controls.page.value == page and still.answer is answer


@pytest.mark.parametrize("start", ["i höst", "1999-01", ""])
def test_a_bad_start_is_told(still: Explorer, start: str) -> None:
    answer = still.answer
    still.controls.start.value = start
    if start:
        assert "går inte att räkna" in still.controls.status.value and still.answer is answer
    else:
        assert "Räknat" in still.controls.status.value


def test_an_unexpected_error_is_told_without_a_traceback(
    still: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(still._pairs, "pairs", broken)
    still.levers.control("coordination").active.value = False
    status = still.controls.status.value
    assert "ZeroDivisionError: by nothing" in status and "Traceback" not in status


def test_another_municipality_and_scenario_are_answered(still: Explorer) -> None:
    assert len(still.controls.place.options) == 290
    places = still.levers.control("municipal_placements").settings[0].input
    places.value = (20.0, 40.0)
    still.controls.place.value = "2425"
    still.controls.scenario.value = "recession"
    assert still.answer is not None
    assert still.answer.case.municipalities == ("2425",) and still.answer.case.scenario == "recession"
    moved = next(one for one in still.answer.case.policy if one.lever == "municipal_placements")
    assert str(moved.settings["places"]) == "low=20.0 high=40.0"


def test_up_to_four_policies_are_compared(still: Explorer) -> None:
    still.controls.keep.click()
    assert "minst tre tecken" in still.controls.status.value
    for name in ("ett", "två", "tre", "fyra", "fem"):
        still.controls.name.value = name
        still.controls.keep.click()
    assert list(still.kept) == ["ett", "två", "tre", "fyra"]
    assert "Fyra förslag jämförs redan" in still.controls.status.value
    assert "två" in still.controls.comparison.value
    still.controls.name.value = "ett"
    still.controls.keep.click()
    assert "bytt" in still.controls.status.value
    still.controls.scenario.value = "boom"
    assert not still.kept
    still.controls.clear.click()
    assert "Inga förslag" in still.controls.comparison.value


def test_a_policy_is_saved_whole_and_never_replaced_unasked(still: Explorer, tmp_path: Path) -> None:
    still.controls.save.click()
    assert "minst tre tecken" in still.controls.status.value
    still.controls.name.value = "Nyköping"
    still.controls.save.click()
    assert "färdiga fallen" in still.controls.status.value
    still.controls.name.value = "Fler platser i Åre"
    still.controls.save.click()
    path = tmp_path / "fler-platser-i-are.yaml"
    assert f"Sparat: {path}" in still.controls.status.value
    case = load_case(path)
    assert case.title == case.texts("en").title == "Fler platser i Åre" and still.answer is not None
    assert case.policy == still.answer.case.policy and case.horizon == 12
    first = path.read_bytes()
    still.levers.control("coordination").active.value = False
    still.controls.save.click()
    assert "finns redan" in still.controls.status.value and path.read_bytes() == first
    still.controls.replace.value = True
    still.controls.save.click()
    assert "Skrivet över" in still.controls.status.value and path.read_bytes() != first


def test_a_report_is_made_of_the_saved_policy(
    still: Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str, int]] = []

    def make(_: object, path: Path, lang: str, pairs: int, made: Any, failed: Any) -> None:
        asked.append((path, lang, pairs))
        (made if len(asked) == 1 else lambda text, _: failed(text))("somewhere.html", 12.0)

    monkeypatch.setattr(ReportMaker, "make", make)
    still.controls.report.click()
    assert "Spara förslaget först" in still.controls.status.value and not asked
    still.controls.name.value = "ett förslag"
    still.controls.save.click()
    still.levers.control("coordination").active.value = False
    still.controls.report.click()
    assert "Spara förslaget först" in still.controls.status.value and not asked
    still.controls.replace.value = True
    still.controls.save.click()
    still.controls.report.click()
    assert asked == [(tmp_path / "ett-forslag.yaml", "sv", 0)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_taken_along_as_text_picture_and_workbook(still: Explorer, language: str) -> None:
    still.controls.language.value = language
    still.controls.take.click()
    taken, shown = still.controls.taken.value, still.controls.page.value
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", taken, re.DOTALL)[1])  # type: ignore[index]
    assert ("Bjurholm" in text and "2023-09" in text and " 2 par " in text) or " 2 pairs " in text
    image = base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', taken)[1])  # type: ignore[index]
    assert image.startswith(b"\x89PNG") and len(image) > 20_000
    found = re.search(r'download="(samspel-2403-2023-09.xlsx)" href="data:[^,]*,([^"]+)"', taken)
    assert found is not None
    book = load_workbook(io.BytesIO(base64.b64decode(found[2])))
    assert still.answer is not None
    assert len(book.sheetnames) == 9  # people displaced are not told of a sample
    say = Say(language)
    printed = Printed(still.answer, say)
    sheet = book[say("indicators.employed")]
    month, mean, low, high = (cell.value for cell in sheet[sheet.max_row])
    assert month == "2024-08" and sheet.max_row == 3 + 12
    band, rounding = still.answer.effects["employed"], printed.rounding("employed")
    ends = (band.mean, band.low, band.high)
    assert [mean, low, high] == [rounded(float(values[-1]), rounding) for values in ends]
    interval = printed.interval(band, 12, rounding)
    assert interval in text and interval in unescape(shown)
    still._refined(still._turn, still.answer, last=True)
    assert still.controls.taken.value == taken, "a better answer of the same does not take it away"
    still.levers.control("coordination").active.value = False
    assert not still.controls.taken.value


def test_what_the_report_command_says_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    maker = ReportMaker()
    maker.make(tmp_path / "borta.yaml", "sv", 0, lambda path, _: told.append(path), told.append)
    maker.wait(PATIENCE)
    assert len(told) == 1 and "there is no such file" in told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_complete(language: str) -> None:
    text = (Path(__file__).parents[3] / "sim" / "report" / "explorer" / "words.yaml").read_text("utf-8")
    entries = yaml.safe_load(text)
    about = entries.pop("about")
    assert set(about) == set(LEVERS)

    def texts(entry: Any) -> Iterator[dict[str, str]]:
        if set(entry) <= {"sv", "en"}:
            yield entry
        else:
            for inner in entry.values():
                yield from texts(inner)

    found = list(texts(entries))
    assert len(found) > 100 and all(isinstance(one[language], str) for one in found)
    say = Say(language)
    schemas = [lever.model_json_schema()["properties"].values() for lever in LEVERS.values()]
    units = {setting["unit"] for schema in schemas for setting in schema}
    assert units <= set(entries["units"])
    assert say.when(12) != say.when(24) != say.when(18)
