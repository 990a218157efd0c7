"""Small towns and demanding policies: everything that the rules can do happens to somebody in them.

Public names: `small_town` and `two_towns` (an area), `demanding_policy`, and `policies_of_two_towns`.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from reference.reform import RANGES, SWITCHES, WHOLE, costs, track
from sim.core.months import month_number
from sim.data.margins import margins
from sim.model.inputs import Area, ModelInputs
from sim.policy.channels import CHANNELS, SEGMENTS, TRIAL_SEGMENTS, Channel
from sim.policy.compiled import CompiledPolicy
from sim.policy.institutions import institutions_at
from sim.policy.priors import central, load_priors
from sim.policy.tracks import Track

SEASON = (1.25, 0.95, 0.9, 0.85, 0.85, 1.2, 0.9, 1.1, 1.05, 0.95, 0.95, 1.05)
TOUGH = {
    "baseline_places": 20.0, "place_months": 2.0, "subsidised_months": 4.0, "training_months": 4.0,
    "practice_months": 2.0, "coach_hours": 90.0, "plan_hours": 4.0,
    "training_share": 0.35, "practice_share": 0.35, "drop_out_rate": 0.25, "handover_days_apart": 60.0,
    "handover_loss_rate": 0.3, "handover_return_rate": 0.4, "af_decision_days": 60.0,
    "referral_rate": 0.2, "newcomers_per_month": 19.0, "newcomers_before": 19.0, "study_months": 4.0,
    "assistance_decision_days": 25.0, "take_up_rate": 0.7, "take_up_outside": 0.6, "pension_month": 2000.0,
    "move_out_young": 0.02, "move_out_old": 0.01, "demand_multiplier": 0.9, "permanent_rate": 0.2,
    "separation_temporary": 0.1, "place_takes_vacancy": 0.8, "created_place_factor": 0.6,
    "activity_capacity": 0.6, "duty_search_loss": 1.5, "duty_entry_cut": 0.4, "duty_entry_cut_others": 0.2,
    "duty_exit_gain": 0.5, "duty_register_rate": 0.3, "education_months": 3.0, "sfi_months": 3.0,
    "sfi_pace": 3.0, "contact_fade_rate": 0.2, "ordinary_capacity": 60.0,
}  # fmt: skip
"""Far from the priors, so that queues form, cases are lost and short things end within the horizon."""
SCENARIO = {"demand_multiplier": 1.0, "arrivals_multiplier": 1.0, "extra_newcomers": 0.0}


def small_town(
    size: int = 1500,
    burn_in: int = 18,
    horizon: int = 30,
    replication: int = 0,
    changes: Mapping[str, float] = MappingProxyType(TOUGH),
    municipality: str = "0480",
) -> ModelInputs:
    """Return a town of a municipality's margins and parameters but for the size and ``changes``."""
    start = month_number("2017-11")
    return ModelInputs(
        municipality,
        start,
        horizon,
        margins(municipality, 2018),
        SEASON,
        institutions_at(start, municipality),
        {**central(load_priors()), **SCENARIO, **changes},
        20171,
        replication,
        burn_in,
        size,
    )


def two_towns(first: int = 900, second: int = 800, horizon: int = 30, replication: int = 0) -> Area:
    """Return two towns whose residents commute; the second began with places and staff that are given, and
    has room for few ordinary places."""
    other = {**TOUGH, "starting_places": 4.0, "starting_staff": 2.5, "ordinary_capacity": 0.0}
    places = (
        small_town(first, horizon=horizon, replication=replication),
        small_town(second, horizon=horizon, replication=replication, changes=other, municipality="0484"),
    )
    return Area(places, ((0.8, 0.2), (0.3, 0.7)))


def demanding_policy(
    inputs: ModelInputs, seed: int = 1, trial: bool = False, tracks: Sequence[Track] = ()
) -> CompiledPolicy:
    """Return a policy that moves every channel by segment and month from the fourth on, and pauses once; in a
    ``trial`` the treated arm has segments of its own. It has two job tracks where none is given."""
    chance = np.random.default_rng(seed)
    neutral = [declared.neutral for declared in CHANNELS]
    path = np.tile(neutral, (inputs.horizon, TRIAL_SEGMENTS if trial else SEGMENTS, 1))
    months, segments = path.shape[:2]
    for channel, (low, high) in RANGES.items():
        path[:, :, channel] = chance.uniform(low, high, (months, segments))
    for channel, (low, high) in WHOLE.items():
        path[:, :, channel] = chance.uniform(low, high, (months, 1))
    for channel in SWITCHES:
        path[:, :, channel] = chance.integers(0, 2, (months, segments))
    path[:, :, Channel.GUARANTEE_DAYS] = chance.choice([0.0, 10.0, 75.0, 160.0], (months, segments))
    path[:3] = neutral
    path[inputs.horizon // 2] = neutral
    if not tracks:
        tracks = (track("carers", inputs, trial), track("drivers", inputs, trial, fields=(), language=True))
    disrupted = np.zeros(inputs.horizon, dtype=bool)
    return CompiledPolicy("trial", inputs.start, path, costs(inputs.start), disrupted, tuple(tracks))


def policies_of_two_towns(area: Area, seed: int = 1, trial: bool = False) -> tuple[CompiledPolicy, ...]:
    """Return a policy for each of two towns: both have a job track of their own, and one is shared."""
    policies = []
    for number, inputs in enumerate(area.places):
        own = track("carers", inputs, trial, fields=(number, 4))
        shared = track("drivers", inputs, trial, fields=(), language=True, shared=True)
        tracks = (own, shared) if number == 0 else (shared, own)
        policies.append(demanding_policy(inputs, 10 * seed + number, trial, tracks))
    return tuple(policies)
