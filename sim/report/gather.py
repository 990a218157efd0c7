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

from sim.calibrate.measures import (
    FIRST_HORIZON,
    FIRST_START,
    FITTED,
    LATER_START,
    PREDICTED,
    SET_WITH,
    Measure,
    fit_rows,
)
from sim.core.errors import SamspelError, input_error
from sim.data.facts import official
from sim.data.margins import margins_at
from sim.data.municipalities import municipality
from sim.data.tables import TABLES, table
from sim.experiment.breakeven import break_even
from sim.experiment.cases import case_experiment, without_policy
from sim.experiment.run import Results, run_experiment
from sim.experiment.summary import levels, summarise
from sim.experiment.tables import AREA, BASELINE
from sim.experiment.uncertainty import shares_by_grade
from sim.policy.case import Case, load_case
from sim.policy.estimates import load_estimate
from sim.policy.institutions import institutions_at
from sim.policy.overrides import apply_settings
from sim.policy.posteriors import load_posterior
from sim.policy.priors import Prior
from sim.policy.uncertain import case_priors
from sim.report.conditions import conditions
from sim.report.derive import all_effects
from sim.report.facts import BY_MUNICIPALITY, QUEUES, Assumption, ReportFacts, RunFacts
from sim.report.fit_facts import fit_facts, role_of
from sim.report.lead import lead
from sim.report.unit_costs import cost_per_month
from sim.report.words import words

MARKS = (12, 24, 48)
FIT_DRAWS = 50
_YEAR = re.compile(r"\b20\d\d\b")
LEAST_PAIRS = 20  # fewer give no 90 % interval worth the name
MOST_PAIRS = 10_000  # more change no printed figure
LAST_SEED = 2**64 - 1  # what a keyed draw can hold
_TABLES = ("population", "education", "af_stock", "stativ", "assistance_households", "bas_unemployed")
SOURCES = (*_TABLES, "municipal_tax", "labour_market_membership", "facts")
"""The tables that a report's figures come from; the first six are named in its footer."""


_Compared = tuple[pl.DataFrame, Sequence[Measure]]


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
    posterior: str = "",
) -> ReportFacts:
    """Return the facts of a case's report; what has not been run is run.

    Args:
        case: Name of a case, or the path of a case file.
        replications: Number of paired runs, each with its own draw of the uncertain parameters.
        seed: Root of all randomness.
        settings: Changes of the case, ``lever.setting=value``.
        lang: Language of the report.
        posterior: Name of a posterior to draw from (`samspel update`); the calibrated draws unless given.

    Raises:
        SamspelError: A parameter is not allowed, the case is not in order, or every run failed.
    """
    chosen = checked_case(case, replications, seed, settings, lang, posterior)
    runs = _run(chosen, replications, seed, posterior, None)
    command = _command(case, replications, seed, settings, lang, posterior)
    return _gather(chosen, runs, lang, seed, command, posterior)


def run_report(
    case: str,
    replications: int,
    seed: int,
    settings: Sequence[str],
    lang: str,
    posterior: str = "",
    processes: int | None = None,
) -> None:
    """Run everything that `report_facts` will read, with a progress bar on a terminal."""
    chosen = checked_case(case, replications, seed, settings, lang, posterior)
    _run(chosen, replications, seed, posterior, processes)


def checked_case(
    case: str, replications: int, seed: int, settings: Sequence[str], lang: str, posterior: str = ""
) -> Case:
    """Return the case with its settings applied, when everything that a report is asked for is allowed.

    Raises:
        SamspelError: Something is not.
    """
    words(lang)
    if posterior:
        load_posterior(posterior)
    for name in TABLES:
        table(name)  # a figure that the report ends with must not stop it after the runs
    limits = {"replications": (replications, LEAST_PAIRS, MOST_PAIRS), "seed": (seed, 0, LAST_SEED)}
    for key, (value, least, most) in limits.items():
        if not least <= value <= most:
            raise input_error("report", key, value, f"a whole number from {least} to {most}")
    chosen = apply_settings(load_case(case), settings)
    if not chosen.policy:
        raise SamspelError(
            f"{chosen.name}: policy is empty. Allowed: at least one lever to report on; samspel run "
            f"{chosen.name} gives the levels of a case without a policy."
        )
    for code in chosen.municipalities:  # each needs its figures before anything is run
        margins_at(code, chosen.first_month)
        institutions_at(chosen.rules_month, code)
        official(code, "af_stock", "2018")
    return chosen


def _run(case: Case, replications: int, seed: int, posterior: str, processes: int | None) -> _Runs:
    learnt = load_posterior(posterior) if posterior else None
    earlier = without_policy(case, FIRST_START, FIRST_HORIZON)
    reform, fitted = (
        run_experiment(case_experiment(one, draws, seed=seed, posterior=learnt), processes)
        for one, draws in ((case, replications), (earlier, min(replications, FIT_DRAWS)))
    )
    return _Runs(reform, fitted)


