"""Random numbers inside a kernel: the model's Squares32 against Philox4x32-10, nanoseconds a draw.

Both turn a resident's id under a key into a uniform number, and sum them so that no array is written. Philox
gives four 32-bit words a call; the model needs one a resident and decision, so it is also given the benefit
of using all four.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.records import Sample
from benchmarks.session import Session
from sim.core.compiled import kernel, rule
from sim.core.draws import philox, stream_keys, uniform
from sim.core.errors import SamspelError

_SCALE = 2.0**-32
Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


def generators(session: Session) -> list[Sample]:
    """Return nanoseconds a draw of each generator, taking turns."""
    sizes = session.sizes
    ids = (np.int64(480) << 24) + np.arange(sizes.draws, dtype=np.int64)
    key = stream_keys(1, 0, 0, 1)[0, 0]
    halves = np.array([key & np.uint64(0xFFFFFFFF), key >> np.uint64(32)], dtype=np.uint64)
    _require_known_philox(halves)
    works: dict[str, Callable[[], float]] = {
        "Squares32, one a call": lambda: squares_sum(key, ids),
        "Philox4x32-10, one of four words used": lambda: philox_sum(halves, ids),
        "Philox4x32-10, all four words used": lambda: philox_sum_of_four(halves, ids),
    }
    for work in works.values():
        work()  # compiles, or loads what is compiled
    taken: dict[str, list[float]] = {label: [] for label in works}
    for turn in range(sizes.turns):
        session.turn(f"turn {turn + 1} of {sizes.turns}")
        for label, work in works.items():
            began = time.process_time()
            work()
            taken[label].append(time.process_time() - began)
    facts = {"draws": sizes.draws, "compiled": "warm"}
    return [
        Sample(
            label=label,
            unit="ns/draw",
            values=tuple(1e9 * seconds / sizes.draws for seconds in values),
            facts=facts,
        )
        for label, values in taken.items()
    ]


@rule
def philox_words(c0: np.uint64, c1: np.uint64, k0: np.uint64, k1: np.uint64) -> Words:
    """Return the four words of Philox4x32-10 for a counter (c0, c1, 0, 0) under a key."""
    low = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    w0, w1, w2, w3 = c0, c1, np.uint64(0), np.uint64(0)
    a, b = k0, k1
    for _ in range(10):
        p0 = w0 * np.uint64(0xD2511F53)
        p1 = w2 * np.uint64(0xCD9E8D57)
        w0, w1, w2, w3 = (p1 >> shift) ^ w1 ^ a, p1 & low, (p0 >> shift) ^ w3 ^ b, p0 & low
        a = (a + np.uint64(0x9E3779B9)) & low
        b = (b + np.uint64(0xBB67AE85)) & low
    return w0, w1, w2, w3


@kernel
def squares_sum(key: np.uint64, ids: NDArray[np.int64]) -> float:
    """Return the sum of one uniform number a resident."""
    total = 0.0
    for i in range(ids.size):
        total += uniform(key, ids[i])
    return total


@kernel
def philox_sum(key: NDArray[np.uint64], ids: NDArray[np.int64]) -> float:
    """Return the sum of one uniform number a resident, from a call of its own."""
    total = 0.0
    for i in range(ids.size):
        identity = np.uint64(ids[i])
        words = philox_words(identity & np.uint64(0xFFFFFFFF), identity >> np.uint64(32), key[0], key[1])
        total += (np.int64(words[0]) + 0.5) * _SCALE
    return total


@kernel
def philox_sum_of_four(key: NDArray[np.uint64], ids: NDArray[np.int64]) -> float:
    """Return the sum of as many uniform numbers, four from each call."""
    total = 0.0
    for i in range(ids.size // 4):
        identity = np.uint64(ids[i])
        words = philox_words(identity & np.uint64(0xFFFFFFFF), identity >> np.uint64(32), key[0], key[1])
        for word in words:
            total += (np.int64(word) + 0.5) * _SCALE
    return total


@kernel
def _first_words(key: NDArray[np.uint64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    found = np.empty((ids.size, 4), dtype=np.int64)
    for i in range(ids.size):
        identity = np.uint64(ids[i])
        words = philox_words(identity & np.uint64(0xFFFFFFFF), identity >> np.uint64(32), key[0], key[1])
        for place in range(4):
            found[i, place] = np.int64(words[place])
    return found


def _require_known_philox(key: NDArray[np.uint64]) -> None:
    """Require that the kernel's Philox is the one that the model's keys come from."""
    ids = (np.int64(480) << 24) + np.arange(64, dtype=np.int64)
    counter = np.zeros((ids.size, 4), dtype=np.uint32)
    counter[:, 0], counter[:, 1] = ids & 0xFFFFFFFF, ids >> 32
    if not np.array_equal(_first_words(key, ids), philox(counter, key.astype(np.uint32)).astype(np.int64)):
        raise SamspelError("benchmarks/generators.py: its Philox4x32-10 differs from that of sim.core.draws.")
