"""What a run needs, as typed values: the model opens no file.

Public names: `ModelInputs` (one municipality), `Area` (those run together), `AreaPolicy` and `alone`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.core.errors import input_error
from sim.data.margins import Margins
from sim.policy.compiled import CompiledPolicy
from sim.policy.institutions import Institutions


@dataclass(frozen=True)
class ModelInputs:
    """One municipality's inputs apart from its policy.

    Attributes:
        municipality: Code, four digits.
        start: Month number of the first month of the horizon.
        horizon: Months to simulate after the burn-in.
        margins: Population to meet at the start.
        season: Inflow to AF relative to its mean by calendar month, shape (12,).
        institutions: Dated rules at the start.
        parameters: Values of all parameters of one draw, by name.
        root_seed: Seed of the experiment.
        replication: Index of chance.
        burn_in: Months before the start, with tightness held at its reference.
        size: Residents aged 16-64 to simulate; None means one for one.
    """

    municipality: str
    start: int
    horizon: int
    margins: Margins
    season: tuple[float, ...]
    institutions: Institutions
    parameters: Mapping[str, float]
    root_seed: int = 1
    replication: int = 0
    burn_in: int = 60
    size: int | None = None


@dataclass(frozen=True)
class Area:
    """Municipalities that are run together, and how much the residents of one seek work in another.

    Attributes:
        places: One municipality each, with the same start, horizon, burn-in, seed and replication.
        ties: Share of search by municipality of residence and of the job, shape (n, n); rows sum to one.
    """

    places: tuple[ModelInputs, ...]
    ties: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        count = len(self.places)
        if len(self.ties) != count or any(len(row) != count for row in self.ties):
            raise input_error("area", "ties", self.ties, f"{count} rows of {count} shares")
        times = {(p.start, p.horizon, p.burn_in, p.root_seed, p.replication) for p in self.places}
        if len(times) != 1:
            raise input_error(
                "area", "places", len(times), "one start, horizon, burn-in, seed and replication"
            )
        if any(abs(sum(row) - 1.0) > 1e-9 or min(row) < 0.0 for row in self.ties):
            raise input_error("area", "ties", self.ties, "shares from 0 to 1 that sum to one in each row")

    @property
    def first(self) -> ModelInputs:
        """Return the first municipality, whose times hold for all."""
        return self.places[0]


@dataclass(frozen=True)
class AreaPolicy:
    """One policy as the municipalities of an area have it, in their order; None where it does not reach."""

    name: str
    places: tuple[CompiledPolicy | None, ...]


def alone(inputs: ModelInputs) -> Area:
    """Return the area of a municipality that is run by itself."""
    return Area((inputs,), ((1.0,),))
