"""All that is uncertain about a case, and a draw of it as the model's parameters.

Public names: `case_priors` (what to draw) and `model_parameters` (a draw, with where this case starts from).
"""

from collections.abc import Mapping

from sim.policy.casefile import Case
from sim.policy.general import general_priors
from sim.policy.levers.registry import lever_class, settings_of
from sim.policy.priors import Prior
from sim.policy.quantity import Quantity, Range
from sim.policy.starting import STARTING_LABELS, StartingPosition

IN_ALL = ("extra_newcomers", "starting_places", "starting_staff")
"""Parameters that a case gives for all its municipalities together."""
_CASELOAD = "unit_caseload"
_STATED = ("places", "staff")


def case_priors(case: Case) -> tuple[Prior, ...]:
    """Return every uncertain parameter of a case: the general ones, the scenario's, the case's own ranges.

    A setting given as a range is a parameter named ``<lever>[i].<setting>``, uniform, grade C. Those come
    last, so that settling one of them leaves the draws of all the general ones alone.

    Raises:
        SamspelError: The case names a parameter that does not exist, or sets it outside its bounds.
    """
    known = general_priors(case.scenario, case.parameters, case.name)
    caseload = case.starting_position.get("caseload")
    if isinstance(caseload, int | float | Range):
        known[_CASELOAD] = _own(case, _CASELOAD, *STARTING_LABELS["caseload"], caseload)
    return (*known.values(), *_ranges(case))


def model_parameters(case: Case, draw: Mapping[str, float]) -> dict[str, float]:
    """Return a draw with what the case's starting position and population change in it.

    Where premises are shared from the start, the days apart are the days together; newcomers beyond the trend
    arrive evenly over the horizon. ``starting_places`` and ``starting_staff`` are those of all municipalities
    together, 0 where the case does not state them.
    """
    values = dict(draw)
    start = starting_position(case, draw)
    values |= {f"starting_{key}": getattr(start, key) for key in _STATED}
    if start.premises == "shared":
        values["handover_days_apart"] = min(values["handover_days_apart"], values["handover_days_shared"])
    values["extra_newcomers"] = case.population.extra_newcomers / case.horizon
    return values


def starting_position(case: Case, draw: Mapping[str, float]) -> StartingPosition:
    """Return where the case starts from, with its ranges drawn."""
    values: dict[str, object] = {"caseload": draw[_CASELOAD]}
    for key, value in case.starting_position.items():
        if key != "caseload":
            values[key] = draw[f"starting_position.{key}"] if isinstance(value, Range) else value
    return StartingPosition.model_validate(values)


def _own(case: Case, name: str, label_sv: str, label_en: str, unit: str, value: Quantity) -> Prior:
    """Return a parameter that only this case has: known, or evenly spread over its range."""
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    prior = Prior(
        name=name,
        label_sv=label_sv,
        label_en=label_en,
        unit=unit,
        distribution="fixed",
        mode=low,
        grade="C",
        source=f"case {case.name}: an assumption",
        part="lever",
    )
    return prior.with_value(low, high)


def _ranges(case: Case) -> list[Prior]:
    priors = []
    for key, value in case.starting_position.items():
        if isinstance(value, Range) and key != "caseload":
            priors.append(_own(case, f"starting_position.{key}", *STARTING_LABELS[key], value))
    for index, instance in enumerate(case.policy):
        name, lever = case.instance_name(index), lever_class(instance.lever)
        rows = {row["setting"]: row for row in settings_of(instance.lever)}
        for key, setting in instance.settings.items():
            if isinstance(setting, Range):
                row = rows[key]
                label_sv = f"{lever.label_sv}: {row['label_sv']}"
                label_en = f"{lever.label_en}: {row['label_en']}"
                priors.append(_own(case, f"{name}.{key}", label_sv, label_en, row["unit"], setting))
        if isinstance(instance.fidelity, Range):
            label_sv = f"{lever.label_sv}: andel av full effekt som nås"
            label_en = f"{lever.label_en}: share of the full effect reached"
            priors.append(_own(case, f"{name}.fidelity", label_sv, label_en, "share", instance.fidelity))
    return sorted(priors, key=lambda prior: prior.name)
