"""Uncertain parameters: what is believed about each number before anyone has measured it here.

Every file ``params/priors/*.yaml`` is a list of entries with exactly the keys of `Prior`::

    - name: handover_days_shared        # unique over all files; letters, digits and underscores
      label_sv: Dagar till första gemensamma möte, samma lokaler
      label_en: Days from need seen to first joint meeting, shared premises
      unit: days
      distribution: triangular          # fixed | uniform | triangular | lognormal
      low: 3                            # all draws lie in low..high
      mode: 10                          # not for uniform
      high: 21                          # not for fixed (which needs mode alone)
      grade: C                          # A figure seen, B sign or design seen, C remembered or assumed
      source: "institutions: referral_colocated"
      part: lever                       # model | lever | scenario | operator
      identified: false                 # true only if a local moment pins it down

``lognormal`` has its median at ``mode``; ``low`` and ``high`` are its 5th and 95th percentiles, where it is
cut.

Public names: `Prior`, `load_priors`, `draw_parameters`, `central`.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.core.errors import input_error
from sim.core.paths import root
from sim.policy.documents import checked, read_document

_DIMENSION_STEP = 64
_TAIL = 0.05
_KEYS = {
    "fixed": ("mode",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "lognormal": ("low", "mode", "high"),
}

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Prior(BaseModel):
    """One uncertain parameter: its distribution, where that comes from, and how far it can be trusted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    name: str = Field(pattern=r"^[a-z][A-Za-z0-9_.\[\]]*$")
    label_sv: str = Field(min_length=3)
    label_en: str = Field(min_length=3)
    unit: str = Field(min_length=1)
    distribution: Literal["fixed", "uniform", "triangular", "lognormal"]
    low: Finite | None = None
    mode: Finite | None = None
    high: Finite | None = None
    grade: Literal["A", "B", "C"]
    source: str = Field(min_length=3)
    part: Literal["model", "lever", "scenario", "operator"]
    identified: bool = False

    @field_validator("low", "mode", "high", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        if isinstance(value, bool | str):
            raise ValueError("a number")
        return value

    @model_validator(mode="after")
    def _complete_and_ordered(self) -> Self:
        needed = _KEYS[self.distribution]
        for key in ("low", "mode", "high"):
            if (getattr(self, key) is None) == (key in needed):
                must = "needs" if key in needed else "does not take"
                raise ValueError(f"a distribution with its own keys: {self.distribution} {must} {key}")
        numbers = [getattr(self, key) for key in needed]
        if numbers != sorted(numbers):
            raise ValueError("low <= mode <= high")
        if self.distribution != "fixed" and numbers[0] == numbers[-1]:
            raise ValueError("low < high, or distribution: fixed with mode alone")
        if self.distribution == "lognormal" and numbers[0] <= 0:
            raise ValueError("low > 0 for a lognormal")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and largest value that a draw can take."""
        if self.distribution == "fixed":
            return _number(self.mode), _number(self.mode)
        return _number(self.low), _number(self.high)

    def with_value(self, low: float, high: float) -> "Prior":
        """Return the parameter known to be ``low`` (= ``high``), or to lie evenly between the two."""
        if low == high:
            return self.model_copy(update={"distribution": "fixed", "low": None, "mode": low, "high": None})
        return self.model_copy(update={"distribution": "uniform", "low": low, "mode": None, "high": high})

    @property
    def centre(self) -> float:
        """The mode, or the middle of a uniform range."""
        low, high = self.bounds
        return (low + high) / 2 if self.mode is None else self.mode

    def quantiles(self, uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values below which the shares ``uniforms`` of the distribution lie."""
        low, high = self.bounds
        if self.distribution == "fixed":
            return np.full(uniforms.shape, low)
        if self.distribution == "uniform":
            return low + (high - low) * uniforms
        if self.distribution == "triangular":
            return _triangular(uniforms, low, self.centre, high)
        return _lognormal(uniforms, low, self.centre, high)


def load_priors(folder: Path | None = None) -> tuple[Prior, ...]:
    """Return all priors of ``params/priors``, sorted by name.

    Raises:
        SamspelError: A file breaks the format, or a name is given twice.
    """
    folder = root() / "params" / "priors" if folder is None else folder
    origin: dict[str, Path] = {}
    priors: list[Prior] = []
    for path in sorted(folder.glob("*.yaml")):
        for prior in read_priors(path):
            if prior.name in origin:
                raise input_error(path, "name", prior.name, f"a name not in {origin[prior.name]}")
            origin[prior.name] = path
            priors.append(prior)
    return tuple(sorted(priors, key=lambda prior: prior.name))


def read_priors(path: Path) -> tuple[Prior, ...]:
    """Return the priors of one file, in its order; an unchanged file is read once."""
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@cache
def _read(path: Path, changed: int) -> tuple[Prior, ...]:
    """Read one version of a file: ``changed`` is when it was written."""
    entries = read_document(path)
    if not isinstance(entries, list):
        raise input_error(path, "file", type(entries).__name__, "a list of entries, each '- name: ...'")
    priors = []
    for index, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, dict) else None
        priors.append(checked(Prior, entry, f"{path} ({name})" if name else path, f"[{index}]."))
    twice = [name for name, count in Counter(prior.name for prior in priors).items() if count > 1]
    if twice:
        raise input_error(path, "name", twice[0], "each name once")
    return tuple(priors)


def draw_parameters(priors: Sequence[Prior], n: int, seed: int) -> list[dict[str, float]]:
    """Return ``n`` draws of all parameters from a scrambled Sobol sequence.

    Draw i depends on the priors, their order and the seed, not on n, so a longer list only adds draws at its
    end. Parameters added after the others leave the others' draws as they were (up to a multiple of 64).

    Raises:
        SamspelError: ``n`` is below one, or a name occurs twice.
    """
    from scipy.stats import qmc  # half a second to import, and listing cases needs none of it

    if n < 1:
        raise input_error("draw_parameters", "n", n, "a whole number of at least 1")
    names = [prior.name for prior in priors]
    if len(set(names)) != len(names):
        raise input_error("draw_parameters", "priors", names, "each name once")
    width = max(1, -(-len(priors) // _DIMENSION_STEP)) * _DIMENSION_STEP
    power = (n - 1).bit_length()
    points = qmc.Sobol(width, scramble=True, rng=np.random.default_rng(seed)).random_base2(power)[:n]
    columns = {prior.name: prior.quantiles(points[:, i]).tolist() for i, prior in enumerate(priors)}
    return [{name: columns[name][i] for name in names} for i in range(n)]


def central(priors: Sequence[Prior]) -> dict[str, float]:
    """Return the central value of each parameter: its mode, or the middle of a uniform range."""
    return {prior.name: prior.centre for prior in priors}


def _number(value: float | None) -> float:
    assert value is not None
    return value


def _triangular(u: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    """Invert F(x) = (x-a)^2/((b-a)(c-a)) below the mode c and 1 - (b-x)^2/((b-a)(b-c)) above it."""
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    values: NDArray[np.float64] = np.where(u * width < mode - low, rising, falling)
    return np.clip(values, low, high)


def _lognormal(u: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    """Invert a lognormal of median ``mode``, with its own spread on each side, cut at its 5 % tails."""
    from scipy.special import ndtri

    z = ndtri(_TAIL + (1 - 2 * _TAIL) * u) / ndtri(1 - _TAIL)
    spread = np.where(z < 0, np.log(mode / low), np.log(high / mode))
    values: NDArray[np.float64] = np.clip(mode * np.exp(z * spread), low, high)
    return values
