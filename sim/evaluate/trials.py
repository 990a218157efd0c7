"""Read trials from YAML, and refuse what cannot be run: unknown names, and measures that do not fit.

Public names: `load_trials` and `parse_trial`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.core.paths import root
from sim.data.municipalities import municipality
from sim.evaluate.indicators import indicator
from sim.evaluate.person_indicators import Indicator
from sim.evaluate.trial import WITHOUT_ARMS, Axis, Outcome, Trial, TrialDocument
from sim.evaluate.units import usual_unit
from sim.evaluate.where import Where, parse_where
from sim.policy.documents import checked, read_document
from sim.policy.instance import Instance, parse_instance


def load_trials(files: Sequence[str | Path] = (), only: Sequence[str] = ()) -> tuple[Trial, ...]:
    """Return trials from files, or those of ``params/evidence``, in order of file name.

    A file holds one trial, or a list of them.

    Args:
        files: YAML files; none means the project's own.
        only: Ids to keep; none means all.

    Raises:
        SamspelError: A file breaks the schema, an id is given twice, or one of ``only`` is not there.
    """
    paths = [Path(file) for file in files] or sorted((root() / "params" / "evidence").glob("*.yaml"))
    trials: dict[str, Trial] = {}
    for path in paths:
        content = read_document(path)
        for number, document in enumerate(content if isinstance(content, list) else [content]):
            place = f"{path} [{number}]" if isinstance(content, list) else str(path)
            trial = parse_trial(document, place)
            if trial.id in trials:
                raise input_error(place, "id", trial.id, f"an id not in {trials[trial.id].origin}")
            trials[trial.id] = trial
    for name in only:
        if name not in trials:
            raise input_error("evidence", "--only", name, "one of " + ", ".join(trials), trials)
    return tuple(trial for trial in trials.values() if not only or trial.id in only)


def parse_trial(document: object, where: object) -> Trial:
    """Return the trial that plain values state.

    Raises:
        SamspelError: A key or name is unknown, a value is not allowed, or there is nothing to compare.
    """
    if not isinstance(document, Mapping):
        raise input_error(where, "file", type(document).__name__, "the keys of a trial: id, title, ...")
    read = checked(TrialDocument, dict(document), where)
    code = municipality(read.population.municipality, f"{where}: population").code
    population = read.population.model_copy(update={"municipality": code})
    arms = {name: _arm(name, entries, read, where) for name, entries in read.arms.items()}
    if arms:
        arms = {"control": (), **arms}
    indicators: dict[str, Indicator] = {}
    choices: dict[str, Where] = {}
    for number, outcome in enumerate(read.outcomes):
        key = f"outcomes[{number}]"
        _check_outcome(outcome, read, arms, where, key)
        for name, label in ((outcome.indicator, "indicator"), (outcome.per, "per")):
            if name is not None:
                indicators[name] = indicator(name.removeprefix("-"), where, f"{key}.{label}")
        _check_kind(outcome, indicators, where, key)
        if outcome.where:
            choices[outcome.name] = parse_where(outcome.where, where, f"{key}.where")
        if outcome.against is not None:
            choices[outcome.against_name] = parse_where(outcome.against, where, f"{key}.against")
    outcomes = tuple(
        one.model_copy(update={"unit": one.unit or usual_unit(one.measure, indicators[one.indicator].kind)})
        for one in read.outcomes
    )
    names = [outcome.name for outcome in outcomes]
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise input_error(where, "outcomes", twice[0], "each name once")
    chosen = parse_where(read.population.where, where, "population.where")
    return Trial(
        read.id, read.title or f"Trial {read.id}", read.source, read.verification, read.used_for,
        population, read.design, chosen,
        arms, outcomes, choices, str(where), read.note,
    )  # fmt: skip


def _arm(name: str, entries: list[Any], read: TrialDocument, where: object) -> tuple[Instance, ...]:
    """Return an arm's levers: from the roll-out, in full, unless the file says otherwise."""
    rollout = month_text(month_number(read.population.start) + read.design.rollout_month)
    usual = {"start": rollout, "fidelity": 1.0}
    return tuple(
        parse_instance(usual | entry if isinstance(entry, dict) else entry, where, f"arms.{name}[{number}]")
        for number, entry in enumerate(entries)
    )


