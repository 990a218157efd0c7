"""The notebook on calibration: what is kept, as it is kept, and what is not there, said."""

import dataclasses
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from sim.calibrate.recovery import complete_recovery
from sim.core.errors import SamspelError
from sim.policy.estimates import MUNICIPAL, POINTS, estimates_folder
from sim.report import belief_page as belief
from sim.report import calibration_page as page
from sim.report.calibration import CalibrationFound, calibration_found
from sim.report.markup import Section

CODES = ("0480", "0780", "0821", "0861", "0882")


def copy(folder: Path, *codes: str) -> Path:
    (folder / "draws").mkdir(parents=True)
    for code in codes:
        shutil.copy(estimates_folder() / f"{code}.yaml", folder)
        shutil.copy(estimates_folder() / "draws" / f"{code}.parquet", folder / "draws")
    return folder


def simulated(sets: int, code: str, processes: int | None, first: int) -> pl.DataFrame:
    """Return sets whose posterior is right: the truth is one of its draws."""
    rows = []
    for number in range(first, first + sets):
        rng = np.random.default_rng(number)
        for name in MUNICIPAL:
            truth = float(np.exp(rng.normal(0.0, 0.5)))
            mean = truth * float(np.exp(rng.normal(0.0, 0.1)))
            rows.append((number, name, truth, mean, mean * np.exp(-0.164), mean * np.exp(0.164),
                int(rng.integers(0, POINTS + 1)), 1.0))  # fmt: skip
    names = ("set", "parameter", "truth", "mean", "low", "high", "rank", "seconds")
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> CalibrationFound:
    """Estimates of five municipalities and no tests."""
    return calibration_found(folder=str(copy(tmp_path_factory.mktemp("bare"), *CODES)))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> CalibrationFound:
    """The same with all tests, and one municipality that fights and borrows a figure."""
    folder = copy(tmp_path_factory.mktemp("full"), *CODES)
    path = folder / "0861.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document |= {"fights": ["take_up_rate"], "fallback": ["households_share"]}
    document["fit"][0] |= {"mean": 2.0 * document["fit"][0]["official"]}
    document["fit"][0] |= {"low": document["fit"][0]["mean"], "high": document["fit"][0]["mean"]}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    complete_recovery(40, folder=folder, recover=simulated)
    keys = {"test": "af_2022", "unit": "persons"}
    scores = [
        {
            **keys,
            "forecaster": name,
            "period": period,
            "n": 20,
            "crps": crps,
            "ratio_persistence": crps / 2.0,
            "cover90": 0.88,
        }
        for name, crps in (("samspel", 1.5), ("persistence", 2.0), ("ar_panel", 1.8))
        for period in ("all", "2022-01")
    ]
    pl.DataFrame(scores).write_csv(folder / "backtest.csv")
    places = [
        {**keys, "forecaster": name, "code": code, "n": 4, "crps": crps * (1.0 + 0.1 * k)}
        for name, crps in (("samspel", 1.5), ("persistence", 2.0))
        for k, code in enumerate(CODES if name == "samspel" else reversed(CODES))
    ]
    pl.DataFrame(places).write_csv(folder / "backtest_municipalities.csv")
    (folder / "backtest.yaml").write_text("calibrated_municipalities: {af_2022: 5}\n", encoding="utf-8")
    (folder / "sensitivity").mkdir()
    shares = [
        {
            "indicator": "employed",
            "month": 48,
            "parameter": name,
            "label_en": f"What {name} is",
            "grade": "C",
            "share": share,
            "total_conf": None if name == "chance" else 0.05,
        }
        for name, share in (("less", 0.1), ("more", 0.6), ("chance", 0.3))
    ]
    pl.DataFrame(shares).write_csv(folder / "sensitivity" / "osby.csv")
    return calibration_found("Oskarshamn", "osby", str(folder))


def alts(shown: Section) -> list[str]:
    found = re.findall(r'<img[^>]*alt="([^"]*)"', shown.html)
    assert len(set(found)) == len(found)
    return found


@pytest.mark.parametrize(
    ("section", "charts"),
    [
        (page.fit, 1),
        (page.learnt, 3),
        (page.identification, 1),
        (page.draws, 3),
        (page.fights, 0),
        (page.unidentified, 0),
        (belief.errors, 5),
        (belief.levels_on_maps, 2),
        (belief.worst, 0),
        (belief.recovery, 7),
        (belief.backtest, 1),
        (belief.sensitivity, 1),
    ],
)
def test_each_section_has_its_charts_with_words_and_a_table(
    section: Callable[[CalibrationFound], Section], charts: int, full: CalibrationFound
) -> None:
    shown = section(full)
    assert len(alts(shown)) == charts
    assert "<table" in shown.html and "nan" not in shown.html.lower().replace("finans", "")


def test_the_fit_marks_targets_and_predictions(bare: CalibrationFound) -> None:
    shown = page.fit(bare)
    row = next(one for one in bare.fit if one["key"] == "bas_2023")
    assert f"<td>prediction</td><td>{row['official']:,.0f}</td><td>{row['mean']:,.0f}</td>" in shown.html
    assert shown.html.count("<tr>") == 1 + len(bare.fit)
    assert "unemployed by BAS 2023, persons (prediction)" in alts(shown)[0]
    assert "of 10 targets and" in shown.html


def test_a_borrowed_figure_and_a_stale_estimate_are_said(
    full: CalibrationFound, monkeypatch: pytest.MonkeyPatch
) -> None:
    borrowed = dataclasses.replace(full, mine=full.all["0861"])
    assert "No figure of its own for assistance households 2017" in page.fit(borrowed).html
    monkeypatch.setattr("sim.report.calibration.changed_since", lambda document: ("data",))
    assert "Stale: data changed since" in page.fit(full).html


