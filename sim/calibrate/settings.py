"""How calibration is done, as `params/calibration.yaml` says.

Public names: `Settings` and `load_settings`.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.core.paths import root
from sim.policy.documents import checked, read_document
from sim.policy.estimates import POINTS

Moment = Literal["af_stock_share", "stativ_share", "households_share"]
MOMENTS: tuple[Moment, ...] = ("af_stock_share", "stativ_share", "households_share")
"""What a municipality is fitted to; each pins down the parameter of the same place in `MUNICIPAL`."""

Share = Annotated[float, Field(gt=0.0, lt=1.0)]


class Discrepancy(BaseModel):
    """What the model is not expected to hit, standard deviation in logs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    af_stock_share: Share
    stativ_share: Share
    households_share: Share


class Settings(BaseModel):
    """Everything but figures and priors that an estimate rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    residents: Annotated[int, Field(ge=1_000, strict=True)]
    first_wave: Annotated[int, Field(ge=20, le=POINTS, strict=True)]
    check: Annotated[int, Field(ge=20, le=POINTS, strict=True)]
    miss: Share
    known: Share
    season_own: Share
    implausible: Annotated[float, Field(ge=2.0, le=6.0)]
    discrepancy: Discrepancy


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file, or of the project.

    Raises:
        SamspelError: The file is missing, or a key or value is not allowed.
    """
    path = root() / "params" / "calibration.yaml" if path is None else path
    return checked(Settings, read_document(path), path)
