"""The person taxonomy against a loop over persons, and its sum against the net."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.experiment.pairs import TAXONOMY, differences, taxonomy
from sim.experiment.tables import GROUPS
from sim.model.columns import Group

KINDS = tuple(group.name.lower() for group in Group)


@dataclass(frozen=True)
class Path:
    """A person path of the least kind that the taxonomy needs."""

    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: NDArray[np.int8]
    reason: NDArray[np.int8]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class Run:
    """A model outcome: its people, and the series that follow from them."""

    persons: Path
    more: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)

    @property
    def series(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Return people at work by group, and what else was given."""
        path = self.persons
        work = (path.at_work != 0) & path.present
        chosen = {"all": path.sex >= 0, "women": path.sex == 0, "men": path.sex == 1}
        chosen |= {name: path.group == code for code, name in enumerate(KINDS)}
        employed = {("employed", name): work[:, who].sum(axis=1) * 1.0 for name, who in chosen.items()}
        return employed | self.more


@st.composite
def path_pairs(draw: st.DrawFn) -> tuple[Path, Path]:
    """Draw two runs over people that overlap in part and keep their sex and group."""
    seed = draw(st.integers(0, 2**32 - 1))
    horizon, size = draw(st.integers(1, 5)), draw(st.integers(1, 25))
    everyone = draw(st.booleans())
    rng = np.random.default_rng(seed)
    ids = np.sort(rng.choice(1000, size, replace=False)).astype(np.int64)
    group, sex = rng.integers(0, 4, size, np.int8), rng.integers(0, 2, size, np.int8)

    def one() -> Path:
        kept = np.ones(size, bool) if everyone else rng.random(size) < 0.8
        shape = (horizon, int(kept.sum()))
        return Path(
            ids[kept],
            group[kept],
            sex[kept],
            rng.integers(0, 2, shape, np.int8),
            rng.integers(0, 3, shape, np.int8),
            rng.random(shape) < 0.9,
        )

    return one(), one()


def by_hand(baseline: Path, policy: Path, month: int, group: str) -> dict[str, int]:
    """Return the taxonomy of one month and group, one person at a time."""
    counts = dict.fromkeys(TAXONOMY, 0)
    for person in sorted(set(baseline.ids.tolist()) | set(policy.ids.tolist())):
        seen = []
        for path in (baseline, policy):
            at = np.flatnonzero(path.ids == person)
            if at.size and path.present[month, at[0]]:
                seen.append((bool(path.at_work[month, at[0]]), int(path.reason[month, at[0]])))
            else:
                seen.append((False, int(path.reason[month, at[0]]) if at.size else 0))
        owner = next(path for path in (baseline, policy) if person in path.ids)
        at = np.flatnonzero(owner.ids == person)[0]
        names = {"all", ("women", "men")[owner.sex[at]], KINDS[owner.group[at]]}
        here = any(
            person in path.ids and path.present[month, path.ids == person][0] for path in (baseline, policy)
        )
        if group not in names or not here:
            continue
        (before, _), (after, reason) = seen
        if before == after:
            counts["unchanged"] += 1
        elif after:
            counts["helped"] += 1
        else:
            counts[{1: "held", 2: "delayed"}.get(reason, "displaced")] += 1
    return counts


@given(path_pairs())
def test_taxonomy_agrees_with_a_loop_over_persons(pair: tuple[Path, Path]) -> None:
    baseline, policy = pair
    kinds = taxonomy(baseline, policy)
    for group in GROUPS:
        for month in range(len(baseline.at_work)):
            expected = by_hand(baseline, policy, month, group)
            assert {kind: kinds[kind, group][month] for kind in TAXONOMY} == expected


@given(path_pairs())
def test_taxonomy_sums_to_net_and_groups_sum_to_all(pair: tuple[Path, Path]) -> None:
    baseline, policy = Run(pair[0]), Run(pair[1])
    effect = differences(baseline, policy)
    for group in GROUPS:
        net = effect["helped", group] - effect["held", group] - effect["delayed", group]
        assert np.array_equal(net - effect["displaced", group], effect["employed", group])
    for kind in (*TAXONOMY, "employed"):
        assert np.array_equal(effect[kind, "women"] + effect[kind, "men"], effect[kind, "all"])
        assert np.array_equal(sum(effect[kind, name] for name in KINDS), effect[kind, "all"])


@given(path_pairs())
def test_a_run_against_itself_changes_nobody(pair: tuple[Path, Path]) -> None:
    run = Run(pair[0], {("net_state", "all"): np.arange(1.0, 1.0 + len(pair[0].at_work))})
    effect = differences(run, run)
    assert all(not column.any() for (name, _), column in effect.items() if name != "unchanged")
    assert np.array_equal(effect["unchanged", "all"], pair[0].present.sum(axis=1))


def test_money_is_accumulated_from_the_start() -> None:
    path = Path(
        *(np.zeros(1, np.int64), *(np.zeros(1, np.int8),) * 2),
        *(np.zeros((3, 1), np.int8),) * 2,
        np.ones((3, 1), bool),
    )
    before = Run(path, {("net_state", "all"): np.array([5.0, 5.0, 5.0]), ("flow_tax", "all"): np.zeros(3)})
    after = Run(
        path, {("net_state", "all"): np.array([4.0, 6.0, 9.0]), ("assistance_paid", "all"): np.ones(3)}
    )
    effect = differences(before, after)
    assert effect["cum_net_state", "all"].tolist() == [-1.0, 0.0, 4.0]
    assert effect["cum_assistance_paid", "all"].tolist() == [1.0, 2.0, 3.0]
    assert ("cum_employed", "all") not in effect


def test_employed_that_disagrees_with_the_people_is_refused() -> None:
    path = Path(
        *(np.zeros(1, np.int64), *(np.zeros(1, np.int8),) * 2),
        *(np.zeros((3, 1), np.int8),) * 2,
        np.ones((3, 1), bool),
    )
    wrong = Run(path, {("employed", "all"): np.array([0.0, 1.0, 0.0])})
    with pytest.raises(ArithmeticError, match="group all, month 2"):
        differences(Run(path), wrong)
