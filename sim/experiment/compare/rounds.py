"""The store of a comparison, to which any number of rounds may be added: the same task is never run twice.

Public names: `Rounds` and `open_rounds`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import polars as pl

from sim.core.files import write_text
from sim.core.paths import root
from sim.experiment.canonical import content_hash, content_json
from sim.experiment.compare.candidates import Candidate
from sim.experiment.compare.equal_cost import Scaled
from sim.experiment.compare.question import Question
from sim.experiment.definition import MODEL, Task, TaskName, orders
from sim.experiment.run import folder_name, plan_text, read_runs
from sim.experiment.runner import Places, Runner
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore
from sim.policy.case import Case


class Rounds:
    """The store of a comparison, to which any number of rounds may be added."""

    def __init__(self, store: RunStore, name: str, runner: Runner, sources: str) -> None:
        """Take a store and what fills it; `open_rounds` makes them."""
        self.store, self.name, self._runner, self._sources = store, name, runner, sources
        self._used: list[TaskName] = []

    def __enter__(self) -> Self:
        self._runner.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._runner.__exit__(*error)

    def complete(self, tasks: Iterator[Task], count: int) -> list[str]:
        """Run what has not been run of a round, and return the keys of its tasks."""
        names = self._runner.complete(orders(tasks, MODEL, self._sources), count)
        self._used += names
        keys = [name.key for name in names]
        read_runs(self._runner.catalogue, self.name, keys)
        return keys

    def effects(self, keys: Sequence[str]) -> pl.LazyFrame:
        """Return the effects of some tasks, unread."""
        return self._runner.catalogue.scan("effects", keys)

    def failed(self, keys: Sequence[str]) -> int:
        """Return how many runs of some tasks failed."""
        runs = read_runs(self._runner.catalogue, self.name, keys)
        return runs.filter(pl.col("status") == "failed").height

    def keep(
        self, asked: Question, candidates: Sequence[Candidate], scaled: Sequence[Scaled], keys: Sequence[str]
    ) -> str:
        """Write what was asked and found beside the runs, and return the fingerprint."""
        chosen = set(keys)
        fingerprint = content_hash([name.run_ids for name in self._used if name.key in chosen])[:12]
        policies = [
            {"name": one.name, "text": one.text, "dose": one.dose and one.dose.name, **asdict(dose)}
            for one, dose in zip(candidates, scaled, strict=True)
        ]
        content = {"name": self.name, "fingerprint": fingerprint, "sources": self._sources, "model": MODEL}
        manifest = {**content, "question": asdict(asked), "policies": policies, "tasks_used": len(self._used)}
        text = content_json(manifest, indent=2) + "\n"
        write_text(self.store.folder / "comparison.json", text)
        self.store.write_manifest(text)
        return fingerprint


def open_rounds(
    case: Case,
    candidates: Sequence[Candidate],
    asked: Question,
    places: Places,
    out: Path | None,
    progress: bool,
) -> Rounds:
    """Return the store, named by what decides its runs apart from doses, draws and scenarios."""
    sources = experiment_sources(MODEL)
    name = f"{case.name[:30]}-compare"
    policies = [one.case.to_document()["policy"] for one in candidates]
    identity = content_hash([case.to_document(), policies, asked.seed, asked.burn_in, asked.size, sources])
    store = RunStore(((out or root() / "runs") / folder_name(name, identity)).absolute())
    store.write_plan(plan_text(name, MODEL, sources, asked.draws * len(asked.scenarios)))
    return Rounds(store, name, Runner(store, places, progress), sources)
