r"""Find the municipal parameters that belong to each national point: randomised maximum a posteriori.

For national point d, with e_d what its run deviates from the emulator m,

.. math:: z_d = \arg\min_z \sum_k \frac{(y_k + \delta_{dk} - m_k(z) - e_{dk})^2}{s_k^2} + |z - z^0_d|^2,

where :math:`y` are the official log moments, :math:`\delta_d \sim N(0, s^2)` is what the model is not
expected to hit, and :math:`z^0_d \sim N(0, 1)` is drawn from the prior. For a linear m the z_d are draws from
the posterior at that point; national parameters keep their prior, for one municipality's figures are not to
move what is national (a *cut* posterior).

Public names: `solve`, and `slopes` of an emulator.
"""

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.emulator import Emulator

Floats = NDArray[np.float64]
_STEPS = 30
_FURTHEST = 1.0
_LIMIT = 3.2
_STEP = 1e-3


def solve(
    emulator: Emulator, residuals: Floats, wanted: Floats, sd: Floats, prior: Floats, start: Floats
) -> Floats:
    """Return z_d for every d, shape (n, 3), by Gauss-Newton on all at once, in steps of at most 1.

    Args:
        emulator: m.
        residuals: e, shape (n, moments).
        wanted: y + delta, shape (n, moments).
        sd: s by moment, shape (moments,).
        prior: z^0, shape (n, 3).
        start: Where to begin, shape (n, 3).
    """
    z = start.copy()
    weight = 1.0 / sd**2
    for _ in range(_STEPS):
        slope = slopes(emulator, z)
        gap = wanted - emulator.predict(z) - residuals
        curvature = np.einsum("nki,k,nkj->nij", slope, weight, slope) + np.eye(z.shape[1])
        downhill = np.einsum("nki,k,nk->ni", slope, weight, gap) + (prior - z)
        step = np.linalg.solve(curvature, downhill[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, _FURTHEST / np.maximum(longest, 1e-12))
        z = np.clip(z + step, -_LIMIT, _LIMIT)
        if float(longest.max()) < 1e-6:
            break
    return z


def slopes(emulator: Emulator, z: Floats) -> Floats:
    """Return the derivatives of each log moment by each z, shape (n, moments, 3)."""
    columns = []
    for k in range(z.shape[1]):
        move = np.zeros(z.shape[1])
        move[k] = _STEP
        columns.append((emulator.predict(z + move) - emulator.predict(z - move)) / (2.0 * _STEP))
    return np.stack(columns, axis=2)
