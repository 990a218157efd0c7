"""The ODD page: the model described in the order of the ODD protocol, from its own code.

Format: Grimm and others (2020), "The ODD protocol for describing agent-based and other simulation models: a
second update".
"""

import inspect
from collections.abc import Callable, Iterator
from enum import IntEnum

import sim.model
from sim.core.draws import Decision
from sim.data.dictionary import markdown_table
from sim.data.operators import OPERATORS
from sim.model import columns, institutions, layout
from sim.model.counts import Count
from sim.model.inputs import ModelInputs
from sim.model.ledger import KINDS, PAYERS, REFORM_KINDS
from sim.model.model import LabourMarketModel
from sim.model.prices import Prices
from sim.model.schedule import SCHEDULE
from sim.model.state import State
from sim.model.tracks import JobTrack
from sim.policy.channels import CHANNELS, SEGMENT_BITS
from sim.report.guides.source import mentions, sections, source
from sim.report.guides.submodels import RULES, function_lines, lever_sections, prose, rule_sections

_CODES = (
    columns.Presence, columns.Origin, columns.Status, columns.Activity, columns.Workplace, columns.Case,
    columns.Group, columns.Reason,
)  # fmt: skip
_INSTITUTIONS = {
    "municipality": institutions.Municipality,
    "employment_service": institutions.EmploymentService,
    "unit": institutions.LabourMarketUnit,
    "social_services": institutions.SocialServices,
    "employers": institutions.Employer,
    "start_cohort": JobTrack,
}
"""Name in the model -> class."""
_PROCESSES = ("sim.model.schedule", "sim.model.offering")
"""Where the processes are."""
_HANDED_TO = ("sim.model.market", "sim.model.tracks")
"""Parts of the model that a process hands its work to."""
_METHODS = ("start_cohort", "_queue")
_OVERVIEW = ("Purpose", "Patterns", "Time and place")
"""Parts of the package's docstring that belong before the design concepts."""


def odd_page() -> str:
    """Return the whole page."""
    concepts = sections(sim.model.__doc__ or "")
    parts = (
        _head(),
        _purpose(concepts),
        _entities(concepts),
        _schedule(),
        _concepts(concepts),
        _initialisation(),
        _input_data(),
        _submodels(),
    )
    return "\n".join(line for part in parts for line in part)


def _head() -> Iterator[str]:
    yield from ("# The model: ODD description", "")
    yield "Generated from the code (`samspel odd`); do not edit by hand: a text is changed in its docstring."
    yield "Words are in the [glossary](glossary.md), numbers in the [parameter guide](parameters.md)."
    yield ""


def _purpose(concepts: dict[str, dict[str, str] | str]) -> Iterator[str]:
    yield from ("## 1. Purpose and patterns", "", f"{concepts['Purpose']}", "", f"{concepts['Patterns']}", "")
    yield from ("Official statistics that the model is held against, and how it observes itself:", "")
    yield from markdown_table(
        ("statistic", "publisher", "definition", "population", "observed by the model as", "unit"),
        [
            (one.name, one.publisher, one.definition, one.population, one.observed_by, one.unit)
            for one in OPERATORS.values()
        ],
    )


def _entities(concepts: dict[str, dict[str, str] | str]) -> Iterator[str]:
    yield from ("## 2. Entities, state variables and scales", "", f"{concepts['Time and place']}", "")
    for title, empty in (
        ("Residents", layout.allocate_residents(0)),
        ("Households", layout.allocate_households(0)),
    ):
        yield from (f"### {title}", "", prose(inspect.getdoc(type(empty)) or ""), "")
        meaning, types = _entries(type(empty)), empty._asdict()
        variables = [(f"`{name}`", str(types[name].dtype), meaning[name]) for name in types]
        yield from markdown_table(("variable", "type", "meaning and unit"), variables)
    codes = [(code.__name__, _codes(code), _line(code)) for code in _CODES]
    yield from ("### Codes", "", *markdown_table(("code", "values", "meaning"), codes))
    yield from ("### Institutions", "", prose(source("sim.model.institutions").text), "")
    for kind in _INSTITUTIONS.values():
        yield f"- **{kind.__name__}**: {_line(kind)}"
        for method in source(kind.__module__).functions:
            if "." not in method.name:
                continue
            owner, name = method.name.split(".")
            if owner == kind.__name__ and not name.startswith("_"):
                text = " ".join(prose(method.text).split())
                yield f"  - `{name}`: {text}"
    yield from ("", "### The rest of the state", "")
    rest = [(f"`{name}`", text) for name, text in _entries(State).items()]
    yield from markdown_table(("variable", "meaning"), rest)


def _schedule() -> Iterator[str]:
    yield from ("## 3. Process overview and scheduling", "")
    yield from (prose(inspect.getdoc(LabourMarketModel) or ""), "", "A month, in this order:", "")
    rows = []
    for number, process in enumerate(SCHEDULE, start=1):
        rules = ", ".join(f"[{name}](#{name})" for name in _rules_of(process))
        acting = ", ".join(_institutions_of(process))
        rows.append((str(number), f"`{process.__name__}`", _line(process), rules, acting))
    yield from markdown_table(("", "process", "what happens", "submodel", "institutions"), rows)


def _concepts(concepts: dict[str, dict[str, str] | str]) -> Iterator[str]:
    yield from ("## 4. Design concepts", "")
    for title, text in concepts.items():
        if title and title not in _OVERVIEW:
            yield from (f"**{title}.** {text}", "")
        if title == "Stochasticity":
            yield from (prose(source("sim.core.draws").text), "")
            yield from ("Every random decision, and where it is taken:", "")
            decisions = [(str(int(one)), one.name, ", ".join(_takers(one))) for one in Decision]
            yield from markdown_table(("", "decision", "taken in"), decisions)
        if title == "Observation":
            yield from ("Counted each month, by sex and group:", "")
            meaning = _entries(Count)
            counts = [(f"`{item.name}`", meaning[item.name]) for item in Count]
            yield from markdown_table(("count", "meaning"), counts)


