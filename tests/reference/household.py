"""Households as plain objects."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference.people import Resident


class Household:
    """Adults who share a home, their children, and where their assistance stands."""

    id: int
    reference: "Resident"
    partner: "Resident | None"
    young_children: int
    old_children: int
    housing: int
    shielded: bool
    assistance: bool
    months: int
    history: list[bool]
    days: float
    owed: int
    paid: int

    @property
    def children(self) -> int:
        return self.young_children + self.old_children
