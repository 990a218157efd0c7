"""Keyed random numbers: a draw depends on root seed, replication, decision, month and resident, on nothing
else.

Philox4x32-10 derives one 64-bit key per (root seed, replication, decision, month) outside the kernels;
Squares32 turns key and resident id into a uniform number inside them. Nothing here has state, so the order
of calls, the policy and the other residents cannot move a draw.

Sources: Salmon and others (2011), "Parallel random numbers: as easy as 1, 2, 3"; Widynski (2020), "Squares:
a fast counter-based RNG", including its rule for keys: eight distinct non-zero hexadecimal digits in each
half, odd at the end.
"""

import math
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel, rule

_CHUNK = 1024
"""Numbers drawn at a time, so that they stay in the processor's nearest memory."""


class Decision(IntEnum):
    """Every random decision of the model, one member and one place in the code each."""

    POPULATION_EDUCATION = 0
    POPULATION_ORIGIN = 1
    POPULATION_SWEDISH = 2
    POPULATION_LIMITATION = 3
    POPULATION_FIELD = 4
    POPULATION_EMPLOYABILITY = 5
    POPULATION_MEMBER = 6
    POPULATION_STATUS = 7
    POPULATION_SPELL = 8
    POPULATION_PARTNER = 9
    POPULATION_CHILDREN = 10
    POPULATION_HOUSING = 11
    POPULATION_OTHER_INCOME = 12
    POPULATION_WAGE = 13
    POPULATION_CONTRACT = 14
    POPULATION_RESERVE = 15
    MOVE_OUT = 16
    SEPARATION = 17
    REGISTRATION = 18
    OUTSIDE_ENTRY = 19
    REGISTER_EXIT = 20
    STUDY_END = 21
    HANDOVER_NEED = 22
    HANDOVER_LENGTH = 23
    HANDOVER_LOSS = 24
    HANDOVER_RETURN = 25
    PLAN_ORDER = 26
    DECISION_LENGTH = 27
    ACTIVITY_ENTRY = 28
    ACTIVITY_KIND = 29
    ACTIVITY_LENGTH = 30
    ACTIVITY_DROP_OUT = 31
    PLACE_ORDER = 32
    PLACE_KIND = 33
    HIRE = 34
    HIRE_ORDER = 35
    CONTRACT = 36
    SWEDISH_PROGRESS = 37
    TAKE_UP = 38
    ASSISTANCE_EXIT = 39
    ASSISTANCE_LENGTH = 40
    SUBSIDY = 41
    WORKPLACE = 42
    STUDY_START = 43
    STUDY_REGISTRATION = 44
    PERMANENT_CONTRACT = 45
    YOUTH_GUARANTEE = 46
    PLACE_LENGTH = 47
    SUBSIDY_LENGTH = 48
    CONVERSION = 49
    ACTIVITY_ORDER = 50
    GUARANTEE = 51
    DUTY = 52
    SANCTION = 53
    OUTREACH = 54
    SUBSIDISED_ORDER = 55
    SUBSIDISED_VACANCY = 56
    EDUCATION_ORDER = 57
    EDUCATION_LENGTH = 58
    SFI_ORDER = 59
    SFI_LENGTH = 60
    TRACK_ORDER = 61
    TRACK_FIELD = 62
    PARTNER = 63
    PARTNER_VACANCY = 64
    RESERVED_ORDER = 65
    COMMUTE = 66
    TRIAL = 67
    TRIAL_ORDER = 68
    SUBSIDISED_LENGTH = 69
    RESERVED_CONTRACT = 70


