"""The general uncertain parameters as one case sees them: with the scenario's, and with what it knows better.

Public name: `general_priors`.
"""

from collections.abc import Mapping

from sim.core.errors import input_error
from sim.policy.priors import Prior, load_priors
from sim.policy.quantity import Quantity, Range
from sim.policy.scenario import load_scenario


def general_priors(scenario: str, better: Mapping[str, Quantity], where: object) -> dict[str, Prior]:
    """Return all general parameters by name, those of ``better`` replaced.

    A replacement stays inside the general bounds; one that is fixed in general may be anything from 0.

    Raises:
        SamspelError: A name in ``better`` is no parameter, or its value is out of bounds.
    """
    known = {prior.name: prior for prior in (*load_priors(), *load_scenario(scenario, where).priors)}
    for name, value in better.items():
        if name not in known:
            allowed = "the name of a parameter (samspel parameters lists them)"
            raise input_error(where, "parameters", name, allowed, known)
        known[name] = _replaced(known[name], value, where)
    return known


def _replaced(prior: Prior, value: Quantity, where: object) -> Prior:
    low, high = (0.0, float("inf")) if prior.distribution == "fixed" else prior.bounds
    first, last = (value.low, value.high) if isinstance(value, Range) else (value, value)
    if not low <= first <= last <= high:
        found = f"{first:g}" if first == last else f"{first:g} to {last:g}"
        raise input_error(where, f"parameters.{prior.name}", found, f"from {low:g} to {high:g} {prior.unit}")
    return prior.with_value(first, last)
