"""Labour-market regions that are run by themselves: the same results in any order, process or company."""

from pathlib import Path

import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.data.municipalities import municipalities, municipality
from sim.experiment.canonical import frame_hash
from sim.experiment.cases import case_experiment
from sim.experiment.definition import Experiment
from sim.experiment.regions import run_together
from sim.experiment.run import Results, run_experiment
from sim.experiment.tables import AREA
from sim.experiment.totals import TOTAL, main_effects, main_series
from sim.model.inputs import Area, ModelInputs
from sim.policy.case import Case, load_case
from sim.policy.casefile import parse_case

TOWNS = ("0480", "1273", "0481", "0765", "2418")
"""Nyköping and Oxelösund are a region, Osby and Älmhult another, Malå is the only one of its here."""


def some(codes: tuple[str, ...] = TOWNS, **changes: object) -> Case:
    document = load_case("sverige").to_document()
    return parse_case("some", {**document, "municipalities": list(codes), "horizon": 5, **changes}, "test")


def small(case: Case, neutral: bool = True) -> Experiment:
    return case_experiment(case, burn_in=12, size=500, neutral=neutral, central_draw=True)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run_experiment(small(some()), 1, folder=tmp_path_factory.mktemp("runs"))


def of(frame: pl.DataFrame, codes: tuple[str, ...]) -> str:
    return frame_hash(frame.filter(pl.col("municipality").cast(pl.String).is_in(codes)))


def test_the_case_of_the_country_holds_every_municipality_once() -> None:
    case = load_case("sverige")
    assert case.municipalities == tuple(one.code for one in municipalities()) and not case.policy
    assert case.to_document()["municipalities"] == "all"
    assert parse_case("sverige", case.to_document(), "again") == case


def test_regions_are_run_smallest_first_and_then_from_the_largest_down() -> None:
    case = load_case("sverige")
    persons = {one.code: 1 + number for number, one in enumerate(municipalities())}
    markets = run_together(case, persons)
    sizes = [sum(persons[code] for code in one.municipalities) for one in markets]
    assert sizes[0] == min(sizes) and sizes[1:] == sorted(sizes[1:], reverse=True)
    assert sorted(code for one in markets for code in one.municipalities) == sorted(persons)
    assert all(len({municipality(code).fa_code for code in one.municipalities}) == 1 for one in markets)
    assert len({one.label for one in markets}) == len(markets) == len({m.fa_code for m in municipalities()})
    assert all(one.large for one in markets)


def test_other_cases_are_one_market() -> None:
    for name, label in (("nykoping", "0480"), ("monsteras", AREA)):
        case = load_case(name)
        (market,) = run_together(case, dict.fromkeys(case.municipalities, 1))
        assert (market.label, market.municipalities, market.large) == (label, case.municipalities, False)


def test_what_would_be_sought_in_another_region_stays_at_home() -> None:
    for task in small(some()).tasks:
        if isinstance(task.inputs, ModelInputs):
            assert task.municipality == task.inputs.municipality == "2418"
        else:
            inside = task.values["commuting_inside"]
            home, away = zip(*task.inputs.ties, strict=True)
            assert home == pytest.approx((1.0 - inside, inside)) and away == pytest.approx(home[::-1])


def test_each_region_is_filed_by_its_code_and_every_municipality_by_its_own(results: Results) -> None:
    assert results.failed.is_empty()
    found = set(results.series["municipality"].cast(pl.String).unique())
    regions = {f"fa{municipality(code).fa_code}" for code in ("0480", "1273")}
    assert found == {*TOWNS, *regions}
    assert set(results.runs["municipality"].cast(pl.String)) == {*regions, "2418"}


def test_neither_processes_nor_the_order_of_the_list_change_a_value(results: Results, tmp_path: Path) -> None:
    turned = run_experiment(small(some(TOWNS[::-1])), 2, folder=tmp_path)
    assert frame_hash(turned.series) == frame_hash(results.series)
    assert frame_hash(turned.effects) == frame_hash(results.effects)


