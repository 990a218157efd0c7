"""Compare a policy with its baseline person by person: the same people, the same chance, one policy apart.

The net difference of people at work is identified. Its parts (who is helped, who is displaced) are
bookkeeping of the model that depends on how the two runs are coupled; they are kept in one taxonomy that
sums exactly to the net:

    net = helped - held - delayed - displaced
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiment.tables import Columns
from sim.model.columns import Group
from sim.model.paths import Bits, Months, packed_bits
from sim.model.paths import PersonPath as Packed

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
    counts: dict[str, NDArray[np.int64]] = {}
    for first, second in _pairs(_packed(baseline), _packed(policy)):
        for kind, count in _counted(first, second).items():
            counts[kind] = counts[kind] + count if kind in counts else count
    return {
        (kind, group): counts[kind][:, cells].sum(axis=1).astype(np.float64)
        for kind in TAXONOMY
        for group, cells in _GROUP_CELLS.items()
    }


def _packed(path: PersonPath) -> Packed:
    if isinstance(path, Packed):
        return path
    return Packed.packed(path.ids, path.group, path.sex, path.at_work, path.reason, path.present)


def _pairs(baseline: Packed, policy: Packed) -> Sequence[tuple[Months, Months]]:
    """Return both runs' people over the same ids; a person who is not in a run is not present, group -1."""
    ids = [[part.ids for part in path.parts] for path in (baseline, policy)]
    if len(ids[0]) == len(ids[1]) and all(map(np.array_equal, *ids)):
        return list(zip(baseline.parts, policy.parts, strict=True))
    everybody = np.union1d(baseline.ids, policy.ids)
    return [(_over(everybody, baseline), _over(everybody, policy))]


def _over(ids: NDArray[np.int64], path: Packed) -> Months:
    columns = np.searchsorted(ids, path.ids)

    def wide(array: NDArray[Any], missing: int) -> NDArray[Any]:
        out = np.full((*array.shape[:-1], ids.size), missing, array.dtype)
        out[..., columns] = array
        return out

    spread = [wide(array, 0) for array in (path.sex, path.at_work, path.reason, path.present)]
    return Packed.packed(ids, wide(path.group, -1), *spread).parts[0]


def _counted(first: Months, second: Months) -> dict[str, NDArray[np.int64]]:
    """Count pairs of one municipality by kind, month and cell of sex and exclusive group."""
    members = _members(first, second)
    before, after = first.at_work & first.present, second.at_work & second.present
    lost = before & ~after
    held, delayed = lost & second.held, lost & second.delayed
    kinds = {
        "helped": after & ~before,
        "held": held,
        "delayed": delayed,
        "displaced": lost & ~held & ~delayed,
    }
    counts = {kind: _count(bits, members) for kind, bits in kinds.items()}
    counts["unchanged"] = _count(first.present | second.present, members) - sum(counts.values())
    return counts


def _members(first: Months, second: Months) -> Bits:
    """Return who is in each cell, read from the run that knows the person, shape (cells, words)."""
    known = first.group >= 0
    sex = np.where(known, first.sex, second.sex).astype(np.int64)
    cell = sex * len(Group) + np.where(known, first.group, second.group)
    return packed_bits(cell == np.arange(_CELLS)[:, None])


def _count(bits: Bits, members: Bits) -> NDArray[np.int64]:
    """Return the number of set bits by month and cell."""
    if not bits.any():
        return np.zeros((len(bits), _CELLS), dtype=np.int64)
    return np.stack([np.bitwise_count(bits & who).sum(axis=1, dtype=np.int64) for who in members], axis=1)


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
