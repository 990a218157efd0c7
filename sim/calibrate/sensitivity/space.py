"""The space that a sensitivity analysis moves in: one quantile, from 0 to 1, for each uncertain number.

Public names: `Space`, `Dimension` and `Calibrated`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import SamspelError
from sim.policy.priors import Prior, central

CASE_SETTINGS = "case_settings"
SCENARIO = "scenario"


@dataclass(frozen=True)
class Dimension:
    """One uncertain number.

    Attributes:
        name: The parameter's name.
        label_sv: Its name in Swedish, for reports.
        label_en: Its name in English.
        grade: A (figure seen), B (sign or design seen) or C (remembered or assumed).
        part: model, lever, scenario, operator, case (a range in the case file) or calibrated.
    """

    name: str
    label_sv: str
    label_en: str
    grade: str
    part: str

    @property
    def evidence(self) -> str:
        """Return what its share is summed under: its grade, ``scenario`` or ``case_settings``."""
        return {"scenario": SCENARIO, "case": CASE_SETTINGS}.get(self.part, self.grade)


@dataclass(frozen=True)
class Calibrated:
    """Municipal parameters that a calibration ties to the national ones, and leaves a remainder open.

    Attributes:
        dimensions: The parameters that it gives, in the order of its normals; their own priors, if they
            have any, are not used.
        turn: Takes the values of all other parameters and one independent standard normal for each
            dimension, and returns the values of the parameters that it gives.
        identity: Changes whenever ``turn`` could give other values (a hash of the posterior's file).
    """

    dimensions: tuple[Dimension, ...]
    turn: Callable[[Mapping[str, float], Sequence[float]], Mapping[str, float]]
    identity: str


class Space:
    """Uncertain numbers as quantiles: those of priors, and the remainders of a calibration."""

    def __init__(self, priors: Sequence[Prior], case_name: str = "", calibrated: Calibrated | None = None):
        """Take all priors; the fixed ones are no dimensions, but their values are part of every point.

        Raises:
            SamspelError: Nothing varies.
        """
        given = {one.name for one in calibrated.dimensions} if calibrated else set()
        self._fixed = central([prior for prior in priors if prior.name not in given])
        self._varying = [p for p in priors if p.name not in given and p.distribution != "fixed"]
        self._calibrated = calibrated
        own = f"case {case_name}:"
        parts = ["case" if p.source.startswith(own) else str(p.part) for p in self._varying]
        known = [
            Dimension(prior.name, prior.label_sv, prior.label_en, prior.grade, part)
            for prior, part in zip(self._varying, parts, strict=True)
        ]
        self.dimensions = (*known, *(calibrated.dimensions if calibrated else ()))
        self.identity = calibrated.identity if calibrated else "priors"
        if not self.dimensions:
            raise SamspelError(
                f"{case_name or 'sensitivity'}: no parameter is uncertain. Allowed: some that vary."
            )

    @property
    def names(self) -> list[str]:
        """Return the names of the dimensions, in order."""
        return [dimension.name for dimension in self.dimensions]

    def values(self, point: NDArray[np.float64]) -> dict[str, float]:
        """Return the values of all parameters, fixed ones among them, at quantiles strictly within 0 to 1.

        They are worked out one by one, so that the last digit never depends on how many points there are.
        """
        values = dict(self._fixed)
        for prior, quantile in zip(self._varying, point, strict=False):
            values[prior.name] = float(prior.quantiles(np.array([quantile]))[0])
        if self._calibrated is not None:
            from scipy.special import ndtri

            normals = ndtri(point[len(self._varying) :]).tolist()
            values.update(self._calibrated.turn(dict(values), normals))
        return values
