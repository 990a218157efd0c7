"""Run what a report needs, or read it from the store, and gather it into facts.

Public names: `report_facts` (for the notebook) and `run_report` (for the command line, before the notebook).
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.data.municipalities import municipality
from sim.data.tables import TABLES, table
from sim.experiment.breakeven import break_even
from sim.experiment.cases import case_experiment, without_policy
from sim.experiment.run import Results, run_experiment
from sim.experiment.summary import summarise
from sim.experiment.uncertainty import shares_by_grade
from sim.policy.case import Case, load_case
from sim.policy.institutions import institutions_at
from sim.policy.overrides import apply_settings
from sim.policy.priors import Prior
from sim.policy.quantity import Range
from sim.policy.uncertain import case_priors
from sim.report.derive import all_effects
from sim.report.facts import Assumption, ReportFacts, RunFacts
from sim.report.fit import FIRST_HORIZON, FIRST_START, FITTED, LATER_START, PREDICTED, fit_rows
from sim.report.grammar import Grammar
from sim.report.words import words

MARKS = (12, 24, 48)
FIT_DRAWS = 50
_YEAR = re.compile(r"\b20\d\d\b")
LEAST_PAIRS = 20  # fewer give no 90 % interval worth the name
MOST_PAIRS = 10_000  # more change no printed figure
LAST_SEED = 2**64 - 1  # what a keyed draw can hold
_TABLES = ("population", "education", "af_stock", "stativ", "assistance_households", "bas_unemployed")


@dataclass(frozen=True)
class _Runs:
    reform: Results
    fitted: Results


def report_facts(
    case: str,
    replications: int = 200,
    seed: int = 1,
    settings: Sequence[str] = (),
    lang: str = "sv",
) -> ReportFacts:
    """Return the facts of a case's report; what has not been run is run.

    Args:
        case: Name of a case, or the path of a case file.
        replications: Number of paired runs, each with its own draw of the uncertain parameters.
        seed: Root of all randomness.
        settings: Changes of the case, ``lever.setting=value``.
        lang: Language of the report.

    Raises:
        SamspelError: A parameter is not allowed, the case is not in order, or every run failed.
    """
    chosen = checked_case(case, replications, seed, settings, lang)
    runs = _run(chosen, replications, seed, None)
    command = _command(case, replications, seed, settings, lang)
    return _gather(chosen, runs, lang, seed, command)


def run_report(
    case: str,
    replications: int,
    seed: int,
    settings: Sequence[str],
    lang: str,
    processes: int | None = None,
) -> None:
    """Run everything that `report_facts` will read, with a progress bar on a terminal."""
    _run(checked_case(case, replications, seed, settings, lang), replications, seed, processes)


def checked_case(case: str, replications: int, seed: int, settings: Sequence[str], lang: str) -> Case:
    """Return the case with its settings applied, when everything that a report is asked for is allowed.

    Raises:
        SamspelError: Something is not.
    """
    words(lang)
    for name in TABLES:
        table(name)  # a figure that the report ends with must not stop it after the runs
    limits = {"replications": (replications, LEAST_PAIRS, MOST_PAIRS), "seed": (seed, 0, LAST_SEED)}
    for key, (value, least, most) in limits.items():
        if not least <= value <= most:
            raise input_error("report", key, value, f"a whole number from {least} to {most}")
    chosen = apply_settings(load_case(case), settings)
    if len(chosen.municipalities) != 1:
        raise input_error(chosen.name, "municipalities", chosen.municipalities, "one, for a report")
    if not chosen.policy:
        raise SamspelError(f"{chosen.name}: policy is empty. Allowed: at least one lever to report on.")
    return chosen


def _run(case: Case, replications: int, seed: int, processes: int | None) -> _Runs:
    reform = run_experiment(case_experiment(case, replications, seed=seed), processes)
    earlier = without_policy(case, FIRST_START, FIRST_HORIZON)
    fitted = run_experiment(case_experiment(earlier, min(replications, FIT_DRAWS), seed=seed), processes)
    return _Runs(reform, fitted)


def _gather(case: Case, runs: _Runs, lang: str, seed: int, command: str) -> ReportFacts:
    code = case.municipalities[0]
    results, priors = runs.reform, case_priors(case)
    marks = tuple(mark for mark in MARKS if mark <= case.horizon) or (case.horizon,)
    effects = all_effects(results.effects, results.series)
    main = effects.filter(
        pl.col("indicator") == "employed", pl.col("group") == "all", pl.col("month") == marks[-1]
    )
    compared = [fit_rows(runs.fitted.series, FITTED, code)]
    if case.first_month >= LATER_START and case.horizon >= 12:
        compared.append(fit_rows(results.series, PREDICTED, code))
    return ReportFacts(
        place=municipality(code).name,
        question=case.question,
        lead=_lead(case, lang),
        called=case.called,
        start=case.first_month,
        marks=marks,
        levers=tuple(instance.lever for instance in case.policy),
        not_expressed=case.not_expressed,
        effects=summarise(effects),
        even=break_even(results.effects).select("payer", "probability"),
        fit=pl.concat(compared),
        uncertainty=shares_by_grade(main, results.draws, priors).drop_nulls("share"),
        assumptions=tuple(_assumption(prior, lang) for prior in priors if prior.distribution != "fixed"),
        rules=_rules(case, lang),
        varies_demand=any(prior.part == "scenario" and prior.distribution != "fixed" for prior in priors),
        run=RunFacts(
            fingerprint=_in_fours(results.fingerprint),
            pairs=results.draws.height,
            failed=results.failed["draw"].n_unique(),
            seed=seed,
            command=command,
            computed=datetime.now(UTC).astimezone().date(),
            data_until=max(int(year) for table in _TABLES for year in _YEAR.findall(TABLES[table].vintage)),
            rules_until=case.rules_month // 12,
            sources=tuple(dict.fromkeys(TABLES[table].publisher for table in _TABLES)),
        ),
    )


def _lead(case: Case, lang: str) -> str:
    """Return what is done, lever by lever, as the case states it."""
    say = words(lang)
    grammar = Grammar(say)
    said = [say("lead.start", Called=case.called.capitalize(), start=grammar.numbers.month(case.first_month))]
    for instance in case.policy:
        places = instance.settings.get("places")
        limits = (places.low, places.high) if isinstance(places, Range) else (places,)
        numbers = [grammar.numbers.plain(limit) for limit in limits if isinstance(limit, int | float)]
        text = say(f"lead.{instance.lever}", places=say("lead.range").join(numbers))
        if text not in said:
            said.append(text)
    return " ".join(said)


def _rules(case: Case, lang: str) -> dict[str, tuple[str, ...]]:
    """Return the names of rules that are not figures seen for the date, by status."""
    found: dict[str, list[str]] = {}
    for note in institutions_at(case.rules_month, case.municipalities[0]).notes:
        name = note.label_sv if lang == "sv" else note.label_en
        dated = f"{name} ({note.known_until})" if note.status == "carried" else name
        found.setdefault(note.status, []).append(dated)
    return {status: tuple(names) for status, names in found.items()}


def _assumption(prior: Prior, lang: str) -> Assumption:
    low, high = prior.bounds
    label = prior.label_sv if lang == "sv" else prior.label_en
    return Assumption(
        label, prior.unit, low, prior.centre, high, prior.grade, prior.source, prior.part, prior.identified
    )


def _command(case: str, replications: int, seed: int, settings: Sequence[str], lang: str) -> str:
    named = Path(case).name if Path(case).suffix else case
    parts = ["samspel", "report", named, "--replications", str(replications), "--seed", str(seed)]
    for setting in settings:
        parts += ["--set", setting]
    return shlex.join(parts + ([] if lang == "sv" else ["--lang", lang]))


def _in_fours(fingerprint: str) -> str:
    return "-".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))
