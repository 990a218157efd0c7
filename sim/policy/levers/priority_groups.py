"""Priority groups: some go first in every queue."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class PriorityGroups(Lever):
    """Let the target group go first in every queue.

    PRIORITY = 1 for the target group, in the queues for plans, activities and places. No place is added and
    no time: what the group gains in waiting, others lose. Without a target everybody is first, which is
    nobody.

    References: SE_90DAY17 (a promise to one group makes no room; volumes fall short), NL_BKK20 (caseworkers
    differ in whom they help), INT_KLUVE19 (larger gains for the most disadvantaged young).
    """

    name: ClassVar[str] = "priority_groups"
    label_sv: ClassVar[str] = "Prioriterade målgrupper"
    label_en: ClassVar[str] = "Priority groups"
    text_en: ClassVar[str] = (
        "Some groups are first in line for a plan, an activity or a place. It is zero-sum: nothing is added "
        "to what there is, and others wait longer. It pays only if those put first gain more from an early "
        "start than those who wait lose, which nobody has measured in Sweden."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_90DAY17", "NL_BKK20", "INT_KLUVE19")
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.PRIORITY})
    parameters: ClassVar[tuple[str, ...]] = ()

    first: Annotated[bool, Strict()] = setting(
        False, unit="choice",
        sv="Målgruppen går före i kön", en="The target group goes first in the queues",
    )  # fmt: skip
    admin_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=10_000_000, unit="SEK/month",
        sv="Kostnad för administration per månad", en="Cost of administration a month",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        return {Channel.PRIORITY: 1.0} if self.first else {}

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the administration, in the case's own prices."""
        if not self.first:
            return ()
        return (
            CostRate(
                "Prioriterade målgrupper", "staff", "month", self.admin_month, indexed=False, ramps=False
            ),
        )
