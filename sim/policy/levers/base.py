"""What every lever is: typed settings, a declared set of channels, a dated dip, and what it costs.

Public names: `Lever`, `CostRate` and `setting` (declares one setting: neutral value, bounds, unit, labels).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.policy.channels import Channel
from sim.policy.starting import StartingPosition
from sim.policy.tracks import Track

Effects = Mapping[str, float]
CostKind = Literal["staff", "premises", "places", "meetings", "investment"]
CostUnit = Literal[
    "month",
    "once",
    "client",
    "af_client",
    "plan",
    "place_in_use",
    "association_place",
    "subsidised_place",
    "track_participant",
    "sfi_participant",
    "education_participant",
    "duty_participant",
    "outreach_contact",
]


@dataclass(frozen=True)
class CostRate:
    """One cost of a lever at full strength, per unit and month (once: in all).

    Units: a client is planned by the unit, an af_client registered with AF, both in the target group; a
    plan and an outreach_contact are paid when made; the rest per person in the month.

    indexed: the amount is in 2018's prices of staff and follows the cost index; otherwise in the case's own.
    ramps: it grows with the roll-out; a cost per place in use does not, since the places themselves do.
    """

    label_sv: str
    kind: CostKind
    unit: CostUnit
    sek: float
    indexed: bool
    ramps: bool


class Lever(BaseModel):
    """One thing that a municipality or the employment service can set; all defaults together are neutral."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ClassVar[str]
    label_sv: ClassVar[str]
    label_en: ClassVar[str]
    text_en: ClassVar[str]
    evidence: ClassVar[tuple[str, ...]]
    grade: ClassVar[Literal["A", "B", "C"]]
    channels: ClassVar[frozenset[Channel]]
    parameters: ClassVar[tuple[str, ...]]
    """Names of the uncertain parameters that it reads."""
    exclusive: ClassVar[bool] = False
    """Whether two instances at once in one municipality would contradict each other: then it is an error."""

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity; a channel left out is neutral."""
        raise NotImplementedError

    def disruption(
        self, effects: Effects, start: StartingPosition, months_since_start: int
    ) -> dict[Channel, float]:
        """Return the channel values of the dip that the change itself causes, in a month after it."""
        return {}

    def track(self, effects: Effects, start: StartingPosition, fidelity: float) -> Track | None:
        """Return the job track that the lever sets up, without name, dates and target group, or None."""
        return None

    def cohort_months(self) -> tuple[int, ...]:
        """Return the months after the start in which a cohort of its track begins."""
        return ()

    def runs_on(self) -> int:
        """Return the months that those in a track go on after the instance's end."""
        return 0

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return what the lever costs at full strength, apart from wages, which the ledger pays."""
        raise NotImplementedError


def setting(
    neutral: float | str | tuple[str, ...] | None,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str,
    sv: str,
    en: str,
) -> Any:
    """Declare a setting: neutral value (None: as it is today), bounds, unit and labels."""
    labels = {"unit": unit, "label_sv": sv, "label_en": en}
    return Field(default=neutral, ge=low, le=high, json_schema_extra=dict(labels))
