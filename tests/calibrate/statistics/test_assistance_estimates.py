"""The published panel gives the known elasticity; made-up panels give theirs back; bad ones are refused."""

import numpy as np
import polars as pl
import pytest

from sim.calibrate.statistics.elasticity import assistance_elasticity
from sim.calibrate.statistics.origin import origin_shares
from sim.calibrate.statistics.unit_cost import unit_costs
from sim.core.errors import SamspelError
from sim.data.tables import table

PAID = "assistance_paid_sek_per_inhabitant"
UNEMPLOYED = "unemployed_or_programme_percent_16_64"


def _panel(elasticity: float, seed: int, places: int = 40, years: int = 12) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    unemployed = rng.normal(1.4, 0.3, (places, 1)) + rng.normal(0, 0.2, (places, years))
    paid = 6 + elasticity * unemployed + rng.normal(0, 0.4, (places, 1)) + rng.normal(0, 0.1, (1, years))
    paid = paid + rng.normal(0, 0.15, (places, years))
    return pl.DataFrame(
        {
            "code": np.repeat([f"{place:04d}" for place in range(places)], years),
            "year": np.tile(np.arange(2005, 2005 + years), places),
            PAID: np.exp(paid).ravel(),
            UNEMPLOYED: np.exp(unemployed).ravel(),
        }
    )


def test_the_known_elasticity_comes_out_of_the_official_panel() -> None:
    found = assistance_elasticity()
    assert found.estimate == pytest.approx(0.52, abs=0.005)
    assert found.diagnostics["se_without_correction"] == pytest.approx(0.15, abs=0.005)
    assert found.se == pytest.approx(0.157, abs=0.005)
    assert (found.n, found.period, found.diagnostics["groups"]) == (415, "2003-2018", 26)
    assert "association" in found.identified_by
    assert "s.e. 0.16" in found.summary()


@pytest.mark.parametrize("elasticity", [0.0, 0.5])
def test_a_made_up_elasticity_is_recovered(elasticity: float) -> None:
    found = assistance_elasticity(_panel(elasticity, seed=3))
    assert abs(found.estimate - elasticity) < 3 * found.se
    assert found.se < 0.05


def test_rows_in_another_order_change_nothing() -> None:
    panel = _panel(0.5, seed=4)
    assert assistance_elasticity(panel.reverse()) == assistance_elasticity(panel)


def test_panels_without_information_are_refused() -> None:
    panel = _panel(0.5, seed=5)
    with pytest.raises(SamspelError, match="municipality-years with both figures: too few observations, 48"):
        assistance_elasticity(panel.head(48))
    with pytest.raises(
        SamspelError, match=r"municipalities \(clusters\): too few observations, 6. Allowed: at"
    ):
        assistance_elasticity(panel.head(72))
    with pytest.raises(SamspelError, match=r"is constant in every municipality \(4.0 in 0000\)"):
        assistance_elasticity(panel.with_columns(pl.lit(4.0).alias(UNEMPLOYED)))
    twice = pl.concat([panel, panel.head(1).with_columns(pl.lit(1.0).alias(PAID))])
    with pytest.raises(SamspelError, match=f"code 0000, year 2005 has two values of {PAID}, 1.0 and "):
        assistance_elasticity(twice)


def test_unit_cost_grows_as_it_was_made_to() -> None:
    rows = [
        (code, year, level * np.exp(0.05 * (year - 2017)))
        for code, level in (("0000", 50_000.0), ("0480", 53_000.0))
        for year in (2017, 2019, 2020, 2024)
    ]
    exact = pl.DataFrame(rows, ["code", "year", "value"], orient="row")
    rng = np.random.default_rng(2)
    country, nykoping, growth = unit_costs(
        exact.with_columns(pl.col("value") * np.exp(rng.normal(0, 0.01, 8)))
    )
    assert abs(growth.estimate - 0.05) < 3 * growth.se
    assert abs(country.estimate - 50_000) < 3 * country.se
    assert nykoping.name == "assistance_unit_cost_nykoping"
    with pytest.raises(SamspelError, match="SEK per household-year: figures: too few observations, 3"):
        unit_costs(exact.head(3))
    twice = pl.concat([exact, exact.head(1).with_columns(value=pl.lit(1.0))])
    with pytest.raises(SamspelError, match=r"code 0000, year 2017 has two values of value, 1.0 and 50000.0"):
        unit_costs(twice)


def test_origin_of_households_is_pooled_and_filled_in() -> None:
    shares = origin_shares()
    assert shares.height == 290
    assert shares["pooled"].is_between(0, 1).all()
    known = shares.drop_nulls("official")
    assert known.height == 283
    nykoping = shares.filter(code="0480").row(0, named=True)
    assert nykoping["pooled"] == pytest.approx(nykoping["official"], abs=0.01)
    missing = shares.filter(pl.col("official").is_null())
    assert (missing["pooled"] == missing["without"]).all()


def test_origin_with_few_municipalities_is_refused() -> None:
    some = table("assistance_households").filter(pl.col("code").is_in(["0480", "0481", "0482"]))
    with pytest.raises(SamspelError, match="municipalities with both origins: too few observations, 3"):
        origin_shares(some)