def _gather(case: Case, runs: _Runs, lang: str, seed: int, command: str, posterior: str) -> ReportFacts:
    results, priors, texts = runs.reform, case_priors(case), case.texts(lang)
    names = tuple(municipality(code).name for code in case.municipalities)
    place = case.municipalities[0] if len(names) == 1 else AREA
    marks = tuple(mark for mark in MARKS if mark <= case.horizon) or (case.horizon,)
    effects = all_effects(results.effects, results.series)
    whole = effects.filter(pl.col("municipality") == place)
    main = whole.filter(
        pl.col("indicator") == "employed", pl.col("group") == "all", pl.col("month") == marks[-1]
    )
    compared: list[_Compared] = [(runs.fitted.series, FITTED)]
    if case.first_month >= LATER_START and case.horizon >= 12:
        compared.append((results.series, PREDICTED))
    return ReportFacts(
        place=words(lang).listed(names),
        municipalities=names,
        markets=_markets(case),
        question=texts.question,
        case_language=texts.language,
        lead=lead(case, lang),
        called=texts.called,
        start=case.first_month,
        marks=marks,
        levers=tuple(instance.lever for instance in case.policy),
        not_expressed=texts.not_expressed,
        effects=summarise(whole),
        by_municipality=_by_municipality(case, effects, marks[-1]),
        even=break_even(results.effects.filter(pl.col("municipality") == place)).select(
            "payer", "probability", "median"
        ),
        per_month=cost_per_month(whole, marks[-1]),
        queues=_queues(results.series, place, marks[-1]),
        fit=_fit(compared, place, case.municipalities),
        fit_by_municipality=_fit_by_municipality(compared, case),
        cards=tuple(
            fit_facts(code, own=_fit(compared, code, [code]), lang=lang) for code in case.municipalities
        ),
        set_with=tuple(municipality(code).name for code in SET_WITH),
        uncertainty=shares_by_grade(main, results.draws, priors).drop_nulls("share"),
        conditions=conditions(main, results.draws, priors, lang),
        assumptions=tuple(_assumption(prior, lang) for prior in priors if prior.distribution != "fixed"),
        rules=_rules(case, lang),
        tables=tuple(TABLES[name] for name in SOURCES),
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
            posterior=posterior,
        ),
    )


def _markets(case: Case) -> tuple[tuple[str, ...], ...]:
    """Return the names of the municipalities by labour-market region (FA): within one, ties are stronger."""
    areas: dict[str, list[str]] = {}
    for place in map(municipality, case.municipalities):
        areas.setdefault(place.fa_code, []).append(place.name)
    return tuple(tuple(names) for names in areas.values())


def _by_municipality(case: Case, effects: pl.DataFrame, month: int) -> pl.DataFrame:
    """Return what the report tells of each municipality; of a single one, nothing beside the whole."""
    names = {code: municipality(code).name for code in case.municipalities} if _several(case) else {}
    chosen = effects.filter(
        pl.col("municipality").cast(pl.String).is_in(list(names)),
        pl.col("indicator").is_in(BY_MUNICIPALITY),
        pl.col("group") == "all",
        pl.col("month") == month,
    )
    return summarise(chosen).with_columns(
        pl.col("municipality").cast(pl.String).replace(names), pl.col("indicator").cast(pl.String)
    )


def _queues(series: pl.DataFrame, place: str, month: int) -> pl.DataFrame:
    chosen = series.filter(
        pl.col("municipality") == place,
        pl.col("policy") == BASELINE,
        pl.col("group") == "all",
        pl.col("month") == month,
        pl.col("indicator").cast(pl.String).is_in(QUEUES),
    )
    return levels(chosen).select(pl.col("indicator").cast(pl.String), "mean", "low", "high")


def _fit(compared: Sequence[_Compared], place: str, codes: Sequence[str]) -> pl.DataFrame:
    """Return the report's own runs against official figures, each with its role where they are."""
    rows = pl.concat(
        fit_rows(series.filter(pl.col("municipality") == place), measures, codes)
        for series, measures in compared
    )
    calibrated = all(load_estimate(code) for code in codes)
    roles = [role_of(key, role, codes, calibrated) for key, role in rows.select("key", "role").iter_rows()]
    return rows.with_columns(role=pl.Series(roles, dtype=pl.String))


def _fit_by_municipality(compared: Sequence[_Compared], case: Case) -> pl.DataFrame:
    codes = case.municipalities if _several(case) else ()
    rows = [
        _fit(compared, code, [code]).with_columns(municipality=pl.lit(municipality(code).name))
        for code in codes
    ]
    return pl.concat(rows) if rows else pl.DataFrame(schema={"municipality": pl.String})


def _several(case: Case) -> bool:
    return len(case.municipalities) > 1


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


def _command(
    case: str, replications: int, seed: int, settings: Sequence[str], lang: str, posterior: str
) -> str:
    named = Path(case).name if Path(case).suffix else case
    parts = ["samspel", "report", named, "--replications", str(replications), "--seed", str(seed)]
    for setting in settings:
        parts += ["--set", setting]
    if posterior:
        parts += ["--posterior", posterior]
    return shlex.join(parts + ([] if lang == "sv" else ["--lang", lang]))


def _in_fours(fingerprint: str) -> str:
    return "-".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))
