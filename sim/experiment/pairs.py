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

from sim.core.compiled import kernel
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
_IN_GROUP = np.array([[cell in cells for cell in range(_CELLS)] for cells in _GROUP_CELLS.values()], np.int64)
_HELPED, _HELD, _DELAYED, _DISPLACED, _UNCHANGED = range(len(TAXONOMY))
_REASON_HELD, _REASON_DELAYED = int(Reason.HELD), int(Reason.DELAYED)
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
    keys = list({**baseline.series, **policy.series})
    before, after = (np.array([run.series.get(key, zeros) for key in keys]) for run in (baseline, policy))
    columns = dict(zip(keys, after - before, strict=True))
    money = [key for key in keys if key[0].startswith(_MONEY)]
    if money:
        sums = np.cumsum([columns[key] for key in money], axis=1)
        columns |= {(f"cum_{name}", group): row for (name, group), row in zip(money, sums, strict=True)}
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
    counts = np.zeros((len(first.at_work), _CELLS, len(TAXONOMY)), dtype=np.int64)
    _count(
        first.at_work,
        first.present,
        second.at_work,
        second.present,
        second.reason,
        _cells(first, second),
        counts,
    )
    by_group = _IN_GROUP @ counts  # [month, group, kind], whole numbers
    return {
        (kind, group): np.ascontiguousarray(by_group[:, row, column], dtype=np.float64)
        for column, kind in enumerate(TAXONOMY)
        for row, group in enumerate(_GROUP_CELLS)
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


@kernel
def _count(
    work_first: NDArray[np.int8],
    here_first: NDArray[np.bool_],
    work_second: NDArray[np.int8],
    here_second: NDArray[np.bool_],
    reason: NDArray[np.int8],
    cell: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Add each person pair of each month to ``counts``, [month, cell, kind in the order of `TAXONOMY`]."""
    for month in range(work_first.shape[0]):
        for i in range(cell.size):
            one, other = here_first[month, i], here_second[month, i]
            before = one and work_first[month, i] != 0
            after = other and work_second[month, i] != 0
            if before == after:
                if one or other:
                    counts[month, cell[i], _UNCHANGED] += 1
            elif after:
                counts[month, cell[i], _HELPED] += 1
            elif reason[month, i] == _REASON_HELD:
                counts[month, cell[i], _HELD] += 1
            elif reason[month, i] == _REASON_DELAYED:
                counts[month, cell[i], _DELAYED] += 1
            else:
                counts[month, cell[i], _DISPLACED] += 1


def _check_net(kinds: Columns, columns: Columns) -> None:
    groups = [group for group in _GROUP_CELLS if ("employed", group) in columns]
    if not groups:
        return
    kind = {name: np.array([kinds[name, group] for group in groups]) for name in TAXONOMY}
    change = np.array([columns["employed", group] for group in groups])
    wrong = kind["helped"] - (kind["held"] + kind["delayed"] + kind["displaced"]) != change
    if wrong.any():
        group, month = np.argwhere(wrong)[0]
        raise ArithmeticError(
            f"helped, held, delayed and displaced do not sum to the change of employed, "
            f"group {groups[group]}, month {month + 1}"
        )
