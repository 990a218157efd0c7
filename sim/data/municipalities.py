"""Find a municipality by code or name, with what is known of its place in the country."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl

from sim.core.errors import input_error
from sim.data.tables import table


@dataclass(frozen=True)
class Municipality:
    """One municipality: its code and name, county, group, labour-market area and neighbours."""

    code: str
    name: str
    county_code: str
    county: str
    skr_group: str
    """Name of the group by population and commuting (SKR)."""
    fa_code: str
    fa_region: str
    """The functional labour-market region (FA)."""
    neighbours: tuple[str, ...]
    """Codes of the municipalities with a shared border."""


def municipality(code_or_name: str, where: object = "municipality") -> Municipality:
    """Return the municipality with this code or name; case and accents do not matter.

    Raises:
        SamspelError: There is none; the nearest name is suggested. ``where`` names the file or option.
    """
    wanted = str(code_or_name).strip()
    known = _register()
    found = known.get(wanted) or known.get(_plain(wanted))
    if found is None:
        names = [one.name for one in municipalities()]
        codes = [one.code for one in municipalities() if one.code[:2] == wanted[:2]]  # of the same county
        allowed = "the name or four-digit code of a municipality"
        raise input_error(where, "municipality", code_or_name, allowed, codes if wanted.isdigit() else names)
    return found


def municipalities() -> tuple[Municipality, ...]:
    """Return all 290, in order of code."""
    return tuple(sorted(set(_register().values()), key=lambda m: m.code))


@cache
def _register() -> dict[str, Municipality]:
    rows = (
        table("municipalities")
        .join(table("counties"), on="county_code", how="left")
        .join(table("skr_membership").join(table("skr_groups"), on="group_code"), on="code", how="left")
        .join(
            table("labour_market_membership").join(table("labour_market_areas"), on="area_code"),
            on="code",
            how="left",
        )
        .sort("code")
    )
    neighbours = _neighbours()
    found: dict[str, Municipality] = {}
    for row in rows.iter_rows(named=True):
        one = Municipality(
            code=row["code"],
            name=row["name"],
            county_code=row["county_code"],
            county=row["county"],
            skr_group=row["group"],
            fa_code=row["area_code"],
            fa_region=row["area"],
            neighbours=neighbours.get(row["code"], ()),
        )
        found[one.code] = one
        found[_plain(one.name)] = one
    return found


def _neighbours() -> dict[str, tuple[str, ...]]:
    pairs = table("neighbours").select("code", "neighbour_code")
    mirrored = pairs.select(code="neighbour_code", neighbour_code="code")
    both = pl.concat([pairs, mirrored]).sort("code", "neighbour_code")
    grouped = both.group_by("code", maintain_order=True).agg("neighbour_code")
    return {code: tuple(others) for code, others in grouped.iter_rows()}


def _plain(name: str) -> str:
    """Return a name in lower case without accents, so that Mönsterås and monsteras are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
