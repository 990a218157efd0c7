"""A case: municipalities, where they start from, the question, and the policy to compare with doing nothing.

``start`` is the first month of the horizon; the month before it is the last without any policy. A run follows
``horizon`` months from ``start``.

Public names: `Case`, its `Texts`, `load_case`, `parse_case`, `case_paths`.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.core.paths import root
from sim.policy.documents import checked, is_month, read_document
from sim.policy.general import general_priors
from sim.policy.instance import Instance, parse_instance
from sim.policy.levers.registry import lever_class
from sim.policy.quantity import Number, Quantity, Value, at_end, parse_quantity
from sim.policy.starting import StartingPosition

FIRST_START = "2017-01"
"""Nothing is known of rules or stocks before this month."""
LAST_START = "2035-12"
ALL = "all"
"""Stands for every municipality in a case file."""
_SHARED = "job_tracks"  # the lever whose places municipalities fill together
_FEWEST_OF_ALL = 100  # a case of fewer is not every municipality, and asking the register takes a moment
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # it becomes the name of folders and of the report


class Population(BaseModel):
    """People beyond the trend."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extra_newcomers: Annotated[Number, Field(ge=0, le=50_000)] = 0.0
    """Newcomers to all municipalities of the case over the whole horizon, beyond the usual arrivals, spread
    evenly over months and by residents."""


class Texts(BaseModel):
    """What a report says of a case, in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=3)]
    question: Annotated[str, Field(min_length=3)]
    called: Annotated[str, Field(min_length=3)] = "the initiative"
    not_expressed: tuple[str, ...] = ()
    language: Literal["sv", "en"] = "en"


class Case(BaseModel):
    """Everything that a question needs; settings may be ranges, which are drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: Annotated[str, Field(min_length=3)]
    question: Annotated[str, Field(min_length=3)]
    called: Annotated[str, Field(min_length=3)] = "satsningen"
    """The reports' noun for the policy."""
    municipalities: Annotated[tuple[str, ...], Field(min_length=1)]
    """In a file a list of names or codes, or ``all``, which is every municipality of the country."""
    search_across_regions: Annotated[bool, Field(strict=True)] = True
    """Whether residents seek work in the case's other labour-market regions too. Without it each region is
    run by itself, and what would be sought in another region stays in the home municipality."""
    start: str
    horizon: Annotated[int, Field(ge=1, le=120, strict=True)]
    known_until: str
    """Rules decided after this month are not used."""
    scenario: str = "base"
    starting_position: dict[str, Value] = {}
    population: Population = Population()
    parameters: dict[str, Quantity] = {}
    """Uncertain parameters that this case knows better than ``params/priors``."""
    policy: tuple[Instance, ...] = ()
    compare_with: tuple[str, ...] = ()
    """Official peers."""
    not_expressed: tuple[str, ...] = ()
    """What of the reform the model does not have yet, in Swedish."""
    english: Texts | None = None
    """The texts above in English, for reports in English; without them those are quoted in Swedish."""

    @field_validator("start", "known_until", mode="before")
    @classmethod
    def _known_month(cls, value: object) -> object:
        if not is_month(value):
            raise ValueError("a month written YYYY-MM, for instance 2023-09")
        if not FIRST_START <= str(value) <= LAST_START:
            raise ValueError(f"a month from {FIRST_START} (no data before it) to {LAST_START}")
        return value

    @property
    def first_month(self) -> int:
        """Month number of the first month of the horizon."""
        return month_number(self.start)

    @property
    def rules_month(self) -> int:
        """Month number whose rules and prices hold: the start, or the last month known if that is earlier."""
        return min(self.first_month, month_number(self.known_until))

    def texts(self, language: str) -> Texts:
        """Return what a report in a language says of the case; in Swedish where there is no English."""
        if language == "en" and self.english is not None:
            return self.english
        own = Texts(
            title=self.title,
            question=self.question,
            called=self.called,
            not_expressed=self.not_expressed,
            language="sv",
        )
        return own if language == "sv" else own.model_copy(update={"called": "the initiative"})

    def instance_name(self, index: int) -> str:
        """Return an instance's name in ``--set`` and among parameters: ``co_location[0]``."""
        lever = self.policy[index].lever
        earlier = sum(other.lever == lever for other in self.policy[:index])
        return f"{lever}[{earlier}]"

    def to_document(self) -> dict[str, Any]:
        """Return the plain values of a case file that holds this case."""
        values = self.model_dump(mode="json", exclude_defaults=True, exclude={"name", "policy"})
        if len(self.municipalities) > _FEWEST_OF_ALL and self.municipalities == _all_codes():
            values["municipalities"] = ALL
        return {**values, "policy": [instance.to_document() for instance in self.policy]}


def case_paths() -> dict[str, Path]:
    """Return the case files of ``params/cases`` by name."""
    return {path.stem: path for path in sorted((root() / "params" / "cases").glob("*.yaml"))}


def load_case(name_or_path: str | Path) -> Case:
    """Return a case by its name in ``params/cases``, or from a YAML file.

    Raises:
        SamspelError: There is no such case, or its file breaks the format.
    """
    known = case_paths()
    path = known.get(str(name_or_path), Path(name_or_path))
    if path.suffix in (".yaml", ".yml") and not path.exists():
        raise SamspelError(f"{path}: there is no such file. Allowed: the path of a case file in YAML.")
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        allowed = "one of " + ", ".join(known) + ", or the path of a YAML file"
        raise input_error("case", "name", str(name_or_path), allowed, known)
    if not _NAME.fullmatch(path.stem):
        raise input_error(path, "file name", path.stem, "1-40 small letters a-z, digits, - and _")
    return parse_case(path.stem, read_document(path), path)