def test_posterior_and_prior_are_those_of_the_files(bare: CalibrationFound) -> None:
    shown = page.learnt(bare).html
    for k, name in enumerate(MUNICIPAL):
        kept = bare.mine.document["parameters"][name]
        median = f"{kept['median']:.3g}".rstrip("0")
        assert median in shown
        before, after = bare.densities(k)
        area = np.trapezoid(after["density"].to_numpy(), np.log(after["value"].to_numpy()))
        assert area == pytest.approx(1.0, abs=0.02)
        assert before["value"].to_list() == after["value"].to_list()
        middle = bare.priors[k].quantiles(np.array([0.5]))[0]
        assert np.sign(bare.prior_place(k)) == np.sign(np.median(bare.mine.draws[:, k]) - middle)


def test_elasticities_keep_their_signs(bare: CalibrationFound) -> None:
    shown = page.identification(bare)
    value = bare.mine.document["identification"]["af_stock_share"]["job_finding_reference"]
    assert value < 0 and f"{value:.3f}".rstrip("0")[:5] in shown.html
    assert "Take-up of assistance shows in one figure alone" in shown.html


def test_all_other_parameters_are_listed_as_not_identified(bare: CalibrationFound) -> None:
    shown = page.unidentified(bare).html
    assert f"{len(bare.others)} parameters are not identified" in shown
    assert shown.count("<tr>") == 4 + 1 + len(bare.others)
    assert not {one.name for one in bare.others} & set(MUNICIPAL)


def test_fights_and_the_worst_come_with_a_reason(full: CalibrationFound) -> None:
    assert "<td>1</td>" in page.fights(full).html
    name, key, miss, why = full.worst(1)[0]
    assert (name, key, miss) == (full.all["0861"].document["municipality"], "af_stock_2018", 100.0)
    assert "the group's figure stands in" in why and "take_up_rate" in why and "outside the 90 %" in why
    held = full.worst(10, ("af_stock_2022", "bas_2023"))
    assert len(held) == 5 and all("of its AF stock of 2018, where" in one[3] for one in held)


def test_misses_are_percent_of_the_official_figure(bare: CalibrationFound) -> None:
    row = bare.misses.filter(code="0480", key="stativ_2018").row(0, named=True)
    assert row["miss"] == pytest.approx(100 * (row["mean"] / row["official"] - 1)) and row["inside"]
    assert belief.errors(bare).html.count("held out") >= 2


def test_tests_that_have_not_been_made_name_their_command(bare: CalibrationFound) -> None:
    assert "samspel calibrate --recover 100" in belief.recovery(bare).html
    assert "samspel backtest --write" in belief.backtest(bare).html
    assert "samspel sensitivity nykoping --write" in belief.sensitivity(bare).html


def test_recovery_shows_coverage_ranks_and_what_it_was_made_of(full: CalibrationFound) -> None:
    shown = belief.recovery(full).html
    assert "40 simulated data sets of Högsby" in shown and "have changed since" not in shown
    assert full.recovery is not None
    mine = full.recovery.rows.filter(parameter="entry_level")
    inside = mine.filter(pl.col("truth").is_between(pl.col("low"), pl.col("high"))).height
    assert f"<td>{100 * inside / 40:.0f} %</td>" in shown
    assert shown.count("found = truth") == 0 and "10 classes of ranks outside the band" in shown


def test_ratios_have_an_interval_where_municipalities_are_kept(
    full: CalibrationFound, bare: CalibrationFound
) -> None:
    assert full.backtest is not None
    rows = {row["forecaster"]: row for row in full.backtest.filter(period="all").to_dicts()}
    low, high = full.ratio_interval(rows["samspel"])
    assert low < 0.75 < high < 1.0
    assert full.ratio_interval(rows["ar_panel"]) == (0.9, 0.9)
    assert full.ratio_interval(rows["persistence"]) == (1.0, 1.0)
    assert bare.ratio_interval(rows["samspel"]) == (0.75, 0.75)
    shown = belief.backtest(full).html
    assert "samspel has 75 % of the error of persistence" in shown
    assert "own calibration enters: af_2022 5" in shown and "Made with other data" in shown
    assert "the country's stock of 2022 is known" in shown


def test_sensitivity_is_sorted_and_holds_chance(full: CalibrationFound) -> None:
    shown = belief.sensitivity(full).html
    assert "employed, month 48: more 60 %, chance 30 %" in shown
    assert (
        shown.index("What more is</th>") < shown.index("What chance is</th>") < shown.index("What less is<")
    )


def test_few_estimates_give_no_map(tmp_path: Path) -> None:
    few = calibration_found(folder=str(copy(tmp_path / "few", "0480")))
    assert "at least 5 calibrated municipalities; there are 1" in belief.levels_on_maps(few).html
    assert len(alts(belief.errors(few))) == 5


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"municipality": "Nyköpng"}, "Did you mean 'Nyköping'"),
        ({"municipality": "2584"}, "Kiruna has not been calibrated.*Run: samspel calibrate 2584"),
    ],
)
def test_what_cannot_be_shown_is_refused(given: dict[str, str], says: str, tmp_path: Path) -> None:
    folder = str(copy(tmp_path / "few", "0480"))
    with pytest.raises(SamspelError, match=says):
        calibration_found(**{"folder": folder, **given})


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = copy(tmp_path / "few", "0480")
    (folder / "backtest.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SamspelError, match=r"backtest\.csv.*columns"):
        calibration_found(folder=str(folder))
