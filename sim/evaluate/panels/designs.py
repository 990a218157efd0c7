"""Who is treated from when in a case, and which municipalities it may be compared with.

Public names: `CaseDesign`, `case_design`, `spill_designs`, `borders`, `residents`,
`municipalities_of_cases`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import polars as pl

from sim.core.errors import SamspelError
from sim.data.municipalities import municipalities, municipality
from sim.data.tables import table
from sim.evaluate.panels.clusters import bordering_groups
from sim.evaluate.settings import load_settings
from sim.policy.case import Case
from sim.policy.casefile import case_paths, load_case

_SETTINGS: Final = load_settings()
DONORS: Final = _SETTINGS.donors.most
"""Comparison units taken, the nearest by residents: small places vary more by chance than large ones."""
LEAST_DONORS: Final = _SETTINGS.donors.least
"""Below this a placebo rank says little: its smallest p-value is 1 / (donors + 1)."""


@dataclass(frozen=True)
class CaseDesign:
    """The comparison that an evaluation of a case rests on.

    Attributes:
        name: Name of the treated unit: its municipality, or several with commas between.
        treated: Codes of the municipalities where the first levers start, one treated cluster.
        start: First month of the policy, ``YYYY-MM``.
        first: First year that is treated as a whole.
        left_out: The year treated in part, if there is one.
        partners: Municipalities of the case that follow later or in part; they are no donors.
        neighbours: Border neighbours of the treated, where spill-over is looked for; no donors.
        donors: Groups of municipalities as large as the treated cluster, by name.
        excluded: Why each municipality that is no donor is none, by code.
    """

    case: str
    name: str
    treated: tuple[str, ...]
    start: str
    first: int
    left_out: tuple[int, ...]
    partners: tuple[str, ...]
    neighbours: tuple[str, ...]
    donors: Mapping[str, tuple[str, ...]]
    excluded: Mapping[str, str]


def case_design(case: Case, donors: int = DONORS) -> CaseDesign:
    """Return the design of a case, from its file and the map alone: no outcome is looked at.

    Treated are the municipalities of the levers that start first. A first year that is not whole is left out.
    Donors are no municipality of any case, no forerunner and no neighbour of the treated; a treated cluster
    of k is compared with clusters of k that border each other. Of these the nearest in residents are taken,
    none three times as large or a third as large as long as `LEAST_DONORS` are left, and the case's official
    peers where each stands alone.

    Raises:
        SamspelError: The case has no policy, or too few donors are left.
    """
    if not case.policy:
        raise SamspelError(
            f"{case.name}: has no policy, so there is nothing to evaluate. Allowed: a case with one."
        )
    start = min(instance.start for instance in case.policy)
    firsts = [set(one.municipalities or case.municipalities) for one in case.policy if one.start == start]
    leading = min(firsts, key=len)  # what a whole case shares says nothing of who leads
    treated = tuple(code for code in case.municipalities if code in leading)
    partners = tuple(code for code in case.municipalities if code not in treated)
    neighbours = _neighbours(treated)
    excluded = _excluded(case, treated, partners, neighbours)
    year, month = int(start[:4]), int(start[5:])
    name = ", ".join(municipality(code).name for code in treated)
    return CaseDesign(
        case=case.name,
        name=name,
        treated=treated,
        start=start,
        first=year if month == 1 else year + 1,
        left_out=() if month == 1 else (year,),
        partners=partners,
        neighbours=tuple(code for code in neighbours if code not in partners),
        donors=_donors(case, treated, excluded, donors),
        excluded=excluded,
    )


def spill_designs(case: Case, design: CaseDesign) -> tuple[CaseDesign, ...]:
    """Return the design of each border neighbour as if treated: what spills over is seen there."""
    return tuple(
        replace(
            design,
            name=municipality(code).name,
            treated=(code,),
            donors=_donors(case, (code,), design.excluded, len(design.donors)),
        )
        for code in design.neighbours
        if code not in municipalities_of_cases()
    )


def _neighbours(treated: tuple[str, ...]) -> tuple[str, ...]:
    around = {other for code in treated for other in municipality(code).neighbours}
    return tuple(sorted(around - set(treated)))


def _excluded(
    case: Case, treated: tuple[str, ...], partners: tuple[str, ...], neighbours: tuple[str, ...]
) -> dict[str, str]:
    reasons = dict(_SETTINGS.forerunners)
    for code, other in municipalities_of_cases().items():
        reasons[code] = f"a municipality of the case {other}"
    reasons |= {code: "borders on the treated" for code in neighbours}
    reasons |= {code: "takes part in the case later or in part" for code in partners}
    reasons |= {code: "treated" for code in treated}
    return dict(sorted(reasons.items()))


@cache
def municipalities_of_cases() -> dict[str, str]:
    """Return the case of each municipality that has one; the country as a case is none."""
    known = len(municipalities())
    cases = [load_case(name) for name in case_paths()]
    return {
        code: case.name for case in cases if len(case.municipalities) < known for code in case.municipalities
    }


def _donors(
    case: Case, treated: tuple[str, ...], excluded: Mapping[str, str], count: int
) -> dict[str, tuple[str, ...]]:
    free = [one.code for one in municipalities() if one.code not in excluded]
    size = residents(int(case.start[:4]) - 1)
    groups = bordering_groups(free, borders(), len(treated))
    if len(groups) < LEAST_DONORS:
        raise SamspelError(
            f"{case.name}: {len(groups)} comparison units are left. Allowed: at least {LEAST_DONORS}, so "
            "that a placebo rank can say something."
        )
    own = math.log(sum(size[code] for code in treated))

    def far(group: tuple[str, ...]) -> float:
        peer = len(group) == 1 and group[0] in case.compare_with
        return 0.0 if peer else abs(math.log(sum(size[code] for code in group)) - own)

    nearest = sorted(groups, key=lambda group: (far(group), group))[:count]
    alike = [group for group in nearest if far(group) <= math.log(_SETTINGS.donors.farthest)]
    chosen = alike if len(alike) >= LEAST_DONORS else nearest[:LEAST_DONORS]
    return {_named(group): group for group in sorted(chosen)}


def _named(group: tuple[str, ...]) -> str:
    return "-".join(municipality(code).name for code in group)


@cache
def borders() -> dict[str, dict[str, int]]:
    """Return kilometres of shared border by municipality and neighbour."""
    borders: dict[str, dict[str, int]] = {}
    for code, neighbour, km in (
        table("neighbours").select("code", "neighbour_code", "shared_border_km").iter_rows()
    ):
        borders.setdefault(code, {})[neighbour] = km
        borders.setdefault(neighbour, {})[code] = km
    return borders


@cache
def residents(year: int) -> dict[str, float]:
    """Return residents at the end of a year, or of the last earlier year that is published."""
    rows = table("population_december").filter(pl.col("year") <= year).sort("year")
    return dict(
        rows.group_by("code", maintain_order=True).agg(pl.col("persons").last().cast(pl.Float64)).iter_rows()
    )