def parse_case(name: str, document: object, where: object) -> Case:
    """Return the case that plain values state.

    Args:
        name: Name of the case.
        document: Plain values, as read from YAML.
        where: The file or option that they came from, for messages.

    Raises:
        SamspelError: A key is unknown, a value is not allowed, or dates are in the wrong order.
    """
    if document is None:
        raise SamspelError(f"{where}: is empty. Allowed: the keys of a case: question, start, ...")
    if not isinstance(document, dict):
        raise input_error(where, "file", type(document).__name__, "the keys of a case: question, start, ...")
    if "name" in document:
        raise input_error(where, "name", document["name"], "no name: the file's own is used")
    values = dict(document)
    entries = values.get("policy", [])
    if not isinstance(entries, list):
        raise input_error(where, "policy", entries, "a list of levers, each '- lever: ...'")
    values["policy"] = [
        parse_instance(_with_codes(entry, where), where, f"policy[{index}]")
        for index, entry in enumerate(entries)
    ]
    for key in ("starting_position", "parameters"):
        if key in values:
            values[key] = _quantities(values[key], where, key)
    case = checked(Case, {**_with_codes(values, where), "name": name}, where)
    for end in ("low", "high"):
        checked(StartingPosition, at_end(case.starting_position, end), where, "starting_position.")
    general_priors(case.scenario, case.parameters, where)
    _check_instances(case, where)
    for code in case.compare_with:
        if code in case.municipalities:
            raise input_error(where, "compare_with", code, "municipalities outside the case")
    return case


def _quantities(values: object, where: object, key: str) -> dict[str, object]:
    """Return plain values with ``{low, high}`` as ranges."""
    if not isinstance(values, dict):
        raise input_error(where, key, values, "names with their values")
    return {
        name: value if isinstance(value, str) else parse_quantity(value, where, f"{key}.{name}")
        for name, value in values.items()
    }


def _check_instances(case: Case, where: object) -> None:
    """Refuse an instance that would be ignored (outside the horizon or the case) or contradicts another."""
    after = case.first_month + case.horizon
    for index, instance in enumerate(case.policy):
        key = f"policy[{index}]"
        if not case.first_month <= month_number(instance.start) < after:
            allowed = f"a month from {case.start} to {month_text(after - 1)}, the horizon of the case"
            raise input_error(where, f"{key}.start", instance.start, allowed)
        for code in instance.municipalities:
            if code not in case.municipalities:
                allowed = "among the case's municipalities " + ", ".join(case.municipalities)
                raise input_error(where, f"{key}.municipalities", code, allowed)
        if instance.lever == _SHARED and not case.search_across_regions:
            regions = _regions(instance.municipalities or case.municipalities)
            if len(regions) > 1:
                allowed = "municipalities of one labour-market region, where regions are run by themselves"
                raise input_error(where, f"{key}.municipalities", ", ".join(regions), allowed)
        for earlier in range(index):
            if _contradict(case, case.policy[earlier], instance):
                name, other = case.instance_name(index), case.instance_name(earlier)
                allowed = f"other months, or other municipalities, than {other}: one at a time"
                raise input_error(where, key, f"{name}, {_dates(instance)}", allowed)


def _contradict(case: Case, first: Instance, second: Instance) -> bool:
    """Return whether two instances of an exclusive lever act in one municipality at the same time."""
    if first.lever != second.lever or not lever_class(first.lever).exclusive:
        return False
    last = month_text(case.first_month + case.horizon - 1)
    at_once = first.start <= (second.end or last) and second.start <= (first.end or last)
    here, there = (set(one.municipalities or case.municipalities) for one in (first, second))
    return at_once and bool(here & there)


def _dates(instance: Instance) -> str:
    return f"{instance.start} to {instance.end or 'the end'}"


def _with_codes(values: Any, where: object) -> Any:
    """Return plain values with the names of municipalities replaced by their codes."""
    if not isinstance(values, dict):
        return values
    changed = dict(values)
    for key in ("municipalities", "compare_with"):
        if key in changed:
            if key == "municipalities" and changed[key] == ALL:
                changed[key] = list(_all_codes())
            if not isinstance(changed[key], list):
                every = f", or {ALL}" if key == "municipalities" else ""
                raise input_error(where, key, changed[key], f"a list of names or four-digit codes{every}")
            changed[key] = [_code(entry, where, key) for entry in changed[key]]
            if len(set(changed[key])) != len(changed[key]):
                raise input_error(where, key, changed[key], "each municipality once")
    return changed


def _all_codes() -> tuple[str, ...]:
    from sim.data.municipalities import municipalities

    return tuple(one.code for one in municipalities())


def _regions(codes: tuple[str, ...]) -> list[str]:
    from sim.data.municipalities import municipality

    return sorted({municipality(code).fa_region for code in codes})


def _code(entry: object, where: object, key: str) -> str:
    from sim.data.municipalities import municipality

    if not isinstance(entry, str):  # YAML reads an unquoted 0760 as the octal 496
        raise input_error(where, key, entry, 'names, or codes in quotation marks such as "0480"')
    return municipality(entry, f"{where}: {key}").code
