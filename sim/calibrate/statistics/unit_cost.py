"""Estimate what a household with social assistance costs in a year, and how fast that grows."""

from typing import Any

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan

from sim.calibrate.statistics.design import design
from sim.calibrate.statistics.figures import enough, once
from sim.calibrate.statistics.result import Estimated, identification
from sim.core.errors import SamspelError
from sim.data.facts import observations

_BASE = 2017
_PLACES = {"0000": "country", "04": "sodermanland", "0480": "nykoping"}
_LABELS = {"country": "riket", "sodermanland": "Södermanlands län", "nykoping": "Nyköping"}
_TOLERANCE = 0.001


def unit_costs(figures: pl.DataFrame | None = None, until: int = 2024) -> tuple[Estimated, ...]:
    r"""Return SEK per assistance household-year in 2017 for each place, and its growth a year.

    .. math:: \log k_{ct} = \alpha_c + g (t - 2017) + e_{ct}

    in current prices. Published cost per household must agree with amount over households where both are
    published.

    Identified by growth over a handful of scattered years, assumed the same in the country, Södermanland
    and Nyköping: the country alone is observed after 2020, so that growth since then is the country's. The
    errors assume independent deviations, of which there are very few.

    Args:
        figures: Columns code, year, value (SEK per household-year), in place of the official figures.
        until: Last year used.

    Raises:
        SamspelError: Too few figures, or figures that contradict each other.
    """
    rows = _official() if figures is None else figures
    rows = once(rows, ["code", "year"], "value", "SEK per household-year").filter(pl.col("year") <= until)
    rows = rows.sort("code", "year").with_columns(time=pl.col("year") - _BASE)
    codes = rows["code"].unique().sort().to_list()
    enough(rows.height, len(codes) + 3, "SEK per household-year: figures")
    years = rows["year"].unique().sort().to_list()
    matrix = design(rows, ("time",), ("code",))
    fit = sm.OLS(rows["value"].log().to_numpy(), matrix.matrix).fit()
    shared: dict[str, Any] = {
        "n": rows.height,
        "period": f"{years[0]}-{years[-1]}",
        "method": "Least squares of the log on the year, one level for each place, one growth for all",
        "identified_by": identification(unit_costs),
        "diagnostics": {
            "r2": float(fit.rsquared),
            "residual_sd": float(np.sqrt(fit.scale)),
            "groups": float(len(codes)),
            "breusch_pagan_p": float(het_breuschpagan(fit.resid, matrix.matrix)[1]),
        },
    }
    levels = []
    for code in codes:
        contrast = np.zeros(len(matrix.names))
        contrast[0] = 1.0
        if code != codes[0]:
            contrast[matrix.column(f"code[{code}]")] = 1.0
        test = fit.t_test(contrast)
        level = float(np.exp(test.effect[0]))
        place = _PLACES.get(code, code)
        levels.append(
            Estimated(
                name=f"assistance_unit_cost_{place}",
                label_sv=f"Ekonomiskt bistånd per hushåll och år, {_LABELS.get(place, place)} {_BASE}",
                label_en=f"Social assistance per household-year, {place} {_BASE}",
                unit="SEK per household-year",
                estimate=level,
                se=level * float(np.squeeze(test.sd)),
                **shared,
            )
        )
    growth = Estimated(
        name="assistance_unit_cost_growth",
        label_sv="Ekonomiskt bistånd per hushåll och år, ökning per år i löpande priser",
        label_en="Social assistance per household-year, growth a year in current prices",
        unit="log points a year",
        estimate=float(fit.params[matrix.column("time")]),
        se=float(fit.bse[matrix.column("time")]),
        **shared,
    )
    return (*levels, growth)


def _official() -> pl.DataFrame:
    """Return published costs per household, checked against amounts over households."""
    parts = {
        name: observations(f"assistance_{name}").select("code", "period", pl.col("value").alias(name))
        for name in ("sek_per_household", "paid_year", "households_year")
    }
    both = parts["sek_per_household"].join(parts["paid_year"], on=["code", "period"], how="left")
    both = both.join(parts["households_year"], on=["code", "period"], how="left").with_columns(
        worked_out=1000 * pl.col("paid_year") / pl.col("households_year")
    )
    off = both.filter((pl.col("worked_out") / pl.col("sek_per_household") - 1).abs() > _TOLERANCE)
    if off.height:
        row = off.row(0, named=True)
        raise SamspelError(
            f"data/facts.csv: assistance_sek_per_household of {row['code']} in {row['period']} is "
            f"{row['sek_per_household']:.0f}, but assistance_paid_year over assistance_households_year is "
            f"{row['worked_out']:.0f}. Allowed: figures that agree within {_TOLERANCE:.1%}."
        )
    return both.select("code", year=pl.col("period").cast(pl.Int64), value="sek_per_household")
