"""Fit the synthetic population to the margins that exist."""

import numpy as np
from numpy.typing import NDArray


def fit_to_margins(
    seed: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64], rounds: int = 200
) -> NDArray[np.float64]:
    """Return the table nearest to ``seed`` with the given row and column sums (iterative proportional
    fitting).

    Args:
        seed: Prior association, shape (rows, columns), positive.
        rows: Row sums, shape (rows,).
        columns: Column sums, shape (columns,); scaled to the total of ``rows``.
        rounds: Number of passes.
    """
    table = seed.astype(np.float64)
    target = columns * (rows.sum() / columns.sum())
    for _ in range(rounds):
        table = table * (rows / np.maximum(table.sum(axis=1), 1e-300))[:, None]
        table = table * (target / np.maximum(table.sum(axis=0), 1e-300))[None, :]
    return table * (rows / np.maximum(table.sum(axis=1), 1e-300))[:, None]


def whole(shares: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Return whole numbers in proportion to ``shares`` that sum to ``total`` (largest remainder)."""
    exact = shares * (total / shares.sum())
    counts = np.floor(exact).astype(np.int64)
    short = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:short]] += 1
    return counts
