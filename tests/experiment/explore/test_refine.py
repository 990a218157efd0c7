"""Refinement goes on in the background until it is precise enough, and stops when told."""

import threading
from collections.abc import Iterator

import pytest

from sim.experiment.explore.answer import Answer
from sim.experiment.explore.draft import placed_case
from sim.experiment.explore.refine import Refinement, Target
from sim.policy.case import Case

PATIENCE = 120.0


class Heard:
    """What a refinement has told."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.errors: list[Exception] = []
        self.last = threading.Event()
        self.first = threading.Event()

    def told(self, answer: Answer, last: bool) -> None:
        self.answers.append(answer)
        self.first.set()
        if last:
            self.last.set()

    def failed(self, error: Exception) -> None:
        self.errors.append(error)
        self.last.set()


@pytest.fixture(scope="module")
def case() -> Case:
    return placed_case("nykoping", "Bjurholm", horizon=6)


@pytest.fixture(scope="module")
def refinement() -> Iterator[Refinement]:
    made = Refinement(Target(half_width=0.0, pairs=12), processes=1)
    yield made
    made.close()


def test_it_ends_at_the_most_pairs_with_everybody(case: Case, refinement: Refinement) -> None:
    heard = Heard()
    refinement.start(case, heard.told, heard.failed)
    assert refinement.running
    assert heard.last.wait(PATIENCE)
    refinement.wait(PATIENCE)
    assert not heard.errors
    assert [answer.pairs for answer in heard.answers] == [4, 10, 12]
    assert all(answer.share == 1.0 for answer in heard.answers)
    assert not refinement.running


def test_a_new_case_silences_the_old_one(case: Case, refinement: Refinement) -> None:
    old, new = Heard(), Heard()
    other = placed_case("nykoping", "Bjurholm", horizon=4)
    refinement.start(case, old.told, old.failed)
    assert old.first.wait(PATIENCE)
    refinement.start(other, new.told, new.failed)
    known = len(old.answers)
    assert new.last.wait(PATIENCE)
    assert len(old.answers) == known and not old.errors
    assert all(answer.case == other for answer in new.answers)


def test_cancelling_leaves_the_last_answer_as_it_was(case: Case, refinement: Refinement) -> None:
    heard = Heard()
    refinement.start(case, heard.told, heard.failed)
    assert heard.first.wait(PATIENCE)
    refinement.cancel()
    known = list(heard.answers)
    refinement.wait(PATIENCE)
    assert heard.answers == known and known[0].pairs == 4
    assert not heard.errors and not refinement.running


def test_an_error_in_a_process_is_told(refinement: Refinement) -> None:
    heard = Heard()
    refinement.start(placed_case("sverige", horizon=4), heard.told, heard.failed)
    assert heard.last.wait(PATIENCE)
    assert "samspel run" in str(heard.errors[0]) and not heard.answers


def test_the_target_needs_enough_pairs(case: Case) -> None:
    def answer(pairs: int, half_width: float) -> Answer:
        return Answer(case, pairs, 1.0, half_width, {}, {}, {})

    target = Target(half_width=5.0, pairs=80)
    assert not target.met_by(answer(4, 1.0))
    assert target.met_by(answer(10, 5.0))
    assert not target.met_by(answer(40, 5.1))
    assert target.met_by(answer(80, 50.0))
