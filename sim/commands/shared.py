"""What commands have in common: numbers on the command line, tables and JSON."""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", dest="as_json", action="store_true", help="print JSON for machines")


def whole_number(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers of at least ``least``."""

    def number(text: str) -> int:
        if not text.lstrip("-").isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return number


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns of even width."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_json(content: object) -> None:
    """Print JSON for machines."""
    print(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def size_text(count: float) -> str:
    """Return a number of bytes for reading: ``1.5 GB``."""
    for unit in ("B", "kB", "MB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


def time_text(seconds: float) -> str:
    """Return a stretch of time for reading: ``2 h 5 min``."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