def test_a_region_is_the_same_by_itself(results: Results, tmp_path: Path) -> None:
    for codes in (("0480", "0481"), ("2418",)):
        alone = run_experiment(small(some(codes)), 1, folder=tmp_path)
        assert of(alone.series, codes) == of(results.series, codes)
    together = some(("0480", "0481"), search_across_regions=True)
    shared = run_experiment(small(together), 1, folder=tmp_path)
    values = [one.series.drop("run_id") for one in (shared, results)]  # the runs are filed under other names
    assert of(values[0], ("0480", "0481")) == of(values[1], ("0480", "0481"))


def test_a_policy_that_changes_nothing_has_no_effect_anywhere(results: Results) -> None:
    moved = results.effects.filter(pl.col("indicator") != "unchanged", pl.col("difference") != 0)
    assert moved.is_empty() and not results.effects.is_empty()
    assert main_effects(results.effects, results.runs)["mean"].abs().max() == 0.0


def test_the_country_is_the_sum_of_its_municipalities(results: Results) -> None:
    series = main_series(results.series, results.runs)
    total = series.filter(pl.col("municipality") == TOTAL).sort("policy", "indicator", "month")
    keys = ["policy", "indicator", "month"]
    places = series.filter(pl.col("municipality") != TOTAL)
    summed = places.group_by(keys).agg(pl.col("mean").sum()).sort(keys)
    assert set(places["municipality"]) == set(TOWNS)
    assert total["mean"].to_list() == pytest.approx(summed["mean"].to_list())
    employed = results.series.filter(
        pl.col("indicator") == "employed", pl.col("group") == "all", pl.col("month") == 5
    ).with_columns(pl.col("municipality", "policy").cast(pl.String))
    expected = employed.filter(pl.col("municipality").is_in(TOWNS), policy="baseline")["value"].sum()
    found = total.filter(indicator="employed", month=5, policy="baseline")["mean"].item()
    assert found == expected > 0


def test_what_the_payers_pay_is_benefits_and_measures_without_taxes(results: Results) -> None:
    month = results.series.filter(
        pl.col("municipality") == "2418", pl.col("month") == 3, pl.col("policy") == "baseline"
    )
    flows = {row["indicator"]: row["value"] for row in month.iter_rows(named=True) if row["group"] == "all"}
    paid = {
        row["indicator"]: row["mean"]
        for row in main_series(results.series, results.runs)
        .filter(municipality="2418", month=3, policy="baseline")
        .iter_rows(named=True)
    }
    assert paid["paid_funds"] == pytest.approx(flows["flow_insurance"])
    kinds = ("place_wage", "assistance", "assistance_administration", "study_cost")
    assert paid["paid_municipality"] == pytest.approx(sum(flows[f"flow_{kind}"] for kind in kinds))
    assert paid["paid_state"] > 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"municipalities": "every"}, "a list of names or four-digit codes, or all"),
        ({"search_across_regions": "no"}, "true or false"),
        ({"compare_with": "all"}, "a list of names or four-digit codes."),
    ],
)
def test_a_case_of_regions_is_refused_when_it_says_something_else(
    changes: dict[str, object], says: str
) -> None:
    with pytest.raises(SamspelError, match=says):
        parse_case("some", {**load_case("sverige").to_document(), **changes}, "test")


def test_regions_by_themselves_share_no_job_track() -> None:
    tracks = next(
        one for one in load_case("sydostra-skane").to_document()["policy"] if one["lever"] == "job_tracks"
    )
    tracks = {key: value for key, value in tracks.items() if key != "municipalities"}
    tracks |= {"decided": "2016-12", "start": "2017-02"}
    with pytest.raises(SamspelError, match="one labour-market region"):
        some(policy=[tracks])
    within = some(("0480", "0481"), policy=[tracks])
    assert isinstance(case_experiment(within, 1, burn_in=12, size=300).tasks[0].inputs, Area)
