"""Which municipalities of a case are run together: all of them, or each labour-market region by itself.

Public names: `run_together` and `Market`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.data.municipalities import municipality
from sim.experiment.tables import AREA
from sim.policy.case import Case


@dataclass(frozen=True)
class Market:
    """Municipalities that are run together.

    Attributes:
        label: What their sums are filed under: the municipality's own code where there is one, ``area`` for
            the whole case, or ``fa`` and the code of the region.
        municipalities: Codes, in the order of the case, or sorted where regions are run by themselves.
        large: Whether it is a part of a case whose parts differ much in size.
    """

    label: str
    municipalities: tuple[str, ...]
    large: bool = False


def run_together(case: Case, persons: Mapping[str, int]) -> list[Market]:
    """Return the case's markets in the order to run them; the order of its list makes no difference.

    The smallest comes first, on which all others wait for the compiled code; then from the largest down, so
    that no process is left with a large one at the end.

    Args:
        case: The case.
        persons: Residents aged 16-64 by code.
    """
    if case.search_across_regions:
        return [_market(case.municipalities, AREA)]
    regions: dict[str, list[str]] = {}
    for code in case.municipalities:
        regions.setdefault(municipality(code).fa_code, []).append(code)
    markets = [_market(tuple(sorted(codes)), f"fa{fa}", True) for fa, codes in regions.items()]
    markets.sort(key=lambda one: (-sum(persons[code] for code in one.municipalities), one.label))
    return [*markets[-1:], *markets[:-1]]


def _market(codes: tuple[str, ...], label: str, large: bool = False) -> Market:
    return Market(label if len(codes) > 1 else codes[0], codes, large)
