"""A small town and a demanding policy: everything that the rules can do happens to somebody in it."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from sim.core.months import month_number
from sim.data.margins import margins
from sim.model.inputs import ModelInputs
from sim.policy.channels import CHANNELS, SEGMENTS, Channel
from sim.policy.compiled import CompiledPolicy, CostLine
from sim.policy.institutions import institutions_at
from sim.policy.priors import central, load_priors

SEASON = (1.25, 0.95, 0.9, 0.85, 0.85, 1.2, 0.9, 1.1, 1.05, 0.95, 0.95, 1.05)
RANGES = {
    Channel.HANDOVER_DAYS: (0.2, 2.0),
    Channel.HANDOVER_LOSS: (0.0, 2.0),
    Channel.DECISION_DAYS: (0.2, 2.5),
    Channel.ASSISTANCE_DAYS: (0.0, 40.0),
    Channel.ACTIVITY_FIT: (0.0, 1.0),
    Channel.CASELOAD: (0.4, 2.0),
    Channel.CONTACT: (0.3, 1.3),
    Channel.ASSIGNMENT: (0.4, 2.0),
    Channel.PLAN_TIME: (0.3, 3.0),
    Channel.AF_CASELOAD: (0.5, 2.0),
}
TOUGH = {
    "baseline_places": 3.0, "place_months": 2.0, "subsidised_months": 4.0, "training_months": 4.0,
    "practice_months": 2.0, "coach_hours": 90.0, "plan_hours": 4.0,
    "training_share": 0.35, "practice_share": 0.35, "drop_out_rate": 0.25, "handover_days_apart": 60.0,
    "handover_loss_rate": 0.3, "handover_return_rate": 0.4, "af_decision_days": 60.0,
    "referral_rate": 0.2, "newcomers_per_month": 60.0, "newcomers_before": 60.0, "study_months": 4.0,
    "assistance_decision_days": 25.0, "take_up_rate": 0.7, "take_up_outside": 0.6, "pension_month": 2000.0,
    "move_out_young": 0.02, "move_out_old": 0.01, "demand_multiplier": 0.9, "permanent_rate": 0.2,
    "separation_temporary": 0.1, "place_takes_vacancy": 0.8, "created_place_factor": 0.6,
    "activity_capacity": 0.6,
}  # fmt: skip
"""Far from the priors, so that queues form, cases are lost and short things end within the horizon."""


def small_town(
    size: int = 1500,
    burn_in: int = 18,
    horizon: int = 30,
    replication: int = 0,
    changes: Mapping[str, float] = MappingProxyType(TOUGH),
) -> ModelInputs:
    """Return a town of Nyköping's margins and parameters but for the size and ``changes``."""
    start = month_number("2017-11")
    values = {**central(load_priors()), "demand_multiplier": 1.0, **changes}
    return ModelInputs(
        "0480", start, horizon, margins("0480", 2018), SEASON, institutions_at(start, "0480"), values, 20171,
        replication, burn_in, size,
    )  # fmt: skip


def demanding_policy(inputs: ModelInputs, seed: int = 1) -> CompiledPolicy:
    """Return a policy that moves every channel by segment and month from the fourth on, and pauses once."""
    chance = np.random.default_rng(seed)
    path = np.tile([declared.neutral for declared in CHANNELS], (inputs.horizon, SEGMENTS, 1))
    for channel, (low, high) in RANGES.items():
        path[:, :, channel] = chance.uniform(low, high, path.shape[:2])
    path[:, :, Channel.ORDINARY_PLACES] = chance.integers(1, 5, inputs.horizon)[:, None] + 0.4
    path[:, :, Channel.CREATED_PLACES] = chance.integers(0, 4, inputs.horizon)[:, None]
    path[:, :, Channel.PRACTICE_SHARE] = chance.uniform(0.0, 0.8, inputs.horizon)[:, None]
    path[:, :, Channel.ELIGIBLE] = chance.integers(0, 2, path.shape[:2])
    neutral = [declared.neutral for declared in CHANNELS]
    path[:3] = neutral
    path[inputs.horizon // 2] = neutral
    disrupted = np.zeros(inputs.horizon, dtype=bool)
    return CompiledPolicy("trial", inputs.start, path, _costs(inputs.start), disrupted)


def _costs(start: int) -> tuple[CostLine, ...]:
    mixed = (("municipality", 0.37), ("state", 0.35), ("joint", 0.28))
    return (
        CostLine("trial", "staff", "staff", "month", 5_170_033, start + 3, start + 99, mixed),
        CostLine("trial", "plans", "meetings", "plan", 123_457, start + 4, start + 20, mixed),
        CostLine("trial", "move", "investment", "once", 77_777_777, start + 5, start + 9, mixed),
        CostLine("trial", "clients", "premises", "client", 10_001, start + 3, start + 99, (("region", 1.0),)),
        CostLine("trial", "places", "places", "place_in_use", 430_001, start, start + 99, mixed),
    )
