"""What is known of places before a reform, to compare like with like: size, growth, education and tax.

Public names: `COVARIATES`, `covariates_of`, `with_covariates` and `balance`.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from sim.data.tables import table
from sim.evaluate.panels.panel import Floats, Panel

COVARIATES: Final[Mapping[str, str]] = {
    "log_residents": "residents, natural logarithm",
    "growth": "growth of residents over five years, percent",
    "presecondary": "aged 16-74 with compulsory school at most, share",
    "postsecondary": "aged 16-74 with education beyond upper secondary, share",
    "tax": "municipal tax, percent",
}
"""Covariates by name, with what they are; the order of the columns."""
_YEARS_OF_GROWTH = 5


def covariates_of(groups: Mapping[str, tuple[str, ...]], year: int) -> Floats:
    """Return the covariates of places as last published by a year, shape (places, `COVARIATES`).

    Args:
        groups: Municipality codes of each place; a cluster is its residents' mean, and its sum of residents.
        year: The last year that may be used.
    """
    known = _by_municipality(year)
    rows = []
    for codes in groups.values():
        members = known.filter(pl.col("code").is_in(list(codes)))
        persons, earlier = (members[name].to_numpy() for name in ("persons", "earlier"))
        weights = persons / persons.sum()
        rows.append(
            [
                np.log(persons.sum()),
                100 * (persons.sum() / earlier.sum() - 1),
                *(
                    float(weights @ members[name].to_numpy())
                    for name in ("presecondary", "postsecondary", "tax")
                ),
            ]
        )
    return np.array(rows, dtype=np.float64)


def with_covariates(panel: Panel, groups: Mapping[str, tuple[str, ...]], year: int) -> Panel:
    """Return the panel with the covariates of its places; arguments as above."""
    return replace(panel, covariates=covariates_of({name: groups[name] for name in panel.places}, year))


def balance(panel: Panel) -> list[tuple[str, float, float, float]]:
    """Return by covariate: the treated, the donors' mean, and their difference in standard deviations."""
    if panel.covariates is None:
        return []
    treated = np.array([name in panel.first for name in panel.places])
    own, others = panel.covariates[treated].mean(axis=0), panel.covariates[~treated]
    spread = others.std(axis=0, ddof=1)
    return [
        (name, float(own[k]), float(others[:, k].mean()), float((own[k] - others[:, k].mean()) / spread[k]))
        for k, name in enumerate(COVARIATES)
    ]


@cache
def _by_municipality(year: int) -> pl.DataFrame:
    education = _last("education_shares", year).select("code", "presecondary", "postsecondary")
    tax = _last("municipal_tax", year).select("code", tax="percent")
    earlier = _last("population_december", year - _YEARS_OF_GROWTH).select("code", earlier="persons")
    return (
        _last("population_december", year)
        .select("code", "persons")
        .join(earlier, on="code")
        .join(education, on="code")
        .join(tax, on="code")
        .sort("code")
    )


def _last(name: str, year: int) -> pl.DataFrame:
    return table(name).filter(pl.col("year") <= year).sort("year").unique("code", keep="last")
