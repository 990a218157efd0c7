"""The main series of a case: people in work, the AF stock, assistance and who pays, summed over the case.

Public names: `main_series`, `main_effects`, `MAIN` and `TOTAL`.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from sim.experiment.summary import levels, summarise
from sim.model.ledger import KINDS, PUBLIC, Party

TOTAL: Final = "total"
"""The municipality under which sums over the whole case are filed."""
_PAYERS = (Party.MUNICIPALITY, Party.REGION, Party.STATE, Party.FUNDS)
MAIN: Final[Mapping[str, tuple[str, str]]] = {
    "employed": ("people in work", "persons"),
    "af_stock": ("registered with AF (AF stock)", "persons"),
    "assistance_households": ("households with social assistance", "households"),
    **{
        f"paid_{payer.name.lower()}": (f"paid out by: {payer.name.lower()}", "kronor a month")
        for payer in _PAYERS
    },
}
"""Label and unit of each main series. Paid out is what a payer pays to persons, employers and suppliers in a
month: benefits, wages, measures and administration, without taxes, tax credits and what public payers move
between themselves."""
_COUNTED = tuple(name for name in MAIN if not name.startswith("paid_"))
_TAX = ("in_work_credit",)
_PAID = {
    f"flow_{kind.name}": f"paid_{kind.payer.name.lower()}"
    for kind in KINDS
    if kind.payer in _PAYERS and kind.payee not in PUBLIC and kind.name not in _TAX
}


def main_series(series: pl.DataFrame | pl.LazyFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return mean, low, high (90 %) and n over draws of each main series, policy, municipality and month.

    The sums over the case are filed under `TOTAL`.

    Args:
        series: The series of an experiment.
        runs: Its runs; what they are filed under adds up to the case.
    """
    return levels(_with_total(_main(series, "value"), runs, "value")).drop("group")


def main_effects(effects: pl.DataFrame | pl.LazyFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the same of what the policy changes in each main series."""
    return summarise(_with_total(_main(effects, "difference"), runs, "difference")).drop("group")


def _main(rows: pl.DataFrame | pl.LazyFrame, value: str) -> pl.DataFrame:
    """Return the rows of the main series, money summed over kinds by payer."""
    everybody = rows.lazy().filter(pl.col("group").cast(pl.String) == "all")
    named = everybody.with_columns(pl.col("indicator", "municipality").cast(pl.String))
    keys = [name for name in named.collect_schema().names() if name not in ("run_id", value)]
    known = named.filter(pl.col("indicator").is_in([*_COUNTED, *_PAID]))
    return (
        known.with_columns(pl.col("indicator").replace(_PAID))
        .group_by(keys)
        .agg(pl.col(value).sum())
        .collect()
    )


def _with_total(rows: pl.DataFrame, runs: pl.DataFrame, value: str) -> pl.DataFrame:
    """Return the rows of municipalities, and their sums over what the runs are filed under."""
    whole = rows.filter(pl.col("municipality").is_in(runs["municipality"].cast(pl.String).unique().to_list()))
    keys = [name for name in rows.columns if name not in ("municipality", value)]
    total = whole.group_by(keys).agg(pl.col(value).sum()).with_columns(municipality=pl.lit(TOTAL))
    places = rows.filter(pl.col("municipality").str.contains(r"^\d{4}$"))
    return pl.concat([places, total.select(places.columns)])
