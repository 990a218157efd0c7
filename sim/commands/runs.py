"""``samspel runs list|clean|compact``: look over the experiments that have been run, and tidy them."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.shared import json_option, print_json, print_table, size_text
from sim.core.errors import SamspelError

if TYPE_CHECKING:
    from sim.experiment.shelf import Shelved


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands of the group."""
    listing = add("list", list_runs, "list the experiments that have been run, with their state and size")
    clean = add("clean", clean_runs, "remove experiments of another version of the model, or by name")
    compact = add("compact", compact_runs, "put the many small files of experiments together into few")
    clean.add_argument("names", nargs="*", metavar="NAME", help="remove these, whatever their version")
    clean.add_argument("--yes", action="store_true", help="remove without asking")
    clean.add_argument("--dry-run", action="store_true", help="say what would be removed")
    compact.add_argument("names", nargs="*", metavar="NAME", help="these alone; all unless given")
    for command in (listing, clean, compact):
        command.add_argument(
            "--out", type=Path, metavar="DIR", help="folder of experiments; runs/ unless given"
        )
        json_option(command)


def list_runs(options: argparse.Namespace) -> int:
    """Print the experiments."""
    from sim.experiment.shelf import experiments

    _show(experiments(_folder(options)), options.as_json)
    return 0


def clean_runs(options: argparse.Namespace) -> int:
    """Remove experiments; without ``--yes`` say what would be removed and ask for it."""
    from sim.experiment.shelf import experiments, named, remove

    runs = _folder(options)
    if options.names:
        chosen = named(runs, options.names)
    else:
        chosen = [one for one in experiments(runs) if one.current is False]
    if chosen and not options.yes and not options.dry_run:
        folders = ", ".join(one.folder for one in chosen)
        raise SamspelError(
            f"runs clean would remove {folders}. Allowed: --yes to do it, or --dry-run to look."
        )
    if not options.dry_run:
        for one in chosen:
            remove(runs, one)
    if options.as_json:
        print_json({"removed": not options.dry_run, "experiments": [asdict(one) for one in chosen]})
    else:
        word = "Would remove" if options.dry_run else "Removed"
        for one in chosen:
            print(f"{word} {one.folder} ({size_text(one.bytes)})")
        if not chosen:
            print("Nothing to remove: all experiments are of the present model.")
    return 0


def compact_runs(options: argparse.Namespace) -> int:
    """Put the batches of experiments together."""
    from sim.experiment.compaction import compact
    from sim.experiment.shelf import experiments, named
    from sim.experiment.store import RunStore

    runs = _folder(options)
    chosen = named(runs, options.names) if options.names else experiments(runs)
    done = {one.folder: compact(RunStore(runs / one.folder)) for one in chosen}
    if options.as_json:
        print_json([{"folder": folder, **asdict(batches)} for folder, batches in done.items()])
    else:
        rows = [(folder, str(batches.before), str(batches.after)) for folder, batches in done.items()]
        print_table(("folder", "batches before", "after"), rows)
    return 0


def _folder(options: argparse.Namespace) -> Path:
    from sim.core.paths import root

    chosen: Path = options.out or root() / "runs"
    if options.out is not None and not chosen.is_dir():
        raise SamspelError(f"--out {chosen}: there is no such folder. Allowed: a folder of experiments.")
    return chosen


def _show(found: Sequence["Shelved"], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in found])
        return
    model = {True: "present", False: "another version", None: "not known"}
    rows = [
        (
            one.name,
            one.folder,
            str(one.finished),
            str(one.failed),
            "?" if one.left is None else str(one.left),
            size_text(one.bytes),
            f"{one.written.astimezone():%Y-%m-%d %H:%M}",
            model[one.current],
        )
        for one in found
    ]
    print_table(("name", "folder", "finished", "failed", "left", "size", "written", "model"), rows)
