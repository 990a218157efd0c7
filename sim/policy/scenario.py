"""Scenarios: what nobody in the municipality controls, such as demand for labour.

Every file ``params/scenarios/*.yaml`` holds ``label_sv``, ``label_en`` and ``priors`` (format of
`sim.policy.priors`, part: scenario), one for each name in `WORLD`.

Public names: `Scenario`, `WORLD`, `load_scenario`, `scenario_names`.
"""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.core.errors import input_error
from sim.core.paths import root
from sim.policy.documents import checked, read_document
from sim.policy.priors import Prior

WORLD = ("demand_multiplier", "arrivals_multiplier")
"""What a scenario says of the world: newly created vacancies, and newcomers a month, against the usual."""


class Scenario(BaseModel):
    """The world around a case, as uncertain parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label_sv: str
    label_en: str
    priors: tuple[Prior, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _the_whole_world(self) -> Self:
        if any(prior.part != "scenario" for prior in self.priors):
            raise ValueError("part: scenario in each prior")
        names = [prior.name for prior in self.priors]
        if sorted(names) != sorted(WORLD):
            raise ValueError(f"priors: {', '.join(WORLD)}, once each (these are {', '.join(names)})")
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
