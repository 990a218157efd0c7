"""What an estimate from official figures consists of, and how it is printed."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.core.errors import input_error


@dataclass(frozen=True)
class Estimated:
    """One figure estimated from official statistics, with what is needed to judge it."""

    name: str
    label_sv: str
    label_en: str
    unit: str
    estimate: float
    se: float
    n: int
    """Observations that the estimator used."""
    period: str
    """First and last period of the data."""
    method: str
    identified_by: str
    """What in the data tells this figure from others."""
    diagnostics: Mapping[str, float] = field(default_factory=dict)

    def summary(self) -> str:
        """Return the estimate as printable text."""
        shown = ", ".join(f"{name} {value:.3g}" for name, value in self.diagnostics.items())
        return "\n".join(
            (
                f"{self.label_en} ({self.name})",
                f"  {self.estimate:.4g} (s.e. {self.se:.2g}) {self.unit}; n = {self.n}, {self.period}",
                f"  Method: {self.method}",
                f"  {self.identified_by}",
                f"  Diagnostics: {shown or 'none'}",
            )
        )


@dataclass(frozen=True)
class StageOne:
    """All headline figures of stage 1 and the data that they were estimated from."""

    figures: tuple[Estimated, ...]
    tables: tuple[str, ...]
    """Tables of ``data/`` that were used, sorted."""
    vintage: str
    """Hash of those tables."""

    def figure(self, name: str) -> Estimated:
        """Return one figure by name.

        Raises:
            SamspelError: There is none; the nearest name is suggested.
        """
        known = {one.name: one for one in self.figures}
        if name not in known:
            raise input_error("stage 1", "figure", name, "the name of an estimated figure", known)
        return known[name]

    def summary(self) -> str:
        """Return a table of all figures, one a line, as printable text."""
        width = max(len(one.name) for one in self.figures)
        lines = [
            f"{one.name:<{width}}  {one.estimate:>10.4g}  {one.se:>9.2g}  {one.n:>5}  "
            f"{one.period:<16}  {one.unit}"
            for one in self.figures
        ]
        head = f"{'figure':<{width}}  {'estimate':>10}  {'s.e.':>9}  {'n':>5}  {'period':<16}  unit"
        return "\n".join((head, *lines, f"Data: {', '.join(self.tables)} (vintage {self.vintage})"))


def identification(estimator: Callable[..., object]) -> str:
    """Return the paragraph of an estimator's docstring that says what identifies its figures.

    It begins with ``Identified by`` and stands there alone, so that text and estimate cannot part.

    Raises:
        ValueError: The docstring has no such paragraph.
    """
    for paragraph in (inspect.getdoc(estimator) or "").split("\n\n"):
        if paragraph.startswith("Identified by"):
            return " ".join(paragraph.split())
    raise ValueError(f"{estimator.__name__}: the docstring has no paragraph that begins with 'Identified by'")
