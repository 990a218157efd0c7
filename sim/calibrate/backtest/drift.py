"""How places drift from the country: estimated, chosen and spread on the panel to the date alone.

Public names: `Drift`, `Specification`, `choose_drift`.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from sim.calibrate.backtest.fits import least_squares, log_variance
from sim.calibrate.backtest.panel import FOREIGN_YEAR, Floats, Panel

TERMS: Final = {
    "own": "own deviation from the country",
    "cycle": "own deviation x yearly change of the country",
    "group": "mean deviation of the SKR group",
    "foreign": "log share born abroad (its level in Stockholm county by its own constant)",
    "metro": "metropolitan municipality (SKR A1, A2)",
    "education": "share with post-secondary education",
}
"""What may explain a year's drift."""

_CHOICES = (
    (),
    ("own",),
    ("own", "cycle"),
    ("own", "group", "cycle"),
    ("own", "foreign"),
    ("own", "foreign", "cycle"),
    ("own", "foreign", "education", "cycle"),
    ("own", "foreign", "metro", "cycle"),
    ("own", "group", "foreign", "cycle"),
)
_DISCOUNTS = (1.0, 0.7, 0.5)
_LONGEST = 4
_LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class Specification:
    """What explains a year's drift, and how fast earlier years lose weight."""

    terms: tuple[str, ...]
    discount: float
    """Weight of a year relative to the next one."""


@dataclass(frozen=True)
class Drift:
    """The chosen specification, its estimates, and how far its rolling forecasts missed."""

    specification: Specification
    coefficients: dict[str, float]
    """Drift in logs per year; standardised covariates."""
    errors: dict[Specification, float]
    """Root mean square error in logs of rolling forecasts, mean over horizons, of every candidate."""
    panel: Panel
    response: Floats
    spread_by: tuple[float, float, float]
    """Log variance: constant, per log year ahead, per log residents (centred)."""

    def path(self, changes: Floats) -> Floats:
        """Return the drift since the panel's last year [municipality, year], given the country's changes.

        The answer to the cycle itself, ``response - 1`` times the country's change, is not in it.
        """
        values = np.array(list(self.coefficients.values()))
        return _path(self.panel, self.response, self.specification.terms, values, changes)

    def slope(self) -> Floats:
        """Return the drift per log change of the country that the cycle term adds [municipality]."""
        slope: Floats = self.coefficients.get("cycle", 0.0) * self.panel.deviations[:, -1]
        return slope

    def spread(self, ahead: Floats) -> Floats:
        """Return the standard deviation of the drift [municipality, years ahead]."""
        constant, per_ahead, per_size = self.spread_by
        size = per_size * _log_size(self.panel)[:, None]
        sd: Floats = np.exp((constant + per_ahead * np.log(ahead) + size) / 2)
        return np.maximum(sd, _LEAST_SPREAD)


def choose_drift(panel: Panel, response: Floats) -> Drift:
    r"""Choose the specification with the least rolling error, fit it, and measure its spread.

    One year: :math:`\Delta d_{ct} - (r_c - 1)\Delta n_t = x_{ct}'\beta + e_{ct}` with :math:`d` the log share
    less the country's :math:`n` and :math:`r` the response to the cycle; weighted least squares, iterated for
    more years. Candidates are compared by the root mean square error of forecasts from every origin since
    2013 inside the panel, averaged over the horizons. The spread comes from the same errors :math:`e`:
    :math:`E(e^2) = \exp(a + b \log h + c \log N)`, a gamma regression, so it includes the error of
    :math:`\beta`. Given :math:`n`: the error of the country's path is added by the forecaster.
    """
    candidates = [Specification((), 1.0)]
    candidates += [Specification(terms, by) for terms, by in product(_CHOICES[1:], _DISCOUNTS)]
    rolled = {one: _rolling_errors(panel, response, one) for one in candidates}
    errors = {
        one: float(np.mean([np.sqrt(np.mean(np.square(of))) for of in found.values()]))
        for one, found in rolled.items()
    }
    best = min(candidates, key=lambda one: errors[one])
    values = _fit(panel, response, best)
    return Drift(
        specification=best,
        coefficients=dict(zip(_names(best.terms), (float(value) for value in values), strict=True)),
        errors=errors,
        panel=panel,
        response=response,
        spread_by=_spread(panel, rolled[best]),
    )


