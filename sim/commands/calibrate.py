"""``samspel calibrate``: fit municipalities to their official figures, and show how well it went.

Public names: `add_options` and `run`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.commands.shared import json_option, print_json, print_table, time_text, whole_number
from sim.core.errors import SamspelError, input_error

_SHOWN = {
    "af_stock_2018": "AF 2018",
    "stativ_2018": "Stativ 2018",
    "households_month_2017": "assistance 2017",
}
_LIMITS = {"af_stock_2018": 2.0, "stativ_2018": 0.5, "households_month_2017": 5.0}
"""A miss beyond this, in percent or points of a share, is marked."""
_MANY = 10


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add(
        "codes",
        nargs="*",
        metavar="CODE",
        help="municipalities, by code or name; those of the cases unless given",
    )
    add("--all", action="store_true", help="all 290 municipalities: about an hour on two processors")
    add("--again", action="store_true", help="also those whose estimates are current")
    add("--check", action="store_true", help="calibrate nothing; exit 1 if an estimate is missing or stale")
    add("--show", action="store_true", help="calibrate nothing; print how the estimates fit")
    add(
        "--recover",
        type=whole_number(2),
        metavar="N",
        help="calibrate N simulated data sets whose parameters are known, of the municipality CODE, and show "
        "whether these are found again",
    )
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--out", type=Path, metavar="DIR", help="folder of the estimates; params/estimates unless given")
    add("--card", action="store_true", help="also write each one's fit card, an HTML file")
    add("--cards", type=Path, metavar="DIR", help="folder of the fit cards; reports/ unless given")
    add("--lang", default="sv", metavar="LANG", help="language of the fit cards, sv or en")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Calibrate what is missing or stale among the municipalities asked for; return the exit code."""
    if options.recover is not None:
        return _recover(options)
    from sim.report.words import check_language

    check_language("calibrate", "--lang", options.lang)
    codes = _codes(options.codes, options.all)
    if options.check:
        return _check(codes, options.as_json)
    failed: dict[str, str] = {}
    if not options.show:
        from sim.calibrate.many import calibrate_many

        batch = calibrate_many(codes, options.again, options.processes, options.out)
        failed = batch.failed
        if not options.as_json:
            kept = f", {len(batch.fresh)} were current" if batch.fresh else ""
            print(f"{len(batch.done)} calibrated in {time_text(batch.seconds)}{kept}.")
    cards = _cards([code for code in codes if code not in failed], options)
    documents = _documents([code for code in codes if code not in failed], options.out)
    if options.as_json:
        print_json({"estimates": documents, "failed": failed, "cards": [str(path) for path in cards]})
    else:
        _print_fit(documents)
        for path in cards:
            print(path)
    if failed:
        raise SamspelError("\n".join(failed.values()))
    return 0


def _recover(options: argparse.Namespace) -> int:
    for name in ("all", "again", "check", "show"):
        if getattr(options, name):
            raise input_error("calibrate", f"--{name}", "--recover", f"--recover without --{name}")
    if len(options.codes) > 1:
        raise input_error("calibrate", "CODE", " ".join(options.codes), "one municipality beside --recover")
    code = _codes(options.codes, False)[0] if options.codes else None
    from rich.console import Console
    from rich.progress import Progress

    from sim.calibrate.belief import summarise
    from sim.calibrate.recovery import complete_recovery

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Data sets", total=options.recover)
        found, path = complete_recovery(
            options.recover,
            code,
            options.processes,
            options.out,
            told=lambda count: bar.advance(task, count),
        )
    mine = found.rows.filter(found.rows["set"] < options.recover)
    summary = summarise(mine)
    if options.as_json:
        print_json({"made_with": found.vintage, "parameters": summary.to_dicts(), "file": str(path)})
        return 0
    names = [name for name in summary.columns if name not in ("parameter", "sets")]
    print_table(
        ("parameter", "sets", *names),
        [
            (row["parameter"], str(row["sets"]), *(f"{row[name]:.3f}" for name in names))
            for row in summary.to_dicts()
        ],
    )
    print("Means of logs; coverage of 90 % intervals, whose error is coverage_se; ranks_p: even ranks.")
    print(path)
    return 0


