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
from sim.model.parameters import Parameters, parameters_from
from sim.model.place import Place
from sim.model.simulate import burn_in

LONGEST = 48
"""Months since the permit that are followed."""


def newcomer_costs(inputs: Sequence[ModelInputs], single: bool = False) -> pl.DataFrame:
    """Return what a newcomer costs by months since the permit, means over people (those without a partner, if
    ``single``) and runs.

    Columns: since (months), persons, employed and in_establishment (shares); in SEK per month: assistance
    (the person's part of the household's), administration (of assistance), state (benefits in establishment,
    activities and unemployment, less the tax on them), programme (activities that the state buys), public
    (their sum).
    """
    frames = []
    for one in inputs:
        p = parameters_from(one.parameters)
        states = burn_in(alone(one))
        model = LabourMarketModel(alone(one), states, one.start, one.horizon)
        for _ in range(one.horizon):
            model.run_for(1)
            frames.append(_month(model.places[0], model.month, p))
    people = pl.concat(frames)
    rows = (
        people.filter(pl.col("single") | (not single))
        .drop("single")
        .group_by("since")
        .agg(pl.col("*").mean(), persons=pl.len())
        .sort("since")
    )
    return rows.with_columns(public=pl.sum_horizontal("assistance", "administration", "state", "programme"))


def _month(place: Place, month: int, p: Parameters) -> pl.DataFrame:
    """Return one row for each newcomer who lives here."""
    r, h = place.state.residents, place.state.households
    since = month - r.permit
    who = np.flatnonzero((r.permit > 0) & (r.presence == Presence.HERE) & (since >= 0) & (since <= LONGEST))
    house = r.household[who]
    adults = 1 + (h.partner[house] >= 0)
    activity = np.where(r.status[who] == Status.ACTIVITY, r.activity[who], Activity.NONE)
    supported = (r.status[who] == Status.OPEN) | (r.status[who] == Status.ACTIVITY)
    guided = np.isin(activity, (Activity.GUIDANCE, Activity.PRACTICE, Activity.ESTABLISHMENT))
    trained = activity == Activity.TRAINING
    return pl.DataFrame(
        {
            "since": since[who],
            "single": h.partner[house] < 0,
            "employed": (r.status[who] >= Status.PLACEMENT).astype(np.float64),
            "in_establishment": (activity == Activity.ESTABLISHMENT).astype(np.float64),
            "assistance": h.paid[house] / adults / 100.0,
            "administration": h.assistance[house] * p.assistance_administration_month / adults,
            "state": np.where(supported, r.income[who] - r.earned[who], 0) / 100.0,
            "programme": guided * p.guidance_cost_month + trained * p.training_cost_month,
        }
    )