def _names(terms: tuple[str, ...]) -> list[str]:
    names = ["constant", *terms] if terms else []
    return [*names, "stockholm"] if "foreign" in terms else names


def _design(panel: Panel, terms: tuple[str, ...], year: int, own: Floats, change: float) -> Floats:
    """Return the regressors of the year that begins at the end of ``year``."""
    groups = np.array(panel.groups)
    columns = []
    for name in _names(terms):
        if name == "constant":
            columns.append(np.ones(len(own)))
        elif name == "own":
            columns.append(own)
        elif name == "cycle":
            columns.append(own * change)
        elif name == "group":
            means = {group: own[groups == group].mean() for group in set(panel.groups)}
            columns.append(np.array([means[group] for group in panel.groups]))
        elif name == "foreign":
            columns.append(_standard(panel.foreign))
        elif name == "stockholm":
            columns.append(np.array([float(code.startswith("01")) for code in panel.codes]))
        elif name == "metro":
            columns.append(np.isin(groups, ["A1", "A2"]).astype(np.float64))
        else:
            known = [one for one in panel.education if one <= year] or [min(panel.education)]
            columns.append(_standard(panel.education[max(known)]))
    return np.column_stack(columns)


def _standard(values: Floats) -> Floats:
    spread = values.std()
    standard: Floats = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return standard


def _fit(panel: Panel, response: Floats, specification: Specification) -> Floats:
    if not specification.terms:
        return np.zeros(0)
    own, nation, years = panel.deviations, np.diff(panel.nation), panel.years
    x, z, weights = [], [], []
    for index in range(len(years) - 1):
        x.append(_design(panel, specification.terms, years[index], own[:, index], float(nation[index])))
        z.append(own[:, index + 1] - own[:, index] - (response - 1) * nation[index])
        weights.append(np.full(len(own), specification.discount ** (len(years) - 2 - index)))
    fit = least_squares(np.concatenate(z), np.concatenate(x), np.concatenate(weights))
    return np.asarray(fit.params, dtype=np.float64)


def _path(
    panel: Panel, response: Floats, terms: tuple[str, ...], coefficients: Floats, changes: Floats
) -> Floats:
    start = panel.deviations[:, -1]
    own, drift, path = start, np.zeros(len(start)), []
    for ahead, change in enumerate(changes):
        if terms:
            year = panel.years[-1] + ahead
            step = _design(panel, terms, year, own, float(change)) @ coefficients
            drift = drift + step
            own = own + step + (response - 1) * change
        path.append(drift)
    return np.column_stack(path)


def _rolling_errors(panel: Panel, response: Floats, specification: Specification) -> dict[int, Floats]:
    """Return errors by years ahead [origin, municipality], each forecast made from its origin's panel."""
    found: dict[int, list[Floats]] = {}
    first = max(FOREIGN_YEAR, panel.years[2])
    for origin in range(first, panel.years[-1]):
        past = panel.until(origin)
        at = panel.years.index(origin)
        own, changes = panel.deviations[:, at:], np.diff(panel.nation[at:])[:_LONGEST]
        path = _path(past, response, specification.terms, _fit(past, response, specification), changes)
        cycle = np.cumsum(changes) * (response[:, None] - 1)
        for ahead in range(1, len(changes) + 1):
            missed = own[:, ahead] - own[:, 0] - path[:, ahead - 1] - cycle[:, ahead - 1]
            found.setdefault(ahead, []).append(missed)
    return {ahead: np.array(errors) for ahead, errors in found.items()}


def _spread(panel: Panel, errors: dict[int, Floats]) -> tuple[float, float, float]:
    size = _log_size(panel)
    rows, x = [], []
    for ahead, found in errors.items():
        for missed in found:
            rows.append(missed)
            x.append(np.column_stack([np.ones(len(size)), np.full(len(size), np.log(ahead)), size]))
    constant, per_ahead, per_size = map(float, log_variance(np.concatenate(rows), np.concatenate(x)))
    return constant, per_ahead, per_size


def _log_size(panel: Panel) -> Floats:
    logs = np.log(panel.residents)
    centred: Floats = logs - logs.mean()
    return centred