def _initialisation() -> Iterator[str]:
    yield from ("## 5. Initialisation", "")
    population = source("sim.model.population")
    households, margins = source("sim.model.households"), source("sim.model.margins")
    for module in (population, households, margins):
        yield from (prose(module.text), "")
    for function in (*households.functions, *margins.functions, *population.functions):
        if not function.name.startswith("_"):
            yield from function_lines(function)
    yield from ("**Burn-in.** A run then continues from the state that this gives:", "")
    for function in source("sim.model.simulate").functions:
        if function.name in ("burn_in", "mark_start"):
            yield from function_lines(function)


def _input_data() -> Iterator[str]:
    yield from ("## 6. Input data", "", prose(inspect.getdoc(ModelInputs) or ""), "")
    rows = [(f"`{name}`", text) for name, text in _entries(ModelInputs).items()]
    yield from markdown_table(("input", "meaning"), rows)
    yield "Figures: [data dictionary](data-dictionary.md). Dated rules and amounts:"
    yield "[params/institutions](../params/institutions), each with source and verification. From them:"
    yield f"{', '.join(f'`{name}`' for name in Prices._fields)}. {prose(inspect.getdoc(Prices) or '')}"
    yield ""


def _submodels() -> Iterator[str]:
    processes = tuple(dict.fromkeys(name for one in SCHEDULE for name in _rules_of(one)))
    yield from ("## 7. Submodels", "")
    yield "Equations are the code itself. `p` holds the parameters, `r` and `h` the columns of residents and"
    yield "households, `i` and `j` their rows, `keys` the streams of random numbers, and `uniform` a number"
    yield "in (0, 1) drawn with one of them. A pass applies its rules to every row."
    yield ""
    yield from rule_sections(processes)
    yield from ("### channels", "", prose(source("sim.policy.channels").text), "")
    yield from (f"Traits and their bits: {', '.join(f'{k} {v}' for k, v in SEGMENT_BITS.items())}.", "")
    channels = [
        (
            declared.channel.name, declared.label_en, declared.unit, declared.kind, f"{declared.neutral:g}",
            f"{declared.low:g} to {declared.high:g}", ", ".join(_readers(declared.channel.name)),
        )
        for declared in CHANNELS
    ]  # fmt: skip
    yield from markdown_table(
        ("channel", "meaning", "unit", "combined by", "neutral", "bounds", "read by"), channels
    )
    yield from ("### levers", "")
    yield from lever_sections()
    yield from ("### ledger", "", prose(source("sim.model.ledger").text), "")
    rule_kinds = [kind for kind in KINDS if not kind.name.startswith("reform_")]
    kinds = [(f"`{kind.name}`", _party(kind.payer), _party(kind.payee)) for kind in rule_kinds]
    yield from markdown_table(("kind", "payer", "payee"), kinds)
    payers = ", ".join(map(_party, PAYERS))
    yield f"The costs of a policy ({', '.join(REFORM_KINDS)}) are kinds of their own for each payer"
    yield f"({payers}), named `reform_<kind>_<payer>`, and go to suppliers."
    yield ""


def _entries(declared: type) -> dict[str, str]:
    """Return what a class says of each of its attributes."""
    entries = sections(declared.__doc__ or "")["Attributes"]
    assert isinstance(entries, dict), declared
    return entries


def _line(described: object) -> str:
    """Return what a docstring says, on one line."""
    return " ".join(prose(inspect.getdoc(described) or "").split())


def _codes(code: type[IntEnum]) -> str:
    return ", ".join(f"{int(one)} {one.name}" for one in code)


def _party(party: IntEnum) -> str:
    return party.name.lower()


def _used(process: Callable[..., None]) -> tuple[list[str], list[str]]:
    """Return the names that a process uses, and the modules that it takes something from: those of its own
    helpers, and of the parts of the model that it hands the work to, included."""
    names: list[str] = []
    modules: list[str] = []
    waiting = [(process.__module__, process.__name__)]
    seen = set()
    while waiting:
        module, wanted = waiting.pop(0)
        if (module, wanted) in seen:
            continue
        seen.add((module, wanted))
        text = source(module)
        for function in text.functions:
            if function.name.rsplit(".", 1)[-1] != wanted:
                continue
            names += function.names
            for name in function.names:
                taken = text.imports.get(name, "")
                modules.append(taken)
                waiting.append((taken if taken in _HANDED_TO else module, name))
                waiting += [(other, name) for other in _HANDED_TO if name in _METHODS]
    return names, modules


def _rules_of(process: Callable[..., None]) -> list[str]:
    """Return the files of rules that a process uses."""
    found = (module for module in _used(process)[1] if module.startswith(RULES))
    return list(dict.fromkeys(module.rsplit(".", 1)[1] for module in found))


def _institutions_of(process: Callable[..., None]) -> list[str]:
    names, _ = _used(process)
    return [kind.__name__ for name, kind in _INSTITUTIONS.items() if name in names]


def _takers(decision: Decision) -> list[str]:
    name = f"Decision.{decision.name}"
    read = mentions("model") | mentions("evaluate")
    return [module.rsplit(".", 1)[1] for module, names in read.items() if name in names]


def _readers(channel: str) -> list[str]:
    modules = [source(name) for name in (*_PROCESSES, "sim.model.institutions", *_HANDED_TO)]
    functions = [function for module in modules for function in module.functions]
    return [f"`{function.name}`" for function in functions if f"Channel.{channel}" in function.names]
