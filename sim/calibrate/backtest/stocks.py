"""The stock of registered unemployed in 2018, and the residents and national series of 2022.

Public names: `Stocks`, `read_stocks`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibrate.backtest.panel import Floats
from sim.core.errors import SamspelError
from sim.data.municipalities import municipalities
from sim.data.tables import table

BASE: Final = 2018
"""The last year of municipal stocks that a forecaster may see."""
TARGET: Final = 2022
"""The year whose months are predicted."""
MONTHS: Final = tuple(f"{TARGET}-{month:02d}" for month in range(1, 13))
"""The months that are predicted."""

_AGES = ("age_16_17", "age_18_19", *(f"age_{low}_{low + 4}" for low in range(20, 65, 5)))


@dataclass(frozen=True)
class Stocks:
    """What is known of the stock when 2022 is predicted; no municipality's stock of 2022 is in it."""

    codes: tuple[str, ...]
    logs: Floats
    """Log of persons registered at the end of each month of 2018 [municipality, month] (AF)."""
    fallback: NDArray[np.bool_]
    """Months of 2018 are missing: the stock is that of the SKR group, per resident."""
    spread: Floats
    """Standard deviation of the log stock that comes from the fallback; 0 where the months are published."""
    residents_base: Floats
    """Residents aged 16-64 in September 2018 (SCB)."""
    residents_target: Floats
    """Residents aged 16-64 in September 2022 (SCB)."""
    nation_base: Floats
    """Persons of the whole country, January to December 2018 (AF)."""
    nation_target: Floats
    """Persons of the whole country, January to December 2022 (AF): a national series, known."""


def read_stocks() -> Stocks:
    """Return the stocks of all municipalities; incomplete ones are replaced by their SKR group.

    Raises:
        SamspelError: The country lacks a month, or no municipality of a group has all months.
    """
    codes = tuple(one.code for one in municipalities())
    frame = pl.DataFrame({"code": codes})
    logs = _logs_of_base(frame)
    ages = table("population").with_columns(persons=pl.sum_horizontal(_AGES))
    residents = {
        year: frame.join(
            ages.filter(month=f"{year}-09").group_by("code").agg(pl.col("persons").sum()),
            on="code",
            how="left",
            maintain_order="left",
        )["persons"]
        .to_numpy()
        .astype(np.float64)
        for year in (BASE, TARGET)
    }
    membership = frame.join(table("skr_membership"), on="code", how="left", maintain_order="left")
    filled, fallback, spread = _filled(logs, np.log(residents[BASE]), membership["group_code"].to_numpy())
    return Stocks(
        codes=codes,
        logs=filled,
        fallback=fallback,
        spread=spread,
        residents_base=residents[BASE],
        residents_target=residents[TARGET],
        nation_base=_nation(BASE),
        nation_target=_nation(TARGET),
    )


def _logs_of_base(frame: pl.DataFrame) -> Floats:
    """Return log stocks [municipality, month], NaN where none above 0 is published."""
    names = [f"{BASE}-{month:02d}" for month in range(1, 13)]
    rows = table("af_stock").filter(pl.col("month").is_in(names), pl.col("persons") > 0)
    wide = frame.join(
        rows.pivot(on="month", on_columns=names, index="code", values="persons"),
        on="code",
        how="left",
        maintain_order="left",
    )
    logs: Floats = np.log(wide.select(names).cast(pl.Float64).fill_null(float("nan")).to_numpy())
    return logs


def _filled(
    logs: Floats, log_residents: Floats, groups: NDArray[np.str_]
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Give each incomplete municipality the mean log share of its group, with the group's spread."""
    fallback = np.isnan(logs).any(axis=1)
    shares = logs - log_residents[:, None]
    filled, spread = logs.copy(), np.zeros(len(logs))
    for place in np.flatnonzero(fallback):
        peers = shares[~fallback & (groups == groups[place])]
        if len(peers) < 2:
            raise SamspelError(
                f"data/af_stock.csv: two municipalities of group {groups[place]} need all months of {BASE}."
            )
        filled[place] = log_residents[place] + peers.mean(axis=0)
        spread[place] = peers.mean(axis=1).std(ddof=1)
    return filled, fallback, spread


def _nation(year: int) -> Floats:
    rows = table("af_stock").filter(pl.col("month").str.starts_with(str(year)), code="0000").sort("month")
    if rows.height != 12:
        raise SamspelError(f"data/af_stock.csv: the country (0000) needs all twelve months of {year}.")
    return rows["persons"].to_numpy().astype(np.float64)
