"""What a sensitivity analysis found, its tables, and a page of text for reading.

Public names: `SensitivityResult`, `keep_tables`, `write_estimates` and `read_estimates`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from sim.calibrate.sensitivity.shares import CHANCE, EVIDENCE
from sim.calibrate.sensitivity.space import CASE_SETTINGS
from sim.core.errors import input_error
from sim.core.files import write_text
from sim.core.paths import root
from sim.experiment.uncertainty import REST

_TOP = 12
_WORDS = {
    "A": "grade A (figure seen)",
    "B": "grade B (sign or design seen)",
    "C": "grade C (remembered or assumed)",
    "case_settings": "case settings (ranges in the case file, grade C)",
    "scenario": "scenario",
    CHANCE: "chance",
    REST: "other parameters, and what the emulator misses",
}
_FOR_ESTIMATES = ("share", "first", "first_conf", "total", "total_conf", "mu_star", "mu_star_conf", "sigma")


@dataclass(frozen=True)
class SensitivityResult:
    """How much of the uncertainty about each headline effect rests on what.

    Attributes:
        name: Name of the case.
        folder: Where the runs are kept.
        parameters: A row per headline and parameter (`sim.calibrate.sensitivity.shares.by_parameter`), and
            one each for chance and the rest. ``mu_star``, its half-width and ``sigma`` are in the unit of the
            effect; ``first``, ``total`` and ``share`` are shares of its variance.
        grades: indicator, month, grade and share; the shares of a headline sum to one.
        regression: The same by regression on each parameter alone, as a check: indicator, month, grade,
            share, r2 and n; case settings are in C, and the rest holds chance. Null with too few points.
        quality: A row per headline: mean and sd of the effect over the design, chance_sd, noise (what a
            mu_star must exceed), above_noise (how many do), without_effect (how many never changed it by
            anything), trajectories, points, kept, emulator, and the cross-validated r2 of each kind.
        ran: Number of paired runs that had not been run before.
        failed: Number of failed runs, which are left out.
    """

    name: str
    folder: Path
    parameters: pl.DataFrame
    grades: pl.DataFrame
    regression: pl.DataFrame
    quality: pl.DataFrame
    ran: int
    failed: int

    def share(self, grade: str, indicator: str, month: int) -> float:
        """Return the share of one headline's variance that rests on a grade of `EVIDENCE`."""
        one = self.grades.filter(grade=grade, indicator=indicator, month=month)
        return float(one["share"].item())

    def summary(self) -> str:
        """Return the main findings as text, a paragraph per headline."""
        lines = [f"{self.name}: what the uncertainty of the effects rests on (shares of the variance)."]
        for row in self.quality.iter_rows(named=True):
            lines += ["", *self._headline(row)]
        if self.failed:
            lines += ["", f"{self.failed} runs failed and are left out: {self.folder / 'log.txt'}"]
        return "\n".join([*lines, "", f"Tables: {self.folder}"])

    def _headline(self, row: dict[str, Any]) -> list[str]:
        key = {name: row[name] for name in ("indicator", "month")}
        mine, check = self.parameters.filter(**key), self.regression.filter(**key)
        named = ~pl.col("parameter").is_in([CHANCE, REST])
        top = mine.filter(pl.col("share") > 0, named).head(_TOP)
        lines = [
            f"{row['indicator']}, month {row['month']}: mean {_number(row['mean'])}, standard deviation "
            f"{_number(row['sd'])}, of chance alone {_number(row['chance_sd'])}.",
            f"  {row['above_noise']} parameters have a mu_star above the noise of chance "
            f"({_number(row['noise'])}; {row['trajectories']} trajectories); {row['without_effect']} never "
            "changed the effect at all.",
            f"  {row['kept']} are in the emulator ({row['emulator']}, cross-validated R2 {row['r2']:.2f}, "
            f"{row['points']} points).",
        ]
        lines += [
            f"  {_percent(self.share(grade, row['indicator'], row['month']))}  {_WORDS[grade]}"
            for grade in EVIDENCE
        ]
        assumed = sum(self.share(grade, row["indicator"], row["month"]) for grade in ("C", CASE_SETTINGS))
        lines.append(f"  {_percent(assumed)}  in all on grade C, case settings among them.")
        linear = check["share"].to_list()
        if None not in linear:
            parts = ", ".join(
                f"{grade} {_percent(share).strip()}" for grade, share in check.select("grade", "share").rows()
            )
            lines.append(f"  By regression on each parameter alone: {parts}.")
        lines += [
            f"  {_percent(one['share'])}  {one['parameter']} ({one['grade']}): first {one['first']:.3f} +/- "
            f"{one['first_conf']:.3f}, total {one['total']:.3f} +/- {one['total_conf']:.3f}, "
            f"mu_star {_number(one['mu_star'])} +/- {_number(one['mu_star_conf'])}"
            for one in top.iter_rows(named=True)
        ]
        return lines


def keep_tables(result: SensitivityResult) -> None:
    """Write the tables beside the runs, as CSV.

    Raises:
        SamspelError: The folder cannot be written.
    """
    for name in ("parameters", "grades", "regression", "quality"):
        write_text(result.folder / f"sensitivity-{name}.csv", getattr(result, name).write_csv())


def write_estimates(result: SensitivityResult, folder: Path | None = None) -> list[Path]:
    """Write what has a share to ``<case>.csv``, and how good it is to ``<case>-quality.csv``.

    Args:
        result: What was found.
        folder: ``params/estimates/sensitivity`` in the project folder unless given.

    Raises:
        SamspelError: The folder cannot be written.
    """
    folder = folder or root() / "params" / "estimates" / "sensitivity"
    shared = result.parameters.filter(pl.col("share").is_not_null())
    compact = shared.select(
        "indicator",
        "month",
        "parameter",
        "label_sv",
        "label_en",
        "grade",
        "part",
        *_FOR_ESTIMATES,
        "above_noise",
    )
    return [
        write_text(folder / f"{name}.csv", table.with_columns(cs.float().round_sig_figs(4)).write_csv())
        for name, table in ((result.name, compact), (f"{result.name}-quality", result.quality))
    ]


def read_estimates(name: str, folder: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what `write_estimates` wrote of a case: parameters that have a share, and the quality.

    Raises:
        SamspelError: Nothing has been written of the case.
    """
    folder = folder or root() / "params" / "estimates" / "sensitivity"
    paths = [folder / f"{name}.csv", folder / f"{name}-quality.csv"]
    if not all(path.exists() for path in paths):
        known = sorted(path.stem for path in folder.glob("*.csv") if not path.stem.endswith("-quality"))
        allowed = "a case that samspel sensitivity CASE --write has been run for: " + ", ".join(known)
        raise input_error("sensitivity", "case", name, allowed, known)
    parameters, quality = (pl.read_csv(path, infer_schema_length=None) for path in paths)
    return parameters, quality


def _percent(share: float) -> str:
    return f"{100 * share:4.0f} %"


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:.3g}"
