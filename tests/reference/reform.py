"""What the demanding policy is made of: ranges of its channels, its costs and its job tracks."""

from sim.model.inputs import ModelInputs
from sim.policy.channels import SEGMENTS, TRIAL_SEGMENTS, Channel
from sim.policy.compiled import CostLine
from sim.policy.levers.base import CostKind, CostUnit
from sim.policy.tracks import Track

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
    Channel.CONTACT_HOURS: (0.0, 4.0),
    Channel.MATCH: (0.6, 1.6),
    Channel.NEWCOMER_EFFORT: (0.4, 2.0),
    Channel.GUARANTEE_HONOURED: (0.0, 0.6),
    Channel.GUARANTEE_THREAT: (0.0, 1.0),
    Channel.GUARANTEE_FROM_AGE: (16.0, 30.0),
    Channel.GUARANTEE_TO_AGE: (25.0, 64.0),
    Channel.DUTY: (0.0, 1.0),
    Channel.DUTY_TIME: (0.0, 1.0),
    Channel.SANCTION: (0.0, 0.5),
    Channel.OUTREACH: (0.0, 0.2),
    Channel.OUTREACH_STUDY: (0.0, 1.0),
}
"""Channels that differ by segment and month."""
WHOLE = {
    Channel.OPENINGS: (0.8, 1.3),
    Channel.ORDINARY_PLACES: (1.0, 6.0),
    Channel.CREATED_PLACES: (0.0, 4.0),
    Channel.PRACTICE_SHARE: (0.0, 0.8),
    Channel.ASSOCIATION_PLACES: (0.0, 6.0),
    Channel.ASSOCIATION_PRACTICE: (0.2, 0.8),
    Channel.SUBSIDISED_PLACES: (1.0, 8.0),
    Channel.RESERVED_HIRES: (0.3, 2.2),
    Channel.EDUCATION_PLACES: (0.0, 6.0),
    Channel.SFI_PLACES: (0.0, 5.0),
    Channel.ACTIVITY_CAPACITY: (0.5, 2.0),
    Channel.COFINANCING: (0.0, 1.0),
    Channel.NEWCOMER_PAYER: (0.0, 1.0),
}
"""Channels of the whole municipality, that differ by month."""
SWITCHES = (
    Channel.ELIGIBLE,
    Channel.SUBSIDISED_ELIGIBLE,
    Channel.ASSOCIATION_ELIGIBLE,
    Channel.EDUCATION_ELIGIBLE,
    Channel.SFI_ELIGIBLE,
    Channel.PRIORITY,
)
"""Channels that are on or off by segment and month."""


def track(
    name: str,
    inputs: ModelInputs,
    trial: bool,
    fields: tuple[int, ...] = (0, 6),
    language: bool = False,
    shared: bool = False,
) -> Track:
    """Return a short job track with many cohorts, that two segments of three may enter."""
    segments = TRIAL_SEGMENTS if trial else SEGMENTS
    return Track(
        name=name,
        fields=fields,
        places=5 if shared else 4,
        shared=shared,
        starts=tuple(range(inputs.start + 4 + shared, inputs.start + inputs.horizon, 4)),
        training_months=2,
        placement_months=0 if shared else 2,
        language_entry=1 if language else 3,
        language_parallel=language,
        partner_share=0.7,
        gain=0.15,
        drop_out_rate=0.12,
        eligible=tuple(segment % 3 != 2 for segment in range(segments)),
    )


def costs(start: int) -> tuple[CostLine, ...]:
    """Return a cost by every unit, of several kinds and shared among several payers."""
    per_unit: dict[CostUnit, CostKind] = {
        "association_place": "places", "subsidised_place": "places", "track_participant": "staff",
        "sfi_participant": "premises", "education_participant": "premises", "duty_participant": "staff",
        "outreach_contact": "meetings", "place_in_use": "places", "af_client": "meetings",
    }  # fmt: skip
    mixed = (("municipality", 0.37), ("state", 0.35), ("joint", 0.28))
    some = tuple(range(1, 60, 2))
    return (
        _line("staff", "staff", "month", 5_170_033, start + 3, mixed),
        _line("plans", "meetings", "plan", 123_457, start + 4, mixed),
        _line("move", "investment", "once", 77_777_777, start + 5, mixed),
        _line("clients", "premises", "client", 10_001, start + 3, (("region", 1.0),)),
        _line("some clients", "premises", "client", 20_003, start + 3, (("funds", 1.0),), some),
        _line("some registered", "staff", "af_client", 3_001, start + 3, mixed, some),
        *(
            _line(unit, kind, unit, 400_001 + 1_001 * number, start + number, mixed)
            for number, (unit, kind) in enumerate(per_unit.items())
        ),
    )


def _line(
    label: str,
    kind: CostKind,
    unit: CostUnit,
    ore: int,
    first: int,
    shares: tuple[tuple[str, float], ...],
    segments: tuple[int, ...] = (),
) -> CostLine:
    lever = "other" if segments else "trial"
    return CostLine(lever, label, kind, unit, ore, first, first + 22, shares, segments)
