"""Co-location: the unit and the employment service work in the same premises."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.levers.disruption import CHANNELS as DIP_CHANNELS
from sim.policy.levers.disruption import PARAMETERS as DIP_PARAMETERS
from sim.policy.levers.disruption import reorganisation_dip
from sim.policy.starting import StartingPosition


class CoLocation(Lever):
    """Move the employment service and the municipal unit into the same premises.

    With s the share of the staff moved in (0 where premises are shared already), a and b the days from need
    to first joint meeting apart and together, and l, d, f drawn cuts in losses and decision days and a drawn
    share of the gain from better activities:

    HANDOVER_DAYS = 1 - s (1 - min(1, b / a)); HANDOVER_LOSS = 1 - s l; DECISION_DAYS = 1 - s d;
    ACTIVITY_FIT = s f. Sitting together never lengthens the way, but the move brings a dip (`disruption`).

    References: NAV_FMR14, JCP_BPV15, JCP_NIESR11, JCP_KAR07, FI_LAFOS, SE_MINAS14.
    """

    name: ClassVar[str] = "co_location"
    label_sv: ClassVar[str] = "Samlokalisering (gemensamma lokaler)"
    label_en: ClassVar[str] = "Co-location (shared premises)"
    text_en: ClassVar[str] = (
        "A person who needs both agencies walks across a corridor instead of waiting for a letter: fewer "
        "days to the first joint meeting, fewer cases lost on the way, perhaps faster decisions and better "
        "choices. No clean Swedish estimate exists. Norway and Britain, which merged more than premises, "
        "lost job entries for one to two years; so the move starts with a dip, and every gain may be nil."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "NAV_FMR14", "JCP_BPV15", "JCP_NIESR11", "JCP_KAR07", "FI_LAFOS", "SE_MINAS14",
    )  # fmt: skip
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    channels: ClassVar[frozenset[Channel]] = DIP_CHANNELS | {
        Channel.HANDOVER_DAYS,
        Channel.HANDOVER_LOSS,
        Channel.DECISION_DAYS,
        Channel.ACTIVITY_FIT,
    }
    parameters: ClassVar[tuple[str, ...]] = (
        "handover_days_apart", "handover_days_shared", "co_location_loss_cut", "co_location_decision_cut",
        "co_location_fit", "dip_months", *DIP_PARAMETERS,
    )  # fmt: skip

    staff_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av personalen som flyttar in", en="Share of the staff who move in",
    )  # fmt: skip
    handover_days: Annotated[float, Strict()] | None = setting(
        None, low=1, high=90, unit="days",
        sv="Dagar till första gemensamma möte (tomt: osäkert, 3-21)",
        en="Days to first joint meeting (empty: uncertain, 3-21)",
    )  # fmt: skip
    premises_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=5_000_000, unit="SEK/month",
        sv="Extra lokalkostnad per månad", en="Extra cost of premises a month",
    )  # fmt: skip
    move_cost: Annotated[float, Strict()] = setting(
        0.0, low=0, high=100_000_000, unit="SEK",
        sv="Flytt och ombyggnad, en gång", en="Moving and rebuilding, once",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        moved = self._moved(start)
        together = effects["handover_days_shared"] if self.handover_days is None else self.handover_days
        ratio = min(1.0, together / effects["handover_days_apart"])
        return {
            Channel.HANDOVER_DAYS: 1.0 - moved * (1.0 - ratio),
            Channel.HANDOVER_LOSS: 1.0 - moved * effects["co_location_loss_cut"],
            Channel.DECISION_DAYS: 1.0 - moved * effects["co_location_decision_cut"],
            Channel.ACTIVITY_FIT: moved * effects["co_location_fit"],
        }

    def disruption(
        self, effects: Effects, start: StartingPosition, months_since_start: int
    ) -> dict[Channel, float]:
        """Return the dip of the move, in proportion to the staff who moved."""
        return reorganisation_dip(effects, months_since_start, self._moved(start), effects["dip_months"])

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the rent and the move, in the case's own prices."""
        return (
            CostRate(
                "Gemensamma lokaler", "premises", "month", self.premises_month, indexed=False, ramps=False
            ),
            CostRate("Flytt och ombyggnad", "investment", "once", self.move_cost, indexed=False, ramps=False),
        )

    def _moved(self, start: StartingPosition) -> float:
        return 0.0 if start.premises == "shared" else self.staff_share
