"""Do many independent draws in batches, in processes, with a progress bar.

Public name: `in_batches`.
"""

from collections.abc import Callable
from concurrent.futures import as_completed

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.experiment.executors import here, local_processes, processors


def in_batches(
    title: str, draws: int, size: int, work: Callable[[range], pl.DataFrame], processes: int | None
) -> pl.DataFrame:
    """Return the rows of all draws, batches in whatever order they ended.

    Args:
        title: What the progress bar says.
        draws: Number of draws.
        size: Draws of a batch.
        work: Does the draws of a batch, in a process of its own; must be picklable.
        processes: Number of processes; one per processor unless given, and 1 works in this one.
    """
    batches = [range(first, min(first + size, draws)) for first in range(0, draws, size)]
    count = min(processes or processors(), len(batches))
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found: list[pl.DataFrame] = []
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        local_processes(count) if count > 1 else here() as crew,
    ):
        task = bar.add_task(title, total=draws)
        waiting = {crew.executor.submit(work, batch): len(batch) for batch in batches}
        for future in as_completed(waiting):
            found.append(future.result())
            bar.advance(task, waiting[future])
    return pl.concat(found)