def _check_outcome(
    outcome: Outcome, read: TrialDocument, arms: Mapping[str, object], where: object, key: str
) -> None:
    if not arms and outcome.measure not in WITHOUT_ARMS:
        raise SamspelError(
            f"{where}: {key} ({outcome.name}) compares arms, and the trial has neither arms nor level "
            f"outcomes alone. Allowed: arms: {{control: [], treated: [...]}}, or measure: level."
        )
    named = [outcome.compared_arm] if outcome.measure != "ordering" else []
    if not arms and outcome.arm is None:
        named = []
    if outcome.measure == "ordering" and not outcome.pairs:
        raise input_error(where, f"{key}.pairs", [], "a list of [arm, month, arm, month]")
    for arm in [*named, *(pair[index] for pair in outcome.pairs for index in (0, 2))]:
        if arm not in arms:
            raise input_error(where, f"{key}.arm", arm, "one of " + ", ".join(arms), arms)
    untreated = outcome.measure == "untreated_hazard_ratio" or (
        outcome.among == "untreated" and outcome.measure != "displacement_share"
    )
    if untreated and read.design.unit != "person":
        raise input_error(
            where, "design.unit", read.design.unit, f"person, for the untreated of {outcome.name}"
        )
    if outcome.against is not None and outcome.compare is not None:
        raise input_error(where, f"{key}.against", outcome.against, "compare or against, not both")
    if outcome.measure == "level_ratio" and outcome.per is None:
        raise input_error(where, f"{key}.per", None, "the indicator that the level is held against")
    _check_axes(outcome, read, where, key)


def _check_axes(outcome: Outcome, read: TrialDocument, where: object, key: str) -> None:
    axes: dict[Axis, tuple[float, ...]] = {
        "treated_share": read.design.shares,
        "demand_multiplier": read.population.demand_multiplier,
    }
    for axis, values in axes.items():
        chosen = getattr(outcome.at, axis)
        if chosen is not None and chosen not in values:
            raise input_error(where, f"{key}.at.{axis}", chosen, "one of " + ", ".join(map(str, values)))
    if outcome.compare and not any(
        len(axes[axis]) > 1 for axis in ([outcome.over] if outcome.over else axes)
    ):
        allowed = "a list of treated shares or demand multipliers to compare"
        raise input_error(where, f"{key}.compare", outcome.compare, allowed)


def _check_kind(outcome: Outcome, indicators: Mapping[str, Indicator], where: object, key: str) -> None:
    """Refuse a measure that an indicator cannot be put through."""
    kind = indicators[outcome.indicator].kind
    hazard = outcome.measure in ("hazard_ratio", "untreated_hazard_ratio", "median_ratio")
    if hazard and kind not in ("event", "state"):
        raise input_error(where, f"{key}.indicator", outcome.indicator, "an event or a state of persons")
    if kind == "payback" and outcome.measure not in ("difference", "level"):
        raise input_error(where, f"{key}.measure", outcome.measure, "difference, for a break-even month")
    if outcome.measure == "displacement_share" and outcome.per is not None and outcome.among != "everybody":
        for name, label in ((outcome.indicator, "indicator"), (outcome.per, "per")):
            if indicators[name].kind != "state":
                raise input_error(
                    where, f"{key}.{label}", name, "a state of persons, unless among: everybody"
                )
    if outcome.window == "per_spell" and not indicators[outcome.indicator].of_persons:
        raise input_error(
            where, f"{key}.window", "per_spell", "calendar, for an indicator of the municipality"
        )
    if (outcome.where or outcome.against is not None) and not indicators[outcome.indicator].of_persons:
        raise input_error(where, f"{key}.where", outcome.where, "no choice of persons, for such an indicator")
