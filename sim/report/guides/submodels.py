"""The submodels of the ODD page: the rules of the model with their equations, and the levers."""

import inspect
import re
from collections.abc import Iterator

from sim.policy.channels import CHANNELS
from sim.policy.levers.registry import LEVERS
from sim.report.guides.source import Function, sections, source

RULES = "sim.model.rules"


def prose(docstring: str) -> str:
    """Return a docstring's lead as Markdown, without the list of public names."""
    lead = sections(docstring)[""]
    assert isinstance(lead, str)
    paragraphs = [part for part in lead.split("\n\n") if not part.startswith("Public name")]
    whole_words = re.sub(r"(?<=\w)-\n(?=\w)", "-", "\n\n".join(paragraphs))
    return re.sub(r"``(.+?)``", r"`\1`", whole_words)


_SHARED = ("common", "counting", "queues", "steady")
"""Files of rules that several processes use."""


def rule_sections(processes: tuple[str, ...]) -> Iterator[str]:
    """Yield a section for each file of rules: those of the schedule in its order, then what they share."""
    for name in (*(one for one in processes if one not in _SHARED), *_SHARED):
        module = source(f"{RULES}.{name}")
        path = f"{module.name.replace('.', '/')}.py"
        yield from (f"### {name}", "", prose(module.text), "", f"Code: [{path}](../{path}).", "")
        if module.numbers:
            listed = ", ".join(f"`{key} = {value}`" for key, value in module.numbers.items())
            yield from (f"Constants: {listed}.", "")
        for function in module.functions:
            yield from function_lines(function)


def function_lines(function: Function) -> Iterator[str]:
    """Yield a function's signature and rule; the body too where it is a scalar rule, as its equation."""
    marked = "**Pass.** " if function.kind == "kernel" else ""
    yield from (f"`{function.signature}`  ", f"{marked}{prose(function.text)}", "")
    if function.kind == "rule":
        yield from ("```python", function.body, "```", "")


def lever_sections() -> Iterator[str]:
    """Yield how levers act together, and a section for each."""
    yield from (prose(source("sim.policy.compiled").text), "")
    dip = source("sim.policy.levers.disruption")
    yield from (f"**The dip.** {prose(dip.text)} {prose(dip.functions[0].text)}", "")
    for name, lever in LEVERS.items():
        channels = [declared.channel.name for declared in CHANNELS if declared.channel in lever.channels]
        yield from (f"### {name}", "", f"{lever.label_en}. *{lever.label_sv}.*", "", lever.text_en, "")
        yield from (prose(inspect.getdoc(lever) or ""), "")
        yield f"- Channels: {', '.join(channels) or 'none: it sets up job tracks'}"
        read = ", ".join(f"`{name}`" for name in lever.parameters)
        yield f"- Uncertain parameters: {read or 'none of its own'}"
        yield f"- Evidence (grade {lever.grade}): {', '.join(lever.evidence)}"
        yield from (f"- Settings: [parameter guide](parameters.md#{name})", "")
