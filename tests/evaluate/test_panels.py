"""Panels of a case: who is compared with whom, and every mistake in a panel told by name."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.data.municipalities import municipality
from sim.data.tables import table
from sim.evaluate.estimators.single import prepath_covariates, prepath_regression
from sim.evaluate.panels.clusters import bordering_groups
from sim.evaluate.panels.covariates import COVARIATES, balance
from sim.evaluate.panels.designs import LEAST_DONORS, borders, case_design, residents, spill_designs
from sim.evaluate.panels.official import case_panel, cohort_panel
from sim.evaluate.panels.panel import make_panel
from sim.policy.case import load_case

TREATED = {
    "monsteras": ("0861",),
    "falkoping": ("1499",),
    "osby": ("1273",),
    "sydostra-skane": ("1286", "1270", "1291", "1265"),
}
CASE_CODES = {"0861", "0821", "0882", "1499", "1273", "0780", "0480", "1286", "1270", "1291", "1265"}


@pytest.mark.parametrize("name", TREATED)
def test_donors_are_no_case_no_neighbour_and_as_many_as_the_treated(name: str) -> None:
    design = case_design(load_case(name))
    assert design.treated == TREATED[name]
    members = [code for group in design.donors.values() for code in group]
    neighbours = {other for code in design.treated for other in municipality(code).neighbours}
    assert not set(members) & (CASE_CODES | neighbours)
    assert len(members) == len(set(members)) == len(design.donors) * len(design.treated)
    assert len(design.donors) >= LEAST_DONORS


def test_a_year_treated_in_part_is_left_out() -> None:
    falkoping, monsteras = (case_panel(case_design(load_case(name))) for name in ("falkoping", "monsteras"))
    assert falkoping.after == (2017, 2018, 2019) and falkoping.before[-1] == 2016
    assert monsteras.after == (2018, 2019) and monsteras.before[-1] == 2016


def test_partners_and_spill_over_are_told_apart() -> None:
    case = load_case("monsteras")
    design = case_design(case)
    assert set(design.partners) == {"0821", "0882"}
    spill = {one.treated[0] for one in spill_designs(case, design)}
    assert spill and not spill & CASE_CODES


def test_a_cluster_is_its_residents_mean() -> None:
    panel = case_panel(case_design(load_case("sydostra-skane")))
    shares = pl.read_csv("data/stativ.csv", schema_overrides={"code": pl.String}).filter(
        pl.col("year") == 2015, pl.col("code").is_in(TREATED["sydostra-skane"])
    )
    value = panel.at([2015])[0, 0]
    assert shares["percent"].min() < value < shares["percent"].max()


def test_groups_border_each_other_and_do_not_depend_on_order() -> None:
    codes = ["1214", "1230", "1231", "1233", "1256", "1257", "1260", "1261", "1262", "1263", "1264", "1266"]
    groups = bordering_groups(codes, borders(), 3)
    assert groups == bordering_groups(list(reversed(codes)), borders(), 3)
    for group in groups:
        reached = {group[0]}
        for _ in group:
            reached |= {other for code in reached for other in borders().get(code, {}) if other in group}
        assert reached == set(group)


def test_pooled_panel_has_seven_treated_with_three_starts() -> None:
    panel = cohort_panel(case_design(load_case(name)) for name in TREATED)
    assert len(panel.treated) == 7
    assert sorted(set(panel.first.values())) == [2017, 2018, 2019]


def test_nykoping_says_which_tables_are_missing() -> None:
    with pytest.raises(SamspelError, match=r"first whole year with the policy is 2024.*Needed: SCB STATIV"):
        case_panel(case_design(load_case("nykoping")), last=2021)


def test_outcomes_without_a_panel_say_what_would_give_one() -> None:
    design = case_design(load_case("falkoping"))
    with pytest.raises(SamspelError, match=r"af_stock.*Arbetsförmedlingen's stock by municipality"):
        case_panel(design, "af_stock")
    with pytest.raises(SamspelError, match="Did you mean 'stativ_share'"):
        case_panel(design, "stativ_shar")


def _rows() -> pl.DataFrame:
    places, years = ("A", "B", "C"), range(2010, 2016)
    return pl.DataFrame(
        [(place, year, float(year - 2000)) for place in places for year in years],
        schema=["place", "period", "value"],
        orient="row",
    )


@pytest.mark.parametrize(
    ("rows", "first", "said"),
    [
        (_rows(), {"A": 2010}, "first treated period of A = 2010"),
        (_rows(), {"A": 2016}, "first treated period of A = 2016"),
        (_rows(), {"A": 2014, "B": 2014, "C": 2014}, "nobody is left to compare with"),
        (_rows(), {"D": 2014}, "treated place = 'D'"),
        (pl.concat([_rows(), _rows().head(1)]), {"A": 2014}, "one row a place and period"),
        (_rows().slice(1), {"A": 2014}, "1 values are missing, the first of A in 2010"),
    ],
)
def test_a_mistake_in_a_panel_is_told(rows: pl.DataFrame, first: dict[str, int], said: str) -> None:
    with pytest.raises(SamspelError) as error:
        make_panel(rows, "y", "points", first)
    assert said in str(error.value)


def test_a_table_of_ones_own_must_hold_every_member_of_a_cluster() -> None:
    design = case_design(load_case("sydostra-skane"))
    rows = pl.read_csv("data/stativ.csv", schema_overrides={"code": pl.String}).select(
        place="code", period="year", value="percent"
    )
    whole = case_panel(design, "stativ_share", rows=rows)
    assert whole.values == pytest.approx(case_panel(design).values)
    lacking = rows.filter(~((pl.col("place") == "1265") & (pl.col("period") == 2014)))
    with pytest.raises(SamspelError, match=r"1265 \(Ystad, .*Sjöbo\) has no value for 2014"):
        case_panel(design, "own", rows=lacking)


def test_covariates_are_those_of_the_tables_before_the_start() -> None:
    design = case_design(load_case("sydostra-skane"))
    panel = case_panel(design)
    assert panel.covariates is not None and panel.covariates.shape == (len(panel.places), len(COVARIATES))
    size, earlier = residents(2018), residents(2013)
    persons = sum(size[code] for code in design.treated)
    assert panel.covariates[0, 0] == pytest.approx(np.log(persons))
    growth = 100 * (persons / sum(earlier[code] for code in design.treated) - 1)
    assert panel.covariates[0, 1] == pytest.approx(growth)
    rates = table("municipal_tax").filter(year=2018)["percent"].to_numpy()
    assert ((panel.covariates[:, 4] >= rates.min()) & (panel.covariates[:, 4] <= rates.max())).all()


def test_covariates_follow_their_places_into_placebos() -> None:
    panel = case_panel(case_design(load_case("osby")))
    placebo = panel.with_treated(panel.donors[5])
    assert placebo.covariates is not None and panel.covariates is not None
    for row, name in enumerate(placebo.places):
        assert np.array_equal(placebo.covariates[row], panel.covariates[panel.places.index(name)])


def test_balance_is_in_standard_deviations_of_the_donors() -> None:
    panel = case_panel(case_design(load_case("osby")))
    assert panel.covariates is not None
    for k, (name, own, mean, apart) in enumerate(balance(panel)):
        assert name == list(COVARIATES)[k]
        others = panel.covariates[1:, k]
        assert own == panel.covariates[0, k] and mean == pytest.approx(others.mean())
        assert apart == pytest.approx((own - others.mean()) / others.std(ddof=1))


def test_without_covariates_the_regression_is_that_on_the_path() -> None:
    panel = case_panel(case_design(load_case("osby")))
    bare = replace(panel, covariates=None)
    assert prepath_covariates(bare).effect == prepath_regression(panel).effect
    assert prepath_covariates(panel).effect != prepath_regression(panel).effect
