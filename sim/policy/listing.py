"""What there is to choose from: cases, levers and uncertain parameters, as rows for people and machines.

Public names: `CaseSummary`, `USUAL`, `list_cases`, `list_levers`, `list_parameters`, `scenario_parameters`.
"""

from dataclasses import dataclass

from sim.core.errors import SamspelError
from sim.policy.casefile import case_paths
from sim.policy.documents import read_document
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import Prior, load_priors
from sim.policy.scenario import load_scenario, scenario_names

USUAL = "base"
"""The scenario of a case that names none."""


@dataclass(frozen=True)
class CaseSummary:
    """One case in a list: what it asks, and which levers it uses."""

    name: str
    title: str
    question: str
    municipalities: tuple[str, ...]
    """As the case file writes them."""
    start: str
    levers: tuple[str, ...]


def list_cases() -> list[CaseSummary]:
    """Return all cases of ``params/cases``, by name.

    The files are read, not checked against the figures: listing them must be quick.

    Raises:
        SamspelError: A file cannot be read or is no case.
    """
    rows = []
    for name, path in case_paths().items():
        document = read_document(path)
        try:
            rows.append(_summary(name, document))
        except (KeyError, TypeError, AttributeError) as error:
            raise SamspelError(
                f"{path}: is not a case file ({error!r}). Allowed: title, question, ..."
            ) from error
    return rows


def list_levers() -> list[dict[str, str]]:
    """Return one row per lever: name, labels, evidence grade and ids."""
    return [
        {
            "name": lever.name,
            "label_sv": lever.label_sv,
            "label_en": lever.label_en,
            "grade": lever.grade,
            "evidence": ", ".join(lever.evidence),
        }
        for lever in LEVERS.values()
    ]


def list_parameters() -> list[dict[str, str]]:
    """Return one row per uncertain parameter, those of the scenarios included."""
    scenarios = [prior for name in scenario_names() for prior in scenario_parameters(name)]
    return [_row(prior) for prior in (*load_priors(), *scenarios)]


def scenario_parameters(scenario: str) -> tuple[Prior, ...]:
    """Return a scenario's parameters; outside the usual one named with it, ``demand_multiplier[boom]``."""
    priors = load_scenario(scenario).priors
    if scenario == USUAL:
        return priors
    return tuple(prior.model_copy(update={"name": f"{prior.name}[{scenario}]"}) for prior in priors)


def _summary(name: str, document: object) -> CaseSummary:
    assert isinstance(document, dict)
    levers = tuple(dict.fromkeys(entry["lever"] for entry in document.get("policy", [])))
    given = document["municipalities"]
    municipalities = tuple(str(entry) for entry in ([given] if isinstance(given, str) else given))
    return CaseSummary(
        name, document["title"], document["question"], municipalities, document["start"], levers
    )


def _row(prior: Prior) -> dict[str, str]:
    low, high = prior.bounds
    return {
        "name": prior.name,
        "label_sv": prior.label_sv,
        "label_en": prior.label_en,
        "unit": prior.unit,
        "distribution": prior.distribution,
        "low": f"{low:g}",
        "centre": f"{prior.centre:g}",
        "high": f"{high:g}",
        "grade": prior.grade,
        "part": prior.part,
        "identified": "yes" if prior.identified else "no",
        "source": prior.source,
    }
