"""What the forecaster needs of a calibrated municipality, and what stands in where there is none.

Public names: `CalibratedPlace`, `Places`, `PlaceMoments`, `place_moments`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from sim.calibrate.backtest.panel import Floats
from sim.core.errors import input_error

AF_STOCK: Final = "af_stock"
"""Moment: persons registered at month end, mean of the year (AF)."""
STATIV: Final = "stativ_share"
"""Moment: percent openly unemployed at any time in the year (SCB STATIV)."""

ENTRY: Final = "entry_level"
FINDING: Final = "job_finding_reference"

_OFFICIAL_SPREAD = 0.02
_LEAST_DRAWS = 2


class CalibratedPlace(Protocol):
    """One municipality's fitted model: levels and responses at the fit, by moment."""

    @property
    def year(self) -> int:
        """The last year of data that the fit used; forecasts from any other date leave the fit aside."""
        ...

    @property
    def levels(self) -> Mapping[str, Floats]:
        """Posterior draws of the model's own moment in ``year``, in the moment's unit."""
        ...

    @property
    def response(self) -> Mapping[str, Mapping[str, float]]:
        """Elasticity of each moment to ``entry_level`` and ``job_finding_reference``."""
        ...


Places = Mapping[str, CalibratedPlace]
"""Calibrated municipalities by code; those that are missing take the official figure."""


@dataclass(frozen=True)
class PlaceMoments:
    """One moment of all municipalities, ready to be moved by the national cycle."""

    log_level: Floats
    log_spread: Floats
    cycle: Floats
    """Log change of the moment per log change of the country's; 1 on average."""
    calibrated: int
    """Municipalities whose own fit is used."""


def place_moments(
    places: Places, codes: Sequence[str], moment: str, year: int, official_logs: Floats, weights: Floats
) -> PlaceMoments:
    r"""Return levels and cycle responses, from the fit where there is one with data to ``year``.

    The cycle is one shift :math:`x`: entry rises by :math:`x/2` and job finding falls by :math:`x/2` (in
    logs) everywhere, so a place answers by :math:`r_c = (\epsilon_{entry} - \epsilon_{finding})/2`, which is
    divided by its mean over the fitted places. Without a fit: the official figure with a spread of 2
    percent, and the country's response.

    Raises:
        SamspelError: A fit lacks the moment, or its draws or responses are not usable.
    """
    level, spread = official_logs.copy(), np.full(len(codes), _OFFICIAL_SPREAD)
    raw = np.full(len(codes), np.nan)
    for index, code in enumerate(codes):
        place = places.get(code)
        if place is None or place.year != year:
            continue
        logs = np.log(_draws(place, code, moment))
        level[index], spread[index] = logs.mean(), logs.std(ddof=1)
        raw[index] = _answer(place, code, moment)
    fitted = ~np.isnan(raw)
    cycle = np.ones(len(codes))
    if fitted.any():
        cycle[fitted] = raw[fitted] / np.average(raw[fitted], weights=weights[fitted])
    return PlaceMoments(level, spread, cycle, int(fitted.sum()))


def _draws(place: CalibratedPlace, code: str, moment: str) -> Floats:
    if moment not in place.levels:
        raise input_error(f"estimate of {code}", "levels", moment, "a moment of the fit", place.levels)
    draws = np.asarray(place.levels[moment], dtype=np.float64)
    if draws.size < _LEAST_DRAWS or not np.all(np.isfinite(draws)) or not np.all(draws > 0):
        allowed = f"at least {_LEAST_DRAWS} finite draws above 0"
        raise input_error(f"estimate of {code}", f"levels.{moment}", draws.tolist()[:3], allowed)
    return draws


def _answer(place: CalibratedPlace, code: str, moment: str) -> float:
    response = place.response.get(moment, {})
    for parameter in (ENTRY, FINDING):
        if parameter not in response:
            where, key = f"estimate of {code}", f"response.{moment}"
            raise input_error(where, key, parameter, f"{ENTRY} and {FINDING}", response)
    answer = (response[ENTRY] - response[FINDING]) / 2
    if not np.isfinite(answer) or answer <= 0:
        allowed = "a stock that rises with entry and falls with job finding"
        raise input_error(f"estimate of {code}", f"response.{moment}", dict(response), allowed)
    return answer
