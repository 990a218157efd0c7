"""What each person did each month, four bits a month, for comparing worlds person by person.

Public names: `PersonPath`, `PathRecord` (which writes one), `Months` and its `Bits`, `packed_bits`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import DELAYED, HELD, HERE, PLACEMENT
from sim.model.columns import Reason, ResidentColumns

Bits = NDArray[np.uint64]
_WORD = 64


@dataclass(frozen=True)
class Months:
    """The people of one municipality: one bit a person and month, 64 persons a word.

    Attributes:
        ids: Permanent ids, int64, shape (n,).
        group: Exclusive report group, int8, shape (n,).
        sex: 0 women, 1 men, int8, shape (n,).
        at_work: At work, shape (horizon, words); the bits after the last person are 0 everywhere.
        held: The latest hire missed was missed in an activity (`Reason.HELD`).
        delayed: It was missed by the policy's delay (`Reason.DELAYED`).
        present: Lives here.
    """

    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: Bits
    held: Bits
    delayed: Bits
    present: Bits


@dataclass(frozen=True)
class PersonPath:
    """What each person of one or several municipalities did each month.

    The arrays are unpacked when they are asked for, in order of id where there are several municipalities;
    what must be small reads ``parts``.
    """

    parts: tuple[Months, ...]

    @classmethod
    def packed(
        cls,
        ids: NDArray[np.int64],
        group: NDArray[np.int8],
        sex: NDArray[np.int8],
        at_work: NDArray[np.generic],
        reason: NDArray[np.int8],
        present: NDArray[np.bool_],
    ) -> "PersonPath":
        """Return the path of plain arrays by month and person."""
        planes = (at_work != 0, reason == Reason.HELD, reason == Reason.DELAYED, present)
        return cls((Months(ids, group, sex, *(packed_bits(plane) for plane in planes)),))

    @classmethod
    def together(cls, paths: Iterable["PersonPath"]) -> "PersonPath":
        """Return the people of all the paths, without a copy."""
        return cls(tuple(part for path in paths for part in path.parts))

    @property
    def ids(self) -> NDArray[np.int64]:
        """Permanent ids, int64, shape (n,)."""
        return self._by_id([part.ids for part in self.parts])

    @property
    def group(self) -> NDArray[np.int8]:
        """Exclusive report group, int8, shape (n,)."""
        return self._by_id([part.group for part in self.parts])

    @property
    def sex(self) -> NDArray[np.int8]:
        """0 women, 1 men, int8, shape (n,)."""
        return self._by_id([part.sex for part in self.parts])

    @property
    def at_work(self) -> NDArray[np.int8]:
        """1 at work, int8, shape (horizon, n)."""
        return self._plane("at_work").astype(np.int8)

    @property
    def reason(self) -> NDArray[np.int8]:
        """Why a hire was missed (`sim.model.columns.Reason`), int8, shape (horizon, n)."""
        held, delayed = self._plane("held"), self._plane("delayed")
        return (held * np.int8(Reason.HELD) + delayed * np.int8(Reason.DELAYED)).astype(np.int8)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Lives here, bool, shape (horizon, n)."""
        return self._plane("present")

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all arrays by name."""
        names = ("ids", "group", "sex", "at_work", "reason", "present")
        return {name: getattr(self, name) for name in names}

    def _plane(self, name: str) -> NDArray[np.bool_]:
        return self._by_id([_unpacked_bits(getattr(part, name), part.ids.size) for part in self.parts])

    def _by_id[Kind: np.generic](self, pieces: list[NDArray[Kind]]) -> NDArray[Kind]:
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=-1)[..., self._order]

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(np.concatenate([part.ids for part in self.parts]))


class PathRecord:
    """Notes what each resident does, month by month."""

    def __init__(self, people: int, horizon: int) -> None:
        words = -(-people // _WORD)
        self._at_work, self._held, self._delayed, self._present = (
            np.zeros((horizon, words), dtype=np.uint64) for _ in range(4)
        )
        self._planes = np.zeros((4, words * _WORD), dtype=np.bool_)

    def note(self, r: ResidentColumns, month: int) -> None:
        """Note a month of the horizon, from 0. A month in which nobody has missed a hire takes no memory."""
        here, at_work, held, delayed = self._planes[:, : r.id.size]
        np.equal(r.presence, HERE, out=here)
        np.greater_equal(r.status, PLACEMENT, out=at_work)
        at_work &= here
        missed = bool(r.reason.any())
        if missed:
            np.equal(r.reason, HELD, out=held)
            np.equal(r.reason, DELAYED, out=delayed)
        bits = packed_bits(self._planes[: 4 if missed else 2])
        self._present[month], self._at_work[month] = bits[0], bits[1]
        if missed:
            self._held[month], self._delayed[month] = bits[2], bits[3]

    def path(self, r: ResidentColumns) -> PersonPath:
        """Return what has been noted."""
        months = Months(r.id, r.group, r.sex, self._at_work, self._held, self._delayed, self._present)
        return PersonPath((months,))


def packed_bits(plane: NDArray[np.bool_]) -> Bits:
    """Return the bits of a boolean array, the last axis in words of 64, the first person lowest."""
    packed = np.packbits(plane, axis=-1, bitorder="little")
    missing = -packed.shape[-1] % 8
    if missing:
        packed = np.pad(packed, [(0, 0)] * (plane.ndim - 1) + [(0, missing)])
    return packed.view("<u8").astype(np.uint64, copy=False)


def _unpacked_bits(bits: Bits, people: int) -> NDArray[np.bool_]:
    """Return the boolean array of which `packed_bits` made words."""
    flat = bits.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(flat, axis=-1, count=people, bitorder="little").view(np.bool_)
