"""The labour-market model: the calendar, the municipalities and when a policy changes."""

from collections.abc import Sequence

import mesa
import numpy as np
from mesa.time import Priority
from numpy.typing import NDArray

from sim.core.draws import stream_keys
from sim.model.columns import CELLS
from sim.model.inputs import Area
from sim.model.place import Place
from sim.model.rounds import go_through
from sim.model.rules.steady import catch_up
from sim.model.schedule import SCHEDULE
from sim.model.state import State
from sim.model.tracks import set_up_tracks, track_table
from sim.policy.compiled import CompiledPolicy


class LabourMarketModel(mesa.Model):
    """One world: municipalities, each with a state and a policy (or none), and a month at a time.

    A month is 1.0 unit of time. The model's step runs ``SCHEDULE`` in order. A change of policy is an event
    half a unit before the month in which it first acts, so that it can never come after that month's step.
    """

    def __init__(
        self,
        area: Area,
        states: Sequence[State],
        first_month: int,
        months: int,
        policies: Sequence[CompiledPolicy | None] | None = None,
        held_rates: NDArray[np.float64] | None = None,
    ) -> None:
        """Set up a world.

        Args:
            area: What the run needs apart from its policies.
            states: The state of each municipality to continue from; they are changed.
            first_month: Month number of the first step.
            months: Steps that will be run.
            policies: The policy of each municipality, or None for the baseline.
            held_rates: Hires per unit of search to hold instead of matching, float64, shape (months,
                municipalities, cells), or None.
        """
        super().__init__(rng=0)
        self.area = area
        self.ties: NDArray[np.float64] = np.array(area.ties)
        self.first_month = first_month
        self.month = first_month - 1
        times = area.first
        self.start = times.start
        self.keys_by_month = stream_keys(times.root_seed, times.replication, first_month, months)
        self.keys = self.keys_by_month[0]
        self.held_rates = held_rates
        given = policies if policies is not None else [None] * len(states)
        self.places = [
            Place(self, index, inputs, state, policy, months)
            for index, (inputs, state, policy) in enumerate(zip(area.places, states, given, strict=True))
        ]
        self.rates: NDArray[np.float64] = np.zeros((months, len(self.places), CELLS))
        self.tracks = set_up_tracks(self)
        self.track_table = track_table(self.tracks)
        changes = sorted({month for one in self.places for month in one.changes()})
        for index in changes:
            at = index + (self.start - first_month) + 0.5
            self.schedule_event(self.change_policy, at=at, priority=Priority.HIGH)

    @property
    def burning(self) -> bool:
        """Whether this month is before the start, with tightness held at its reference."""
        return self.month < self.start

    def change_policy(self) -> None:
        """Take the channels of the coming month from the policies (a scheduled event)."""
        for one in self.places:
            if one.policy is not None:
                one.take_channels(self.month + 1 - self.start)

    def run_for(self, duration: float | int) -> None:
        """Run some months; residents are then as if all had been visited every month."""
        self.run_unread(duration)
        for one in self.places:
            catch_up(one.tables, self.month)

    def run_unread(self, duration: float | int) -> None:
        """Run some months after which nobody reads the histories of residents: those of the steady stand
        still (`sim.model.rules.steady`)."""
        super().run_for(duration)

    def step(self) -> None:
        """Run one month: every process of ``SCHEDULE``, in order, in every municipality."""
        self.month += 1
        self.keys = self.keys_by_month[self.month - self.first_month]
        for one in self.places:
            one.begin_month()
        go_through(SCHEDULE, self)
        for one in self.places:
            one.end_month()
