"""Turn the points of a sweep into tasks: those that differ only in policy share burn-in, baseline and chance.

Public name: `SweepTasks`.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from sim.core.errors import SamspelError
from sim.experiment.canonical import content_hash
from sim.experiment.cases import case_tasks
from sim.experiment.definition import Policy, Task
from sim.experiment.drawn import case_draws
from sim.experiment.sweeps.document import Point, SweepFile


class SweepTasks:
    """The tasks of a sweep, made when they are asked for.

    Points whose model inputs are the same form a *world*: one task has all their policies, named by their
    points. Each world is filed under a scenario of its own: the scenario's name, with a number where a sweep
    has several worlds of it.
    """

    def __init__(self, sweep: SweepFile, points: Sequence[Point]) -> None:
        """Make the first task of every point, which checks that all of them can be made."""
        self.sweep = sweep
        self.points = tuple(points)
        self._last: dict[str, tuple[tuple[tuple[Policy, ...], ...], tuple[Policy, ...]]] = {}
        firsts = [next(self._of(point, 1, 0)) for point in points]
        keys = [content_hash([task.scenario, task.inputs]) for task in firsts]
        self.municipality = firsts[0].municipality
        labels: dict[str, str] = {}
        worlds: Counter[str] = Counter()
        for key, task in zip(keys, firsts, strict=True):
            if key not in labels:
                worlds[task.scenario] += 1
                number = worlds[task.scenario]
                labels[key] = f"{task.scenario}-{number}" if number > 1 else task.scenario
        self.world_of = {point.name: labels[key] for point, key in zip(points, keys, strict=True)}
        self.worlds = tuple(labels.values())
        self.first_tasks = [
            self._joined(
                world,
                [
                    task
                    for point, task in zip(points, firsts, strict=True)
                    if self.world_of[point.name] == world
                ],
            )
            for world in self.worlds
        ]

    def count(self, active: Sequence[str], draws: int) -> int:
        """Return the number of tasks that so many draws of the points take."""
        return len({self.world_of[name] for name in active}) * draws * self.sweep.replications

    def between(self, active: Sequence[str], first: int, last: int) -> Iterator[Task]:
        """Yield the tasks of draws ``first`` to ``last`` (which is left out) for the points still active."""
        points = [point for point in self.points if point.name in active]
        for tasks in zip(*(self._of(point, last, first) for point in points), strict=True):
            for world in self.worlds:
                mine = [
                    task
                    for point, task in zip(points, tasks, strict=True)
                    if self.world_of[point.name] == world
                ]
                if mine:
                    yield self._joined(world, mine)

    def parameters(self, draws: int) -> pl.DataFrame:
        """Return the parameter draws of each world, one row each, by ``scenario`` and ``draw``."""
        frames = []
        for world in self.worlds:
            case = next(point.case for point in self.points if self.world_of[point.name] == world)
            labels = {"scenario": world}
            drawn = enumerate(case_draws(case, draws, self.sweep.seed))
            frames.append(pl.DataFrame([{**labels, "draw": draw, **one.values} for draw, one in drawn]))
        return pl.concat(frames, how="diagonal")

    def _of(self, point: Point, last: int, first: int) -> Iterator[Task]:
        sweep = self.sweep
        kept: tuple[Policy, ...] = ()
        named: tuple[Policy, ...] = ()
        for task in case_tasks(
            point.case, last, sweep.replications, sweep.seed, sweep.burn_in, sweep.size, first
        ):
            if task.policies is not kept:
                kept = task.policies
                named = tuple(dataclasses.replace(policy, name=point.name) for policy in kept)  # type: ignore[type-var]
            yield dataclasses.replace(task, policies=named)

    def _joined(self, world: str, tasks: Sequence[Task]) -> Task:
        """Return one task with the policies of several that are alike in all else."""
        if len(tasks) > 1 and len({content_hash(task.inputs) for task in tasks}) > 1:
            raise SamspelError(
                f"{world}: draw {tasks[0].draw} is not the same at all points of this world. Allowed: "
                "points that set the same ranges of the case."
            )
        parts = tuple(task.policies for task in tasks)
        kept, policies = self._last.get(world, ((), ()))
        if len(kept) != len(parts) or any(one is not other for one, other in zip(kept, parts, strict=True)):
            policies = tuple(policy for part in parts for policy in part)
            self._last[world] = parts, policies  # the same tuple for all replications of a draw
        return dataclasses.replace(tasks[0], scenario=world, policies=policies)
