"""Everything that changes during a run, in one place that can be copied: worlds fork from it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import CELLS, HouseholdColumns, ResidentColumns
from sim.model.layout import copied
from sim.model.ledger import KINDS
from sim.policy.channels import TRIAL_SEGMENTS


@dataclass
class State:
    """Residents, households, vacancies, the unit's staff, and the ledger so far.

    Attributes:
        residents: One typed column per variable.
        households: One typed column per variable.
        vacancies: V by cell at the start of matching, float64.
        openings: v0 by cell, vacancies newly created a month, float64.
        owed: Vacancies by cell that places and subsidised jobs have taken before they were posted, float64.
        filled: q by cell, the share of vacancies filled last month, float64.
        hires: Hires by cell last month, int64.
        moves: Job-to-job hires by cell last month, int64.
        coaches: Coaches of the municipal unit, full-time equivalents.
        clients: Clients of the unit last month.
        queue: Cases that waited for a plan last month.
        segment_clients: Clients of the unit last month by policy segment, int64.
        activity_starts: Entries to training and practice over the last year of the burn-in.
        flows: Ledger so far, one row of öre by kind for each month, int64.
        reference_vacancies: Sum of V by cell over the last year of the burn-in, float64.
        reference_moves: Sum of job-to-job hires by cell over that year, float64.
        reference_clients: Sum of the unit's clients and queue over that year.
        reference_months: Months summed.
    """

    residents: ResidentColumns
    households: HouseholdColumns
    vacancies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    openings: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    owed: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    filled: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    hires: NDArray[np.int64] = field(default_factory=lambda: np.zeros(CELLS, dtype=np.int64))
    moves: NDArray[np.int64] = field(default_factory=lambda: np.zeros(CELLS, dtype=np.int64))
    coaches: float = 1.0
    clients: int = 0
    queue: int = 0
    segment_clients: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(TRIAL_SEGMENTS, dtype=np.int64)
    )
    activity_starts: float = 0.0
    flows: list[NDArray[np.int64]] = field(default_factory=list)
    reference_vacancies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    reference_moves: NDArray[np.float64] = field(default_factory=lambda: np.zeros(CELLS))
    reference_clients: float = 0.0
    reference_months: int = 0

    def copy(self) -> "State":
        """Return an independent copy: one world's future never touches another's."""
        return State(
            residents=copied(self.residents),
            households=copied(self.households),
            vacancies=self.vacancies.copy(),
            openings=self.openings.copy(),
            owed=self.owed.copy(),
            filled=self.filled.copy(),
            hires=self.hires.copy(),
            moves=self.moves.copy(),
            coaches=self.coaches,
            clients=self.clients,
            queue=self.queue,
            segment_clients=self.segment_clients.copy(),
            activity_starts=self.activity_starts,
            flows=[row.copy() for row in self.flows],
            reference_vacancies=self.reference_vacancies.copy(),
            reference_moves=self.reference_moves.copy(),
            reference_clients=self.reference_clients,
            reference_months=self.reference_months,
        )


def empty_flows() -> NDArray[np.int64]:
    """Return a month's ledger row without any payment."""
    return np.zeros(len(KINDS), dtype=np.int64)
