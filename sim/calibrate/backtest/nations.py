"""Let the places add up to the country.

Public name: `meet`.
"""

import numpy as np

from sim.calibrate.backtest.panel import Floats

_STEPS = 30


def meet(logs: Floats, response: Floats, weights: Floats, target: Floats) -> Floats:
    r"""Shift every place by its response times a common shift, so that the sum is the country's.

    Finds :math:`x_p` with :math:`\sum_c w_c \exp(\ell_{cp} + r_c x_p) = T_p` for each period, by Newton.

    Args:
        logs: Log levels [municipality, period].
        response: Log change of each place per unit of the common shift, above 0 on average.
        weights: Weight of each place.
        target: The country's level in each period.
    """
    shift = np.zeros(logs.shape[1])
    for _ in range(_STEPS):
        parts = weights[:, None] * np.exp(logs + response[:, None] * shift)
        total = parts.sum(axis=0)
        shift = shift + np.log(target / total) * total / (response[:, None] * parts).sum(axis=0)
    shifted: Floats = logs + response[:, None] * shift
    return shifted
