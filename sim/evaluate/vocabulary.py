"""The schema of a trial with all names that it may use, as printed by ``samspel evidence --schema``.

Public names: `schema` (plain values) and `schema_text`.
"""

from textwrap import wrap
from typing import Any

from sim.evaluate.attributes import ATTRIBUTES, RAW
from sim.evaluate.indicators import ALSO, all_indicators
from sim.evaluate.units import UNITS
from sim.policy.channels import SEGMENT_BITS
from sim.policy.levers.registry import LEVERS, settings_of

_WIDTH = 110

KEYS = {
    "id": "Name of the trial: letters, digits, dot, dash, underscore.",
    "title": "One line.",
    "source": "Authors, year, outlet, address.",
    "verification": "What of it has been seen, and where.",
    "used_for": (
        "calibration, design_target or validation; may be set per outcome. No prior may cite a row that "
        "validates."
    ),
    "population.municipality": "Name or four-digit code in quotation marks; 0480 unless given.",
    "population.where": (
        "Attributes that must all fit, at the end of the month before enrolment: a name, yes or no, a "
        "number, a list of names of which any will do, [low, high] with both included, {low: 3} open "
        "upwards. With neither where nor size everybody is in the trial, also those who arrive later."
    ),
    "population.size": "Persons enrolled at most, in drawn order; if fewer qualify, all of them.",
    "population.demand_multiplier": (
        "Newly created vacancies against those that keep the start as it is, from the start; a number, "
        "or a list to compare. 1 unless given."
    ),
    "population.start": "Month of the start, YYYY-MM; 2017-01 unless given.",
    "design.unit": (
        "person: those drawn to treated get the treated arm and the others control, in one world. "
        "office or municipality: everybody gets the treated arm in one world and control in another."
    ),
    "design.treated_share": (
        "Probability of being drawn to the treated arm; a number, or a list to compare. A half unless "
        "given, 1 where the unit is not a person."
    ),
    "design.rollout_month": "Months from the start to the roll-out; 0 unless given.",
    "design.intake_months": (
        "Months after the roll-out in which those who come to qualify are enrolled, each with a clock "
        "of their own; 0 unless given. At most 120 months are followed."
    ),
    "arms": (
        "control, treated and others by name: lists of lever instances as in a case. They start at the "
        "roll-out with fidelity 1 unless dated. Arms that move the same channel of the whole "
        "municipality differently cannot share a world: then all enrolled get the one arm in one world "
        "and the other in another."
    ),
    "outcomes.name": "Name of the outcome.",
    "outcomes.indicator": "What is measured (below); employed unless given.",
    "outcomes.measure": "How arms are compared (below).",
    "outcomes.months": (
        "[first, last], both included, or one month. Month 0 is the month of the roll-out, of "
        "enrolment, or of registration."
    ),
    "outcomes.window": (
        "calendar: months since the roll-out, or since enrolment where there is an intake. per_spell: "
        "months since registration, in spells that begin after the roll-out, or also those under way at "
        "it where people are chosen by their registration; events while the spell lasts, states since "
        "the first spell began."
    ),
    "outcomes.pass": "{low, high}: where the simulated value must lie, both ends included.",
    "outcomes.unit": (
        "pp or percent: shares times 100, and of ratios 100 (r - 1). persons: numbers, not shares. pp "
        "for shares unless given."
    ),
    "outcomes.estimate, se": "What was published.",
    "outcomes.where": "A further choice among the enrolled.",
    "outcomes.against": "A choice of persons whose value is subtracted; {} is all in the trial.",
    "outcomes.arm": "The arm that is held against control; treated unless given, and control for a level.",
    "outcomes.among": (
        "treated (against the untreated, each against themselves without the arm), untreated (against "
        "themselves), all (in the trial) or everybody (in the municipality)."
    ),
    "outcomes.per": (
        "A second indicator, for per_treated, displacement_share and level_ratio; a minus before it "
        "means its fall."
    ),
    "outcomes.compare": (
        "scale_arms: the measure at the first less that at the last of the listed treated shares or "
        "demand multipliers."
    ),
    "outcomes.over": "Which of them: treated_share or demand_multiplier.",
    "outcomes.at": (
        "{treated_share, demand_multiplier}: which of several; unless given a demand of 1 and the "
        "largest share (below 1 where the untreated are looked at)."
    ),
    "outcomes.pairs": "For ordering: [[arm, month, arm, month], ...], the first expected to be larger.",
}

