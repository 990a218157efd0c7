"""What a run needs, as typed values: the model opens no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.data.margins import Margins
from sim.policy.institutions import Institutions


@dataclass(frozen=True)
class ModelInputs:
    """One run's inputs apart from its policy.

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
