"""Scenarios: what nobody in the municipality controls, such as demand for labour.

Every file ``params/scenarios/*.yaml`` holds ``label_sv``, ``label_en`` and ``priors`` (format of
`sim.policy.priors`, part: scenario).

Public names: `Scenario`, `load_scenario`, `scenario_names`.
"""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.core.errors import input_error
from sim.core.paths import root
from sim.policy.documents import checked, read_document
from sim.policy.priors import Prior


class Scenario(BaseModel):
    """The world around a case, as uncertain parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label_sv: str
    label_en: str
    priors: tuple[Prior, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _part(self) -> Self:
        if any(prior.part != "scenario" for prior in self.priors):
            raise ValueError("part: scenario in each prior")
        return self


def scenario_names() -> tuple[str, ...]:
    """Return the names of all scenarios, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def load_scenario(name: str, where: object = "scenario", key: str = "scenario") -> Scenario:
    """Return a scenario by name.

    Raises:
        SamspelError: There is none, or its file breaks the format.
    """
    names = scenario_names()
    if name not in names:
        raise input_error(where, key, name, "one of " + ", ".join(names), names)
    path = _folder() / f"{name}.yaml"
    return checked(Scenario, read_document(path), path)


def _folder() -> Path:
    return root() / "params" / "scenarios"