def _codes(given: Sequence[str], everybody: bool) -> list[str]:
    from sim.data.municipalities import municipality
    from sim.data.tables import table

    if everybody and given:
        raise input_error("calibrate", "CODE", " ".join(given), "no code beside --all")
    if everybody:
        return table("municipalities")["code"].sort().to_list()
    if not given:
        return table("peers")["code"].unique().sort().to_list()
    return list(dict.fromkeys(municipality(one).code for one in given))


def _check(codes: Sequence[str], as_json: bool) -> int:
    from sim.policy.vintage import stale_estimates

    stale = stale_estimates(codes)
    if as_json:
        print_json(stale)
    elif stale:
        print_table(
            ("code", "changed since it was calibrated"), [(c, ", ".join(w)) for c, w in stale.items()]
        )
        print(f"Run: samspel calibrate {' '.join(stale) if len(stale) < 12 else '--all'}")
    else:
        print(f"{len(codes)} estimates are current.")
    return 1 if stale else 0


def _cards(codes: Sequence[str], options: argparse.Namespace) -> list[Path]:
    if not options.card and options.cards is None:
        return []
    from sim.report.fit_page import write_cards

    return write_cards(codes, options.out, options.cards, options.lang)


def _documents(codes: Sequence[str], folder: Path | None) -> dict[str, dict[str, Any]]:
    from sim.policy.estimates import load_estimate

    found = {code: load_estimate(code, folder) for code in codes}
    return {code: estimate.document for code, estimate in found.items() if estimate is not None}


def _print_fit(documents: dict[str, dict[str, Any]]) -> None:
    rows: list[tuple[str, ...]] = []
    misses: dict[str, dict[str, float]] = {key: {} for key in _SHOWN}
    for code, document in documents.items():
        fit = {row["key"]: row for row in document["fit"]}
        cells = [code, document["municipality"]]
        for key in _SHOWN:
            cells.append(_cell(key, fit.get(key)))
            if key in fit:
                misses[key][document["municipality"]] = _miss(key, fit[key])
        missing = ", ".join(document["fallback"])
        marks = [f"{missing}: none published, so the group's, with wider intervals"] if missing else []
        far = [_SHOWN[key] for key in _SHOWN if key in fit and abs(_miss(key, fit[key])) > _LIMITS[key]]
        marks += [f"not reached: {', '.join(far)}"] if far else []
        marks += [f"strained: {', '.join(document['fights'])}"] if document["fights"] else []
        rows.append((*cells, f"{document['monthly_correlation']:.2f}", "; ".join(marks)))
    print_table(("code", "municipality", *_SHOWN.values(), "months", ""), rows)
    if len(documents) >= _MANY:
        for key, label in _SHOWN.items():
            print(_spread(label, key, misses[key]))


def _spread(label: str, key: str, misses: dict[str, float]) -> str:
    """Return how far many municipalities miss one figure."""
    unit = "points" if key == "stativ_2018" else "%"
    sizes = sorted((abs(miss), name) for name, miss in misses.items())
    middle, most, (largest, name) = sizes[len(sizes) // 2][0], sizes[(9 * len(sizes)) // 10][0], sizes[-1]
    beyond = sum(size > _LIMITS[key] for size, _ in sizes)
    return (
        f"{label}: half of {len(sizes)} miss by less than {middle:.2f} {unit}, nine in ten by less than "
        f"{most:.2f}; {beyond} by more than {_LIMITS[key]:g}, most {name} ({largest:.1f})"
    )


def _cell(key: str, row: dict[str, float] | None) -> str:
    """Return official, model, and the miss."""
    if row is None:
        return "not published"
    if key == "stativ_2018":
        return f"{row['official']:.1f}  {row['mean']:.1f}  {_miss(key, row):+.2f}"
    return f"{row['official']:.0f}  {row['mean']:.0f}  {_miss(key, row):+.1f} %"


def _miss(key: str, row: dict[str, float]) -> float:
    """Return the miss: in points of a share, else in percent."""
    if key == "stativ_2018":
        return row["mean"] - row["official"]
    return 100 * (row["mean"] / row["official"] - 1)
