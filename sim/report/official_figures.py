"""One municipality's official figures beside its group and the country, and what stage 1 reads off them.

Public names: `official_figures`, its result `OfficialFigures`, and `COVERED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from sim.calibrate.statistics.level_figures import working_age
from sim.calibrate.statistics.levels import pooled_levels
from sim.calibrate.statistics.season import municipal_seasons
from sim.calibrate.statistics.stage import USED, data_vintage, stage_one
from sim.core.errors import SamspelError
from sim.data.facts import observations
from sim.data.municipalities import Municipality, municipalities, municipality
from sim.data.season import own_season
from sim.data.tables import table
from sim.policy.documents import read_document
from sim.policy.estimates import estimates_folder

COVERED: Final[Mapping[str, tuple[str, str, int]]] = {
    "AF stock, months of 2018": ("af_stock", "2018", 12),
    "AF stock, months of 2022": ("af_stock", "2022", 12),
    "STATIV share, 2010-2021": ("stativ_share", "20", 12),
    "BAS unemployed, months of 2023": ("bas_unemployed", "2023", 12),
    "Assistance households, any month of January-August 2017": ("assistance_households_month", "2017", 1),
    "Assistance households in the year 2017": ("assistance_households_year", "2017", 1),
    "Assistance cost and unemployment (Stockholm county panel)": (
        "assistance_paid_sek_per_inhabitant",
        "20",
        1,
    ),
}
"""Indicator, beginning of its periods and fewest periods that count as having it, by what is published."""


@dataclass(frozen=True)
class OfficialFigures:
    """What is published of one municipality, and what is estimated from all that is.

    Attributes:
        place: The municipality.
        estimates: Stage 1's headline figures by name: label_en, unit, estimate, se, n, period, method,
            identified_by, diagnostics.
        vintage: Hash of the tables that they were estimated from.
        recomputed: They were estimated now, not read.
        levels: The pooled levels of all municipalities (`sim.calibrate.statistics.levels.pooled_levels`).
        season: Columns month, own, pooled, low, high (90 %): log deviations of the AF stock in 2018.
    """

    place: Municipality
    estimates: Mapping[str, Mapping[str, Any]]
    vintage: str
    recomputed: bool
    levels: pl.DataFrame
    season: pl.DataFrame

    @property
    def current(self) -> bool:
        """Return whether the estimates rest on the tables as they are."""
        return self.vintage == data_vintage(USED)

    @property
    def group(self) -> list[str]:
        """Return the codes of the municipality's SKR group, itself among them."""
        return [one.code for one in municipalities() if one.skr_group == self.place.skr_group]

    def of(self, indicator: str, starts: str = "") -> pl.DataFrame:
        """Return the municipality's own figures of an indicator: period, value."""
        rows = observations(indicator).filter(
            pl.col("code") == self.place.code, pl.col("period").str.starts_with(starts)
        )
        return rows.select("period", "value").sort("period")

    @cached_property
    def stativ(self) -> pl.DataFrame:
        """STATIV shares by year: the municipality, its group and the country; columns line, year, value.

        Those of several municipalities are means weighted by residents aged 20-64 in September 2018.
        """
        rows = table("stativ").join(working_age().select("code", "residents_20_64"), on="code")
        weight = pl.col("residents_20_64")
        mean = (pl.col("percent") * weight).sum() / weight.sum()
        parts = [
            (self.place.name, rows.filter(code=self.place.code)),
            ("its group", rows.filter(pl.col("code").is_in(self.group))),
            ("the country", rows),
        ]
        return pl.concat(
            part.group_by("year")
            .agg(value=mean)
            .sort("year")
            .select(pl.lit(name).alias("line"), "year", "value")
            for name, part in parts
        )

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """Whether each municipality has each of `COVERED`: columns code, name and one for each."""
        found = pl.DataFrame(
            {
                "code": [one.code for one in municipalities()],
                "name": [one.name for one in municipalities()],
            }
        )
        for what, (indicator, starts, fewest) in COVERED.items():
            have = (
                observations(indicator)
                .filter(pl.col("period").str.starts_with(starts))
                .group_by("code")
                .len()
                .filter(pl.col("len") >= fewest)
            )
            found = found.with_columns(pl.col("code").is_in(have["code"].to_list()).alias(what))
        return found


def official_figures(municipality: str = "0480", recompute: bool = False) -> OfficialFigures:
    """Return the official figures of a municipality, and what stage 1 says of it and of all.

    Args:
        municipality: Code or name.
        recompute: Estimate stage 1's headline figures anew; otherwise those that are kept are read.

    Raises:
        SamspelError: The municipality is unknown, or no estimates are kept.
    """
    place = _place(municipality)
    estimates, vintage = _estimated() if recompute else _kept()
    pooled = municipal_seasons().filter(code=place.code).sort("month")
    return OfficialFigures(
        place,
        estimates,
        vintage,
        recompute,
        pooled_levels(),
        pooled.select(
            "month",
            own=pl.Series(own_season(place.code)),
            pooled="season",
            low=pl.col("season") - 1.645 * pl.col("se"),
            high=pl.col("season") + 1.645 * pl.col("se"),
        ),
    )


def _place(code_or_name: str) -> Municipality:
    return municipality(code_or_name, "notebook parameters")


def _estimated() -> tuple[dict[str, dict[str, Any]], str]:
    found = stage_one()
    return {one.name: dict(vars(one)) for one in found.figures}, found.vintage


def _kept() -> tuple[dict[str, dict[str, Any]], str]:
    path = estimates_folder() / "national.yaml"
    document = read_document(path)
    if not isinstance(document, dict) or not isinstance(document.get("figures"), dict):
        raise SamspelError(f"{path}: has no figures. Allowed: what stage 1 writes; or recompute = True.")
    return document["figures"], str(document.get("vintage", ""))
