"""Follow newcomers by months since the residence permit, without a reform: who pays for them before and after
the state's two years end.

Public name: `newcomer_costs`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sim.model.columns import Activity, Presence, Status
from sim.model.inputs import ModelInputs, alone
from sim.model.model import LabourMarketModel
from sim.model.place import Place
from sim.model.simulate import burn_in

LONGEST = 48
"""Months since the permit that are followed."""


def newcomer_costs(inputs: Sequence[ModelInputs]) -> pl.DataFrame:
    """Return what a newcomer is paid by months since the permit, means over people and runs.

    Columns: since (months), persons, employed (share), assistance (SEK per month, the person's part of the
    household's), state (SEK per month, benefits in establishment, activities and unemployment), public (their
    sum).
    """
    frames = []
    for one in inputs:
        states = burn_in(alone(one))
        model = LabourMarketModel(alone(one), states, one.start, one.horizon)
        for _ in range(one.horizon):
            model.run_for(1)
            frames.append(_month(model.places[0], model.month))
    rows = pl.concat(frames).group_by("since").agg(pl.col("*").mean(), persons=pl.len()).sort("since")
    return rows.with_columns(public=pl.col("assistance") + pl.col("state"))


def _month(place: Place, month: int) -> pl.DataFrame:
    """Return one row for each newcomer who lives here."""
    r, h = place.state.residents, place.state.households
    since = month - r.permit
    who = np.flatnonzero((r.permit > 0) & (r.presence == Presence.HERE) & (since >= 0) & (since <= LONGEST))
    house = r.household[who]
    adults = 1 + (h.partner[house] >= 0)
    supported = (r.status[who] == Status.OPEN) | (r.status[who] == Status.ACTIVITY)
    benefit = np.where(supported, r.income[who] - r.earned[who], 0) / 100.0
    return pl.DataFrame(
        {
            "since": since[who],
            "employed": (r.status[who] >= Status.PLACEMENT).astype(np.float64),
            "in_establishment": (r.activity[who] == Activity.ESTABLISHMENT).astype(np.float64),
            "assistance": h.paid[house] / adults / 100.0,
            "state": benefit,
        }
    )
