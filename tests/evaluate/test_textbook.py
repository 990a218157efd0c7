"""Published results from public data, and two implementations that must agree where they overlap."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest
from diff_diff import TwoStageDiD
from pysyncon import Dataprep, Synth

from sim.evaluate.estimators.cohorts import bacon_weights, callaway_santanna, event_study, imputation
from sim.evaluate.estimators.result import Point
from sim.evaluate.estimators.single import difference, synthetic_control, synthetic_did
from sim.evaluate.panels.panel import Panel, make_panel

LOUD = pytest.mark.filterwarnings(
    "ignore:::pyfixest", "ignore::pandas.errors.Pandas4Warning", "ignore:The Sat"
)
FOLDER = Path(__file__).parent / "textbook"


@pytest.fixture(scope="module")
def smoking() -> Panel:
    rows = pl.read_csv(FOLDER / "smoking.csv")
    return make_panel(rows, "packs", "packs per person", {"California": 1989})


@pytest.fixture(scope="module")
def wages() -> Panel:
    rows = pl.read_csv(FOLDER / "minimum_wage.csv").with_columns(pl.col("place").cast(pl.String))
    first = dict(rows.filter(pl.col("first") > 0).select("place", "first").unique().iter_rows())
    return make_panel(rows.drop("first"), "employment", "log", first, least_before=1)


@pytest.mark.parametrize(
    ("estimator", "published"), [(synthetic_did, -15.6), (synthetic_control, -19.6), (difference, -27.3)]
)
def test_california_tobacco_is_that_of_arkhangelsky_and_others(
    smoking: Panel, estimator: Callable[[Panel], Point], published: float
) -> None:
    # Table 1 prints one decimal; its synthetic control is regularised a little, ours is not.
    assert estimator(smoking).effect == pytest.approx(published, abs=0.2)


def test_minimum_wage_is_that_of_callaway_and_santanna(wages: Panel) -> None:
    fit = callaway_santanna(wages, anticipation=0)
    assert fit.effect == pytest.approx(-0.0400, abs=5e-5)
    published = {0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
    assert {year: round(fit.path[year], 4) for year in published} == published


def test_sun_abraham_equals_callaway_santanna_with_never_treated_controls(wages: Panel) -> None:
    one, other = callaway_santanna(wages, 0), event_study(wages, 0)
    for year in range(4):
        assert one.path[year] == pytest.approx(other.path[year], abs=1e-10)


def test_imputation_equals_two_stage_differences(wages: Panel) -> None:
    columns = {"outcome": "value", "unit": "place", "time": "period", "first_treat": "first"}
    other = TwoStageDiD().fit(_frame(wages), **columns)
    assert imputation(wages, 0).effect == pytest.approx(other.overall_att, abs=1e-8)


def test_synthetic_control_of_two_packages_agree(smoking: Panel) -> None:
    before = list(smoking.before)
    prepared = Dataprep(
        foo=_frame(smoking), predictors=[], predictors_op="mean", dependent="value", unit_variable="place",
        time_variable="period", treatment_identifier="California", controls_identifier=list(smoking.donors),
        time_predictors_prior=before, time_optimize_ssr=before,
    )  # fmt: skip
    donors, own = prepared.make_outcome_mats(time_period=before)
    other = Synth()
    other.fit(X0=donors, X1=own, Z0=donors, Z1=own, custom_V=np.ones(len(before)))
    after = smoking.at(smoking.after)
    theirs = float((after[0] - np.asarray(other.W) @ after[1:]).mean())
    assert synthetic_control(smoking).effect == pytest.approx(theirs, abs=0.05)


@pytest.mark.slow
@LOUD
def test_bacon_weights_sum_to_one_and_their_mean_is_two_way_fixed_effects(wages: Panel) -> None:
    parts = bacon_weights(wages)
    assert sum(weight for weight, _ in parts.values()) == pytest.approx(1.0)
    rows = _frame(wages)
    rows["d"] = ((rows["first"] > 0) & (rows["period"] >= rows["first"])).astype(float)
    slope = float(pf.feols("value ~ d | place + period", rows).coef()["d"])
    assert sum(weight * effect for weight, effect in parts.values()) == pytest.approx(slope, abs=1e-6)


@pytest.mark.slow
@LOUD
def test_event_study_equals_that_of_pyfixest(wages: Panel) -> None:
    rows = _frame(wages)
    fit = pf.event_study(
        rows, yname="value", idname="place", tname="period", gname="first", estimator="saturated", att=False
    )
    theirs = fit.aggregate(agg="period", weighting="shares")["Estimate"]
    mine = event_study(wages, 0).path
    for year in range(4):
        assert mine[year] == pytest.approx(float(theirs[year]), abs=1e-6)


def _frame(panel: Panel) -> pd.DataFrame:
    return pd.DataFrame(panel.long().to_dict(as_series=False))
