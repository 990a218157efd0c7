"""Findings for people and for machines.

Public names: `findings_table`, `findings_values`, and the cells and counts that the page has too (`counts`,
`limits`, `number`, `result`).
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim.evaluate.bench import Finding, counted

_HEADER = ("trial", "outcome", "used for", "simulated", "s.e.", "published", "passes if", "unit", "result")


def findings_values(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return one mapping per finding; what cannot be worked out is null."""
    return [
        {
            key: None if isinstance(value, float) and math.isnan(value) else value
            for key, value in asdict(one).items()
        }
        for one in findings
    ]


def findings_table(findings: Sequence[Finding]) -> str:
    """Return a table of all findings, with the counts at its end."""
    rows = [
        (
            one.trial,
            one.outcome,
            one.used_for.replace("_", " "),
            number(one.simulated),
            number(one.mc_se),
            number(one.published),
            limits(one),
            one.unit,
            result(one),
        )
        for one in findings
    ]
    lines = [_HEADER, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADER))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    notes = [f"{one.trial} {one.outcome}: {one.note}" for one in findings if one.note]
    return "\n".join([*text, *(["", *notes] if notes else []), "", *counts(findings)])


def counts(findings: Sequence[Finding]) -> list[str]:
    """Return lines that count what passes."""
    enrolled = {one.trial: f"{one.trial} {one.enrolled}" for one in findings}
    passed, counting = counted(findings)
    share = f" ({100 * passed / counting:.0f} %)" if counting else ""
    lines = [
        "Persons in the trial, mean over replications: " + ", ".join(enrolled.values()) + ".",
        f"Design targets and validation that the null model fails: {passed} of {counting} pass{share}.",
    ]
    for use in ("design_target", "validation", "calibration"):
        some = [one for one in findings if one.used_for == use]
        if some:
            null = sum(one.null_passes for one in some)
            lines.append(
                f"{use.replace('_', ' ')}: {sum(one.passed for one in some)} of {len(some)} pass; "
                f"the null model passes {null}."
            )
    return lines


def result(one: Finding) -> str:
    """Return whether a finding passes, and whether the null model does."""
    word = "passes" if one.passed else "fails"
    return (
        f"{word}, as does the null model"
        if one.null_passes and one.passed
        else (f"{word}; the null model passes" if one.null_passes else word)
    )


def limits(one: Finding) -> str:
    """Return what a finding must lie within."""
    if one.low is None:
        return f"<= {number(one.high)}"
    return f">= {number(one.low)}" if one.high is None else f"{number(one.low)} to {number(one.high)}"


def number(value: float | None) -> str:
    """Return four digits, a dash where nothing can be worked out, or nothing."""
    return "" if value is None else "-" if math.isnan(value) else f"{value:.4g}"
