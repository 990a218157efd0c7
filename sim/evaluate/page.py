"""The page of findings: every published trial, what the model gives, and what it misses.

Public name: `findings_page`.
"""

from collections.abc import Sequence

from sim.data.dictionary import markdown_table
from sim.evaluate.bench import Finding
from sim.evaluate.listing import counts, limits, number, result


def findings_page(findings: Sequence[Finding], replications: int) -> str:
    """Return the Markdown page of ``docs/evidence.md``."""
    rows = [
        (
            one.trial,
            one.outcome,
            one.used_for.replace("_", " "),
            f"{number(one.simulated)} ({number(one.mc_se)})",
            number(one.published),
            limits(one).replace("<", "&lt;").replace(">", "&gt;"),
            one.unit,
            result(one),
        )
        for one in findings
    ]
    notes = [f"- {one.trial} {one.outcome}: {one.note}" for one in findings if one.note]
    header = ("trial", "outcome", "used for", "simulated (s.e.)", "published", "passes if", "unit", "result")
    return "\n".join(
        [
            "# The model against published evaluations",
            "",
            f"Written by `samspel evidence --page docs/evidence.md` ({replications} replications, one set of",
            "parameters: the centres of all priors). The standard error is that of chance alone. Sources and",
            "designs are in [params/evidence](../params/evidence); failures stand as they are. What the null",
            "model passes too (the same arms without effects) does not count.",
            "",
            *markdown_table(header, rows),
            "",
            *counts(findings),
            "",
            "## Notes",
            "",
            *notes,
            "",
        ]
    )
