"""The headline figures are whole, printed with their errors, and equal to the committed file."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from sim.calibrate.statistics.mix import age_mix, longterm_share
from sim.calibrate.statistics.relations import bas_over_af, bas_season, stativ_on_af
from sim.calibrate.statistics.result import Estimated, StageOne, identification
from sim.calibrate.statistics.stage import USED, data_vintage, stage_one, write_stage_one
from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.data.tables import table

COMMITTED = Path("params") / "estimates" / "national.yaml"


def _figure(name: str, estimate: float = 0.5) -> Estimated:
    return Estimated(
        name=name,
        label_sv="Andel",
        label_en="Share",
        unit="share",
        estimate=estimate,
        se=0.1,
        n=12,
        period="2018",
        method="counting",
        identified_by="Identified by counting.",
        diagnostics={"r2": 0.25},
    )


def test_a_result_prints_itself_and_finds_its_figures() -> None:
    stage = StageOne((_figure("one"), _figure("another", 2.0)), ("af_stock",), "0123")
    assert "one             0.5        0.1     12  2018" in stage.summary()
    assert stage.figure("another").estimate == 2.0
    assert "0.5 (s.e. 0.1) share; n = 12, 2018" in stage.figure("one").summary()
    assert "r2 0.25" in stage.figure("one").summary()
    with pytest.raises(SamspelError, match=r"figure = 'anothr' is not allowed.*Did you mean 'another'"):
        stage.figure("anothr")


def test_what_identifies_a_figure_is_said_once() -> None:
    assert identification(bas_season).startswith("Identified by twelve months of one year")
    with pytest.raises(ValueError, match="no paragraph that begins with 'Identified by'"):
        identification(_figure)


def test_writing_rounds_and_replaces_whole_files(tmp_path: Path) -> None:
    stage = StageOne((_figure("one", 0.123456789),), ("af_stock",), "0123")
    path = write_stage_one(tmp_path / "new" / "national.yaml", stage)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["vintage"] == "0123"
    assert content["figures"]["one"]["estimate"] == 0.12346
    assert list(path.parent.iterdir()) == [path]


def test_the_vintage_follows_the_tables(copied: Path) -> None:
    before = data_vintage(USED)
    stativ = copied / "stativ.csv"
    stativ.write_bytes(stativ.read_bytes().replace(b"\n", b"\r\n"))
    assert data_vintage(USED) == before
    stativ.write_bytes(stativ.read_bytes() + b"9999,2021,1.0\n")
    assert data_vintage(USED) != before
    stativ.unlink()
    with pytest.raises(SamspelError, match=r"stativ.csv: cannot be read"):
        data_vintage(USED)


def test_the_committed_file_is_of_these_tables() -> None:
    content = yaml.safe_load((root() / COMMITTED).read_text(encoding="utf-8"))
    assert content["vintage"] == data_vintage(USED), "run write_stage_one: the tables have changed"
    assert content["tables"] == list(USED)
    for name, figure in content["figures"].items():
        assert figure["se"] > 0, name
        assert figure["n"] > 1, name
        assert figure["label_sv"] and figure["identified_by"].startswith("Identified by"), name


@pytest.mark.slow
def test_the_committed_figures_are_these_estimates() -> None:
    content = yaml.safe_load((root() / COMMITTED).read_text(encoding="utf-8"))["figures"]
    stage = stage_one()
    assert list(content) == [one.name for one in stage.figures]
    for one in stage.figures:
        assert content[one.name]["estimate"] == pytest.approx(one.estimate, rel=1e-3, abs=1e-5), one.name
        assert content[one.name]["se"] == pytest.approx(one.se, rel=1e-2), one.name
        assert content[one.name]["n"] == one.n


def test_bas_leaves_out_what_the_prior_says() -> None:
    found = bas_over_af()
    assert found.n == 197
    assert (
        found.diagnostics["prior_low"] < found.diagnostics["earnings_share"] < found.diagnostics["prior_high"]
    )


def test_a_made_up_ratio_is_recovered() -> None:
    rng = np.random.default_rng(5)
    af = rng.integers(100, 5000, 150)
    pairs = pl.DataFrame({"af": af, "bas": rng.binomial(af, 0.8)})
    found = bas_over_af(pairs)
    assert abs(found.estimate - 0.8) < 3 * found.se
    with pytest.raises(SamspelError, match="municipalities with both: too few observations, 5"):
        bas_over_af(pairs.head(5))


def test_stativ_rises_less_than_the_stock() -> None:
    slope, ratio = stativ_on_af()
    assert slope.n == 290
    assert slope.estimate + 3 * slope.se < 1
    assert ratio.estimate > 1


def test_ages_make_a_whole() -> None:
    shares = {one.name: one for one in age_mix()}
    ages = [shares[f"bas_share_{band}"].estimate for band in ("16_24", "25_54", "55_64")]
    assert sum(ages) == pytest.approx(1)
    with pytest.raises(SamspelError, match="BAS by age: municipalities: too few observations, 1"):
        age_mix(table("bas_unemployed").filter(code="0480"))


def test_longterm_shares_keep_their_definitions_apart() -> None:
    twelve, six = longterm_share()
    assert twelve.diagnostics["groups"] == 6
    assert twelve.diagnostics["months_apart_mean"] <= 12
    assert six.period == "2007-2016"
    assert abs(twelve.estimate - twelve.diagnostics["country"]) < 3 * twelve.se
