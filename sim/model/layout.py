"""How columns lie in memory: read for everybody, each on its own; else together, a record for each row.

A pass that visits one resident in eight finds all about a resident in two lines of memory. Apart, each of
thirty columns would cost it one.

Public names: `allocate_residents`, `allocate_households` and `copied`.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import HouseholdColumns, ResidentColumns

_RESIDENT_TYPES: dict[str, type[np.generic]] = {
    "id": np.int64, "household": np.uint32,
    **dict.fromkeys(("ability", "gain", "case_days"), np.float64),
    **dict.fromkeys(
        ("partner", "birth", "arrival", "permit", "study_end", "contact", "wage", "other_income", "income",
         "earned", "income_before", "earned_before", "weight", "weight_free", "weight_calm", "weight_alone"),
        np.int32),
    **dict.fromkeys(
        ("market", "spell", "in_status", "left", "insurance_days", "worked", "open_months"), np.int16),
}  # fmt: skip
_HOUSEHOLD_TYPES: dict[str, type[np.generic]] = {
    "id": np.int64, "days": np.float64,
    **dict.fromkeys(("reference", "partner", "housing", "owed", "paid"), np.int32),
    **dict.fromkeys(("months", "history"), np.int16),
}  # fmt: skip
_READ_FOR_ALL = frozenset((
    "id", "status", "presence", "reason", "weight", "registered", "assistance",
))  # fmt: skip
"""Columns that some pass reads for everybody."""
_PAY_AND_SEARCH = (
    "ability", "gain", "case_days", "wage", "other_income", "income", "earned", "income_before",
    "earned_before", "weight_free", "weight_calm", "weight_alone",
)  # fmt: skip
"""What pay and search read of those whom they visit: the first of the two lines of a resident."""
_LINE = 64
"""Bytes that a processor fetches at a time."""
_RESIDENT_BYTES, _HOUSEHOLD_BYTES = 2 * _LINE, 40


def allocate_residents(rows: int) -> ResidentColumns:
    """Return zeroed resident columns, int8 unless named."""
    names = ResidentColumns._fields
    return ResidentColumns._make(_laid_out(names, _RESIDENT_TYPES, _PAY_AND_SEARCH, _RESIDENT_BYTES, rows))


def allocate_households(rows: int) -> HouseholdColumns:
    """Return zeroed household columns, int8 unless named."""
    names = HouseholdColumns._fields
    return HouseholdColumns._make(_laid_out(names, _HOUSEHOLD_TYPES, (), _HOUSEHOLD_BYTES, rows))


def copied[Columns: (ResidentColumns, HouseholdColumns)](columns: Columns) -> Columns:
    """Return an independent copy."""
    rows = columns.id.size
    new = allocate_residents(rows) if isinstance(columns, ResidentColumns) else allocate_households(rows)
    for name in columns._fields:
        if name in _READ_FOR_ALL:
            getattr(new, name)[:] = getattr(columns, name)
    _records(new)[:] = _records(columns)
    return new


def _records(columns: ResidentColumns | HouseholdColumns) -> NDArray[np.uint8]:
    """Return the bytes of the records of which columns are views."""
    people = isinstance(columns, ResidentColumns)
    first, size = ("ability", _RESIDENT_BYTES) if people else ("days", _HOUSEHOLD_BYTES)
    column: NDArray[np.float64] = getattr(columns, first)
    memory = column.base
    assert isinstance(memory, np.ndarray) and memory.dtype == np.uint8
    start = column.ctypes.data - memory.ctypes.data
    records: NDArray[np.uint8] = memory[start : start + column.size * size]
    return records


def _laid_out(
    names: tuple[str, ...],
    types: Mapping[str, type[np.generic]],
    first: tuple[str, ...],
    size: int,
    rows: int,
) -> Iterator[NDArray[np.generic]]:
    """Yield zeroed columns in the order of their names; of those in records, which have ``size`` bytes,
    ``first`` stand in front."""
    kinds = {name: np.dtype(types.get(name, np.int8)) for name in names}
    rest = [name for name in names if name not in _READ_FOR_ALL and name not in first]
    rest.sort(key=lambda name: -kinds[name].itemsize)
    fields = [(name, kinds[name].str) for name in (*first, *rest)]
    unused = size - np.dtype(fields).itemsize
    record = np.dtype([*fields, ("unused", f"V{unused}")])
    memory = np.zeros(rows * size + _LINE, dtype=np.uint8)
    start = -memory.ctypes.data % _LINE
    records = memory[start : start + rows * size].view(record)
    for name in names:
        yield np.zeros(rows, dtype=kinds[name]) if name in _READ_FOR_ALL else records[name]