def philox(counter: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return Philox4x32-10 of each row.

    Args:
        counter: Shape (n, 4), uint32.
        key: Shape (2,), uint32.
    """
    words = [counter[:, i].astype(np.uint64) for i in range(4)]
    low32 = np.uint64(0xFFFFFFFF)
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        product0 = words[0] * np.uint64(0xD2511F53)
        product1 = words[2] * np.uint64(0xCD9E8D57)
        words = [
            ((product1 >> np.uint64(32)) ^ words[1] ^ np.uint64(k0)) & low32,
            product1 & low32,
            ((product0 >> np.uint64(32)) ^ words[3] ^ np.uint64(k1)) & low32,
            product0 & low32,
        ]
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(words, axis=1).astype(np.uint32)


@lru_cache(maxsize=8)
def stream_keys(root_seed: int, replication: int, first_month: int, months: int) -> NDArray[np.uint64]:
    """Return the Squares key of every month and decision; nobody changes them, for others are given the same.

    Args:
        root_seed: Any whole number from 0 to 2**64 - 1.
        replication: Index of chance, from 0.
        first_month: Month number of row 0.
        months: Number of rows.

    Returns:
        Shape (months, number of decisions), uint64.
    """
    decisions = len(Decision)
    rows = months * decisions
    counter = np.zeros((2 * rows, 4), dtype=np.uint32)
    index = np.arange(2 * rows)
    counter[:, 0] = (index // 2) % decisions
    counter[:, 1] = first_month + index // (2 * decisions)
    counter[:, 2] = replication
    counter[:, 3] = index % 2
    key = np.array([root_seed & 0xFFFFFFFF, (root_seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)
    words = philox(counter, key).reshape(rows, 2, 4)
    halves = [_distinct_digits(words[:, half, :], odd_last=half == 1) for half in range(2)]
    keys = (halves[0] << np.uint64(32)) | halves[1]
    return keys.reshape(months, decisions)


@kernel
def _distinct_digits(words: NDArray[np.uint32], odd_last: bool) -> NDArray[np.uint64]:
    """Return 32-bit numbers of eight distinct non-zero hexadecimal digits, by a Fisher-Yates draw of
    eight."""
    value = np.zeros(words.shape[0], dtype=np.uint64)
    digits = np.empty(15, dtype=np.uint64)
    for row in range(value.size):
        entropy = np.uint64(words[row, 0]) | (np.uint64(words[row, 1]) << np.uint64(32))
        for digit in range(15):
            digits[digit] = digit + 1
        for place in range(8):
            odd = odd_last and place == 0
            left = np.uint64(8 if odd else 15 - place)
            drawn = np.int64(entropy % left)
            pick = 2 * drawn if odd else place + drawn
            entropy = entropy // left
            chosen = digits[pick]
            digits[pick] = digits[place]
            digits[place] = chosen
            value[row] |= chosen << np.uint64(4 * place)
    return value


@rule
def squares32(counter: np.uint64, key: np.uint64) -> np.uint64:
    """Return 32 random bits for a counter under a key (Squares32, four rounds)."""
    shift = np.uint64(32)
    x = counter * key
    y = x
    z = y + key
    x = x * x + y
    x = (x >> shift) | (x << shift)
    x = x * x + z
    x = (x >> shift) | (x << shift)
    x = x * x + y
    x = (x >> shift) | (x << shift)
    return np.uint64((x * x + z) >> shift)


@rule
def uniform(key: np.uint64, identity: int) -> float:
    """Return the uniform number in (0, 1) of one resident under one key; never 0 and never 1."""
    return (np.int64(squares32(np.uint64(identity), key)) + 0.5) * 2.3283064365386963e-10


@rule
def words_below(bound: float) -> np.uint64:
    """Return how many 32-bit numbers give a uniform number below a bound; x gives (x + 1/2) / 2**32."""
    scaled = min(max(bound, 0.0), 1.0) * 4294967296.0
    whole = math.floor(scaled)
    return np.uint64(whole + (scaled - whole > 0.5))


@kernel
def uniforms(key: np.uint64, identities: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return one uniform number per resident under one key, float64, shape (n,)."""
    drawn = np.empty(identities.size)
    for i in range(identities.size):
        drawn[i] = uniform(key, identities[i])
    return drawn


@kernel
def below(key: np.uint64, identities: NDArray[np.int64], bound: float) -> NDArray[np.uint32]:
    """Return the positions, in order, of those whose uniform number under a key is below a bound, uint32.

    Where a decision's probability is small this finds the few whom it can concern, at a fraction of a
    nanosecond each.
    """
    found = np.empty(identities.size + 8, dtype=np.uint32)
    marks, some = np.zeros(_CHUNK, dtype=np.int8), np.empty(_CHUNK // 8, dtype=np.uint32)
    n, limit = 0, words_below(bound)
    for first in range(0, identities.size, _CHUNK):
        part = identities[first : first + _CHUNK]
        marks[part.size :] = 0
        for k in range(part.size):
            marks[k] = squares32(np.uint64(part[k]), key) < limit
        n = _note(marks, some, first, found, n)
    return found[:n].copy()


@kernel
def below_or_marked(
    key: np.uint64, identities: NDArray[np.int64], bound: float, marked: NDArray[np.int8]
) -> NDArray[np.uint32]:
    """Return the positions, in order, of those whose uniform number under a key is below a bound, and of all
    who are marked (not 0), uint32."""
    found = np.empty(identities.size + 8, dtype=np.uint32)
    marks, some = np.zeros(_CHUNK, dtype=np.int8), np.empty(_CHUNK // 8, dtype=np.uint32)
    n, limit = 0, words_below(bound)
    for first in range(0, identities.size, _CHUNK):
        part, own = identities[first : first + _CHUNK], marked[first : first + _CHUNK]
        marks[part.size :] = 0
        for k in range(part.size):
            marks[k] = (squares32(np.uint64(part[k]), key) < limit) | (own[k] != 0)
        n = _note(marks, some, first, found, n)
    return found[:n].copy()


@kernel
def below_each(
    key: np.uint64, identities: NDArray[np.int64], weights: NDArray[np.int32], scale: float
) -> NDArray[np.uint32]:
    """Return the positions, in order, of those whose uniform number under a key is below a bound of their
    own, their weight times ``scale``, uint32."""
    found = np.empty(identities.size + 8, dtype=np.uint32)
    marks, some = np.zeros(_CHUNK, dtype=np.int8), np.empty(_CHUNK // 8, dtype=np.uint32)
    n = 0
    for first in range(0, identities.size, _CHUNK):
        part, own = identities[first : first + _CHUNK], weights[first : first + _CHUNK]
        marks[part.size :] = 0
        for k in range(part.size):
            marks[k] = uniform(key, part[k]) < own[k] * scale
        n = _note(marks, some, first, found, n)
    return found[:n].copy()


@rule
def _note(
    marks: NDArray[np.int8], some: NDArray[np.uint32], first: int, found: NDArray[np.uint32], n: int
) -> int:
    """Add the positions that are marked with 1 to those found, in groups of eight of which some are; return
    how many there are now. Nothing is asked of single numbers, which a processor could only guess."""
    words = marks.view(np.int64)
    m = 0
    for word in range(words.size):
        some[m] = 8 * word
        m += words[word] != 0
    for start in some[:m]:
        for k in range(start, start + 8):
            found[n] = first + k
            n += marks[k]
    return n
