import numpy as np
import polars as pl
import pytest

from sim.calibrate import targets as module
from sim.calibrate.settings import MOMENTS, load_settings
from sim.calibrate.targets import targets
from sim.core.errors import SamspelError
from sim.data.tables import table

CODES = ("0480", "1960")


def levels(missing: dict[str, set[str]]) -> pl.DataFrame:
    rows = [
        {
            "code": code,
            "moment": moment,
            "official": None if moment in missing.get(code, set()) else 0.1,
            "pooled": 0.1,
            "log_sd": 0.05,
            "without": 0.2,
            "without_log_sd": 0.3,
            "group": "C6",
            "n_figures": 1,
        }
        for code in CODES
        for moment in MOMENTS
    ]
    return pl.DataFrame(rows, schema_overrides={"official": pl.Float64})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Leave the mixed models out."""
    seasons = pl.DataFrame(
        {"code": np.repeat(CODES, 12), "month": [*range(1, 13)] * 2, "season": 0.0, "se": 0.01}
    )
    monkeypatch.setattr(module, "municipal_seasons", lambda: seasons)
    monkeypatch.setattr(module, "pooled_levels", lambda: levels({}))
    return monkeypatch


@pytest.mark.usefixtures("quick")
def test_a_published_figure_is_aimed_at_as_it_stands() -> None:
    target = targets(["Nyköping"], load_settings())["0480"]
    assert target.logs == pytest.approx(np.log(np.full(3, 0.1)))
    assert target.missing == ()
    assert target.months == tuple(range(8))
    assert target.sd == pytest.approx([0.01, 0.015, 0.02])


def test_a_missing_figure_is_the_group_s_and_wide(quick: pytest.MonkeyPatch) -> None:
    quick.setattr(module, "pooled_levels", lambda: levels({"1960": {"households_share"}}))
    target = targets(["1960"], load_settings())["1960"]
    assert target.missing == ("households_share",)
    assert np.exp(target.logs[2]) == pytest.approx(0.2)
    assert target.sd[2] > 0.3 > target.sd[0]


def test_too_few_figures_are_refused_with_their_count(quick: pytest.MonkeyPatch) -> None:
    quick.setattr(module, "pooled_levels", lambda: levels({"1960": {"households_share", "stativ_share"}}))
    with pytest.raises(SamspelError, match=r"1960: only 1 of 3 figures .* \(af_stock_share\)"):
        targets(["1960"], load_settings())


def test_a_stock_that_never_changes_is_refused(quick: pytest.MonkeyPatch) -> None:
    stock = pl.DataFrame({"code": "0480", "month": [f"2018-{m:02d}" for m in range(1, 13)], "persons": 100})
    known = table
    quick.setattr(module, "table", lambda name: stock if name == "af_stock" else known(name))
    with pytest.raises(SamspelError, match=r"af_stock.csv: 0480 2018 = \[100\].*months that differ"):
        targets(["0480"], load_settings())


@pytest.mark.usefixtures("quick")
def test_an_unknown_municipality_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match="Nyköping"):
        targets(["Nyköpng"], load_settings())
