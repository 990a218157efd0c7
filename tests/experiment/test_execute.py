"""Tasks are sent in batches worth sending, taken only as places become free."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
import toy

from sim.experiment.definition import Order, orders
from sim.experiment.execute import execute
from sim.experiment.executors import Crew
from sim.experiment.store import RunStore
from sim.experiment.worker import TaskReport


class Told(Executor):
    """An executor that runs nothing, and says that each task took a given time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.batches: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        _, batch = args
        self.batches.append(len(batch))
        future: Future[Any] = Future()
        future.set_result([TaskReport(order.name.key, self.seconds) for order in batch])
        return future


def sent(seconds: float, total: int, places: int, tmp_path: Path) -> list[int]:
    experiment = toy.experiment(total)
    executor = Told(seconds)
    crew = Crew(executor, lambda: places, ())
    taken = orders(experiment.tasks, experiment.model, "sources")
    reports = list(execute(RunStore(tmp_path), taken, total, crew))
    assert len({report.key for report in reports}) == total
    return executor.batches


@pytest.mark.parametrize("places", [1, 2])
def test_short_tasks_go_in_batches_of_a_third_of_a_second_or_more(places: int, tmp_path: Path) -> None:
    batches = sent(0.02, 400, places, tmp_path)
    full = [size for size in batches if size > 1]
    assert max(full) * 0.02 >= 0.3
    before_the_end = batches[2 * places : len(batches) // 2]
    assert all(size * 0.02 >= 0.3 for size in before_the_end)


def test_long_tasks_go_one_by_one(tmp_path: Path) -> None:
    assert set(sent(2.0, 20, 2, tmp_path)) == {1}


def test_no_more_tasks_are_made_than_places_can_take(tmp_path: Path) -> None:
    made: list[Order] = []
    experiment = toy.experiment(60)

    def one_by_one() -> Any:
        for order in orders(experiment.tasks, experiment.model, "sources"):
            made.append(order)
            yield order

    reports = execute(RunStore(tmp_path), one_by_one(), 60, Crew(Told(1.0), lambda: 2, ()))
    next(reports)
    assert len(made) <= 4
    reports.close()
