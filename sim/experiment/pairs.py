"""Compare a policy with its baseline person by person: the same people, the same chance, one policy apart.

The net difference of people at work is identified. Its parts (who is helped, who is displaced) are
bookkeeping of the model that depends on how the two runs are coupled; they are kept in one taxonomy that
sums exactly to the net:

    net = helped - held - delayed - displaced
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiment.tables import Columns
from sim.model.columns import Group, Reason

TAXONOMY = ("helped", "held", "delayed", "displaced", "unchanged")
_CELLS = 2 * len(Group)
_GROUP_CELLS: dict[str, list[int]] = {
    "all": list(range(_CELLS)),
    "women": list(range(len(Group))),
    "men": list(range(len(Group), _CELLS)),
    **{group.name.lower(): [int(group), int(group) + len(Group)] for group in Group},
}
_MONEY = ("net_", "flow_", "assistance_paid")


class PersonPath(Protocol):
    """Where each person was each month: arrays by month and person, one column per permanent id."""

    @property
    def ids(self) -> NDArray[np.int64]:
        """Return the permanent ids, ``[n]``."""

    @property
    def group(self) -> NDArray[np.int8]:
        """Return the exclusive group (`sim.model.columns.Group`), ``[n]``."""

    @property
    def sex(self) -> NDArray[np.int8]:
        """Return 0 for women and 1 for men, ``[n]``."""

    @property
    def at_work(self) -> NDArray[np.int8]:
        """Return 1 for people in work, ``[horizon, n]``."""

    @property
    def reason(self) -> NDArray[np.int8]:
        """Return why a person was kept from work (`sim.model.columns.Reason`), ``[horizon, n]``."""

    @property
    def present(self) -> NDArray[np.bool_]:
        """Return whether the person lives here, ``[horizon, n]``."""


class Outcome(Protocol):
    """What one run of the model returns."""

    @property
    def series(self) -> Mapping[tuple[str, str], NDArray[np.float64]]:
        """Return monthly values by (indicator, group)."""

    @property
    def persons(self) -> PersonPath:
        """Return the people behind them."""


@dataclass(frozen=True)
class _Aligned:
    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: NDArray[np.int8]
    reason: NDArray[np.int8]
    present: NDArray[np.bool_]


def differences(baseline: Outcome, policy: Outcome) -> Columns:
    """Return policy minus baseline by (indicator, group), with money since the start and the taxonomy.

    Money of a month (``net_*``, ``flow_*``, ``assistance_paid``) is also accumulated, as ``cum_*``.

    Raises:
        ArithmeticError: The taxonomy does not sum to the difference of ``employed`` in some group and month.
    """
    zeros = np.zeros_like(next(iter(baseline.series.values())))
    columns: dict[tuple[str, str], NDArray[np.float64]] = {}
    for indicator, group in baseline.series.keys() | policy.series.keys():
        key = (indicator, group)
        columns[key] = policy.series.get(key, zeros) - baseline.series.get(key, zeros)
        if indicator.startswith(_MONEY):
            columns[f"cum_{indicator}", group] = np.cumsum(columns[key])
    kinds = taxonomy(baseline.persons, policy.persons)
    _check_net(kinds, columns)
    return columns | kinds


def taxonomy(baseline: PersonPath, policy: PersonPath) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Count person pairs by kind, group and month.

    A pair is *helped* when at work under the policy only. At work in the baseline only, it is *held* in
    an activity, *delayed* by the change, or else *displaced* by others. All other pairs are *unchanged*.
    """
    same = np.array_equal(baseline.ids, policy.ids)
    ids = baseline.ids if same else np.union1d(baseline.ids, policy.ids)
    first, second = _aligned(baseline, ids), _aligned(policy, ids)
    cell = _cells(first, second)
    here = first.present | second.present
    before = (first.at_work != 0) & first.present
    after = (second.at_work != 0) & second.present

    month, person = np.nonzero(before != after)
    helped = after[month, person]
    reason = second.reason[month, person]
    held = ~helped & (reason == Reason.HELD)
    delayed = ~helped & (reason == Reason.DELAYED)
    kinds = {"helped": helped, "held": held, "delayed": delayed, "displaced": ~(helped | held | delayed)}
    counts = {
        kind: _count(month[chosen], cell[person[chosen]], len(before)) for kind, chosen in kinds.items()
    }
    member = (cell[:, None] == np.arange(_CELLS)).astype(np.float32)
    present = (here.astype(np.float32) @ member).astype(np.int64)  # exact: counts below 2**24
    counts["unchanged"] = present - sum(counts.values())
    return {
        (kind, group): count[:, cells].sum(axis=1).astype(np.float64)
        for kind, count in counts.items()
        for group, cells in _GROUP_CELLS.items()
    }


def _aligned(path: PersonPath, ids: NDArray[np.int64]) -> PersonPath:
    """Return one run over the ids of both runs; a person who is not in this run is not present, group -1."""
    if np.array_equal(path.ids, ids):
        return path
    columns = np.searchsorted(ids, path.ids)

    def wide(array: NDArray[Any], missing: int) -> NDArray[Any]:
        out = np.full((*array.shape[:-1], ids.size), missing, array.dtype)
        out[..., columns] = array
        return out

    return _Aligned(
        ids,
        wide(path.group, -1),
        wide(path.sex, 0),
        wide(path.at_work, 0),
        wide(path.reason, 0),
        wide(path.present, 0),
    )


def _cells(first: PersonPath, second: PersonPath) -> NDArray[np.int64]:
    """Return each pair's cell of sex and exclusive group, read from the run that knows the person."""
    known = first.group >= 0
    sex = np.where(known, first.sex, second.sex).astype(np.int64)
    return sex * len(Group) + np.where(known, first.group, second.group)


def _count(month: NDArray[np.int64], cell: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    return np.bincount(month * _CELLS + cell, minlength=horizon * _CELLS).reshape(horizon, _CELLS)


def _check_net(kinds: Columns, columns: Columns) -> None:
    for (indicator, group), change in columns.items():
        if indicator == "employed" and ("helped", group) in kinds:
            lost = kinds["held", group] + kinds["delayed", group] + kinds["displaced", group]
            wrong = np.flatnonzero(kinds["helped", group] - lost != change)
            if wrong.size:
                raise ArithmeticError(
                    f"helped, held, delayed and displaced do not sum to the change of employed, "
                    f"group {group}, month {wrong[0] + 1}"
                )
