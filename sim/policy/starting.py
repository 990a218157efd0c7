"""What the municipality does already, before any policy: where a thing is there, adding it does nothing."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1, strict=True)]


class StartingPosition(BaseModel):
    """The unit and its ways of working in the month before the case starts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    caseload: Annotated[float, Field(ge=5, le=200, strict=True)] = 25.0
    """Clients per coach in the municipal unit; where a case states none, ``unit_caseload`` is drawn."""
    premises: Literal["apart", "shared"] = "apart"
    """Whether the unit and the employment service already sit together."""
    coordination: Share = 0.0
    """Share of the joint planning, with a concrete task, that is already practised."""
    assessment: Share = 0.0
    """Share of participants whose skills are already assessed."""
    activation: Share = 0.0
    """Share of the unemployed on assistance who are already under a duty to take part in an activity."""
