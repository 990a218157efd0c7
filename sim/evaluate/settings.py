"""How reforms are evaluated, as `params/evaluation.yaml` says.

Public names: `Settings` and `load_settings`.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sim.core.paths import root
from sim.policy.documents import checked, read_document

Count = Annotated[int, Field(ge=2, strict=True)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Donors(_Part):
    """Which places a treated one is compared with."""

    most: Count
    least: Count
    farthest: Annotated[float, Field(gt=1.0)]


class Stress(_Part):
    """How far the world of a trial is from what estimators believe."""

    spill_over: Share
    anticipation: Share
    own_trend: Annotated[float, Field(ge=-1.0, le=1.0)]


class Settings(_Part):
    """What an evaluation takes as given."""

    donors: Donors
    forerunners: dict[str, str]
    stress: Stress


@cache
def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file, or of the project.

    Raises:
        SamspelError: The file is missing, or a key or value is not allowed.
    """
    path = root() / "params" / "evaluation.yaml" if path is None else path
    return checked(Settings, read_document(path), path)
