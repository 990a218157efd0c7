"""Known answers, key rules and independence of the keyed random numbers."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

import sim.model
from sim.core.draws import Decision, philox, squares32, stream_keys, uniform

LIMIT = 4.5
"""Standard errors that a correlation may lie from zero."""

# Random123, kat_vectors: philox4x32, 10 rounds (counter, key, result); the last one is of digits of pi.
PHILOX = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> NDArray[np.uint32]:
    return np.array([int(word, 16) for word in text.split()], dtype=np.uint32)


@pytest.mark.parametrize(("counter", "key", "result"), PHILOX)
def test_philox_gives_its_published_answers(counter: str, key: str, result: str) -> None:
    rows = np.stack([words(counter), words(PHILOX[0][0])])
    assert philox(rows, words(key))[0].tolist() == words(result).tolist()


def squares_in_whole_numbers(counter: int, key: int) -> int:
    """Squares32 restated with Python's integers from the paper."""
    mask = (1 << 64) - 1
    x = y = counter * key & mask
    z = (y + key) & mask
    for add in (y, z, y):
        x = (x * x + add) & mask
        x = (x >> 32) | (x << 32) & mask
    return ((x * x + z) & mask) >> 32


def test_squares_gives_its_published_answers() -> None:
    key = 0x548C9DECBCE65297
    published = [0x36D88366, 0x944716E0, 0xC8A8F4E0]  # upper halves of the published squares64 vector
    assert [squares_in_whole_numbers(counter, key) for counter in range(3)] == published
    assert [int(squares32(np.uint64(counter), np.uint64(key))) for counter in range(3)] == published


def test_squares_agrees_with_whole_numbers_for_the_ids_and_keys_of_the_model() -> None:
    for key in stream_keys(1, 0, 24204, 2).ravel()[::7]:
        for identity in (0, 1, 480 << 24, (480 << 24) | 40_533, (2584 << 24) | 0xFFFFFF):
            expected = squares_in_whole_numbers(identity, int(key))
            assert int(squares32(np.uint64(identity), key)) == expected
            assert uniform(key, identity) == (expected + 0.5) / 2**32


def test_keys_follow_the_rule_of_eight_distinct_digits_in_each_half() -> None:
    keys = np.concatenate(
        [stream_keys(root, rep, 24204, 24).ravel() for root in (0, 1, 2**64 - 1) for rep in (0, 7)]
    )
    for key in keys.tolist():
        text = f"{key:016x}"
        for half in (text[:8], text[8:]):
            assert len(set(half)) == 8 and "0" not in half, text
        assert key % 2 == 1, text
    assert len(set(keys.tolist())) == keys.size


def test_keys_use_every_digit_in_every_place() -> None:
    """Alike in the upper half; in the lower half one of the eight odd digits is taken for the last place, so
    that an odd digit is left for the others in seven cases of eight, each then one of fourteen."""
    keys = stream_keys(5, 0, 24000, 60).ravel()
    odd = np.arange(1, 16) % 2 == 1
    for place in range(1, 16):
        digits = (keys >> np.uint64(4 * place)) & np.uint64(15)
        counts = np.bincount(digits.astype(np.int64), minlength=16)[1:]
        share = np.where(odd, 7 / 8 / 14, 1 / 14) if place < 8 else np.full(15, 1 / 15)
        expected = keys.size * share
        assert ((counts - expected) ** 2 / expected).sum() < chi2.isf(1e-5, 14), place


def test_a_key_depends_on_root_replication_month_and_decision_only() -> None:
    whole = stream_keys(3, 2, 24000, 12)
    assert (stream_keys(3, 2, 24005, 4) == whole[5:9]).all()
    others = [
        stream_keys(4, 2, 24000, 12),
        stream_keys(3, 3, 24000, 12),
        stream_keys(3 + 2**32, 2, 24000, 12),
    ]
    for first, second in combinations([whole, *others], 2):
        assert not np.isin(first, second).any()
    assert np.unique(whole).size == whole.size == 12 * len(Decision)


def streams() -> Iterator[NDArray[np.float64]]:
    ids = [(480 << 24) | serial for serial in range(2000)]
    for replication in range(2):
        for key in stream_keys(1, replication, 24204, 2).ravel():
            yield np.array([uniform(key, identity) for identity in ids])


def test_streams_are_uniform_and_uncorrelated() -> None:
    """All pairs of decisions, months and replications over consecutive ids, and each id with the next."""
    draws = np.stack(list(streams()))
    n = draws.shape[1]
    assert draws.min() > 0.0 and draws.max() < 1.0
    correlations: NDArray[np.float64] = np.asarray(np.corrcoef(draws))
    pairs = correlations[np.triu_indices(len(draws), 1)]
    assert np.abs(pairs).max() * np.sqrt(n) < LIMIT
    assert abs(np.mean(pairs**2) * n - 1.0) < LIMIT * np.sqrt(2.0 / pairs.size)
    centred = draws - 0.5
    neighbours = 12.0 * (centred[:, :-1] * centred[:, 1:]).mean(axis=1)
    assert np.abs(neighbours).max() * np.sqrt(n - 1) < LIMIT
    bins = np.stack([np.histogram(row, 32, (0.0, 1.0))[0] for row in draws])
    expected = n / 32
    statistic = ((bins - expected) ** 2 / expected).sum()
    freedom = 31 * len(draws)
    assert abs(statistic - freedom) < LIMIT * np.sqrt(2.0 * freedom)


def test_no_decision_is_drawn_for_in_two_modules() -> None:
    """A draw for two choices of one month would tie them; draws on arrival have a month of their own."""
    folder = Path(sim.model.__file__).parent
    places: dict[str, set[str]] = {}
    for path in (*folder.rglob("*.py"), folder.parent / "evaluate" / "follow.py"):
        for name in re.findall(r"Decision\.([A-Z_]+)", path.read_text(encoding="utf-8")):
            places.setdefault(name, set()).add("arrival" if path.parent == folder else path.stem)
    assert set(places) == set(Decision.__members__)
    assert {name: where for name, where in places.items() if len(where - {"arrival"}) > 1} == {}