MEASURES = {
    "difference": (
        "Mean over persons and months, [treated - the same persons without the arm] less [untreated - "
        "the same persons without it]; of a series, arm less control. Of break_even_month: the month."
    ),
    "ratio": "The same as a ratio of ratios.",
    "hazard_ratio": "Events per month at risk, as a ratio of ratios. Of a state: of coming into it.",
    "median_ratio": (
        "Median months to the event (Kaplan-Meier), as a ratio of ratios. Of a state: to the first "
        "month in it."
    ),
    "untreated_hazard_ratio": (
        "Hazard of the untreated in the trial's world over that of the same persons in the control world."
    ),
    "displacement_share": (
        "1 - net gain / gain with hires per unit of search held as in the control world; with per: what "
        "those never in that state lose, per participant more."
    ),
    "per_treated": (
        "Change per treated person (a number of persons as the mean over the months, money as its sum); "
        "with per: per change of a second indicator, by its size, or with a minus its fall."
    ),
    "ordering": "In how many pairs the difference of the first is the larger.",
    "level": "Mean over persons and months, of a series over months, in one world.",
    "level_ratio": "One level over another (per).",
}


def schema() -> dict[str, Any]:
    """Return keys, attributes, indicators, measures, levers, targets and units with what they mean."""
    return {
        "keys": KEYS,
        "measures": MEASURES,
        "attributes": {
            name: {"meaning": one.meaning, "unit": one.unit, "names": list(one.names)}
            for name, one in ATTRIBUTES.items()
        },
        "indicators": {
            name: {"meaning": one.meaning, "unit": one.unit, "kind": one.kind}
            for name, one in all_indicators().items()
        },
        "also": dict(ALSO),
        "levers": {name: [row["setting"] for row in settings_of(name)] for name in LEVERS},
        "targets": list(SEGMENT_BITS),
        "units": list(UNITS),
    }


def schema_text() -> str:
    """Return the schema for people to read."""
    known = schema()
    lines = ["Keys of a trial (params/evidence/*.yaml)"]
    lines += _entries(KEYS.items())
    lines += ["", "Measures", *_entries(MEASURES.items())]
    lines += ["", "Indicators (shares may also be written with _share after them)"]
    lines += _entries(
        (name, f"{one['meaning']} ({one['kind']}, {one['unit']})")
        for name, one in known["indicators"].items()
    )
    lines += ["", "Other names of indicators", *_wrapped(", ".join(f"{a} = {b}" for a, b in ALSO.items()))]
    lines += ["", "Attributes for where"]
    declared = {name: one for name, one in known["attributes"].items() if one["unit"] != RAW}
    lines += _entries(
        (name, f"{one['meaning']} ({', '.join(one['names']) or one['unit']})")
        for name, one in declared.items()
    )
    raw = [name for name, one in known["attributes"].items() if one["unit"] == RAW]
    lines += ["", "Columns of the model, as they stand, may also be asked for", *_wrapped(", ".join(raw))]
    lines += ["", "Levers and their settings (samspel levers NAME)"]
    lines += _entries((name, ", ".join(settings)) for name, settings in known["levers"].items())
    lines += ["", "Targets", *_wrapped(", ".join(known["targets"]))]
    lines += ["", "Units", *_wrapped(", ".join(known["units"]))]
    return "\n".join(lines)


def _entries(entries: Any) -> list[str]:
    return [line for name, text in entries for line in _wrapped(f"{name}: {text}")]


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="      ")
