"""The parameter guide: every uncertain number, and every setting of every lever."""

from collections.abc import Iterator
from pathlib import Path

from sim.core.paths import root
from sim.data.dictionary import markdown_table
from sim.policy.estimates import MUNICIPAL
from sim.policy.levers.registry import LEVERS, settings_of
from sim.policy.listing import scenario_parameters
from sim.policy.priors import Prior, read_priors
from sim.policy.scenario import scenario_names
from sim.report.guides.source import mentions

_PASSED_ON = "sim.model.parameters"
_INTRODUCTION = """\
# Parameter guide

Generated from `params/` and `sim/policy/levers/` (`samspel odd`); do not edit by hand.

A parameter is uncertain: each draw takes a value from its distribution.

- **Distribution**: triangular has its peak at the mode, uniform has none, fixed does not vary, and lognormal
  has its median at the mode and its 5th and 95th percentiles at low and high. No draw is outside low to high.
- **Grade**: A a figure seen in a source, B sign or design seen, C remembered or assumed.
- **Part**: model (the labour market without a policy), lever, scenario (what nobody in the municipality
  controls), operator (how official statistics see the model).
- **Identified**: pinned down by a municipality's own figures (`samspel calibrate`). Only {identified}
  are; all others are national or a lever's, and no municipality's figures say anything about them.

Beside these, a setting of a case that is given as a range, `{low: 3, high: 10}`, is an uncertain parameter of
its own: uniform, grade C, named `lever[0].setting`. Amounts and rules that are known for a date are no
parameters but stand in `params/institutions/`, each with its source and how far it has been verified.

`samspel parameters NAME` prints one parameter, `samspel levers NAME` one lever.
"""


def parameter_page() -> str:
    """Return the page of all parameters by file, and of the levers' settings."""
    identified = ", ".join(f"`{name}`" for name in MUNICIPAL)
    lines = [_INTRODUCTION.replace("{identified}", identified)]
    folder = root() / "params"
    for path in sorted((folder / "priors").glob("*.yaml")):
        lines += _table(f"priors/{path.name}", _opening(path), read_priors(path))
    for name in scenario_names():
        path = folder / "scenarios" / f"{name}.yaml"
        lines += _table(f"scenarios/{path.name}", _opening(path), scenario_parameters(name))
    lines += ["## Settings of the levers", ""]
    for name, lever in LEVERS.items():
        lines += [f"### {name}", "", f"{lever.label_en}. *{lever.label_sv}.*", ""]
        rows = [tuple(row.values()) for row in settings_of(name)]
        lines += markdown_table(("setting", "neutral", "allowed", "unit", "på svenska", "meaning"), rows)
    return "\n".join(lines)


def _opening(path: Path) -> str:
    """Return the comment with which a file begins."""
    lines = path.read_text(encoding="utf-8").splitlines()
    end = next(index for index, line in enumerate(lines) if not line.startswith("#"))
    return " ".join(line.lstrip("# ") for line in lines[:end])


def _table(title: str, opening: str, priors: tuple[Prior, ...]) -> Iterator[str]:
    yield from (f"## {title}", "", opening, "")
    columns = (
        "parameter", "meaning", "unit", "distribution", "low", "mode", "high", "grade", "part", "identified",
        "used in", "source",
    )  # fmt: skip
    yield from markdown_table(columns, [_row(prior) for prior in priors])


def _row(prior: Prior) -> tuple[str, ...]:
    low, high = prior.bounds
    return (
        f"`{prior.name}`",
        f"{prior.label_en}. *{prior.label_sv}.*",
        prior.unit,
        prior.distribution,
        f"{low:g}",
        "" if prior.mode is None else f"{prior.mode:g}",
        f"{high:g}",
        prior.grade,
        prior.part,
        "yes" if prior.identified else "no",
        ", ".join(_users(prior.name.split("[")[0])),
        prior.source,
    )


def _users(parameter: str) -> list[str]:
    """Return the parts of the model and of the experiments, and the levers, that read a parameter."""
    read = mentions("model") | mentions("experiment")
    modules = [name for name, names in read.items() if parameter in names]
    places = [name for name in modules if name != _PASSED_ON] or modules  # some act only where they enter
    short = [name.rsplit(".", 1)[1] for name in places]
    return short + [name for name, lever in LEVERS.items() if parameter in lever.parameters]
