"""The command line: a thin layer that imports each part only when its command runs.

Exit codes: 0 done, 1 stopped, or failed for a reason that is not the user's, 2 something the user can mend.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from sim import __version__
from sim.commands import backtest, calibrate, compare, evaluate, power, runs, sensitivity, sweep, update
from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError, input_error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser().parse_args(given)
        result: int = options.run(options)
    except SamspelError as error:
        print(f"samspel: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, head for instance, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("samspel: stopped; what is finished is kept.", file=sys.stderr)
        return 1
    return result


class _Parser(argparse.ArgumentParser):
    """A parser that reports a mistake as every other part does."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        unknown = re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message)
        if unknown:
            known = [name.strip(" '") for name in unknown[2].split(",")]
            raise input_error(self._where, "command", unknown[1], ", ".join(known), known)
        raise SamspelError(f"{message}. See: {self.prog} --help")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what is not known here, where the known names are at hand."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            known = [name for name in self._option_string_actions if name.startswith("--")]
            raise input_error(self._where, "argument", unknown[0].split("=")[0], ", ".join(known), known)
        return options, unknown

    @property
    def _where(self) -> str:
        """The command's own words: ``data list``."""
        return self.prog.removeprefix("samspel").strip() or "command line"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="samspel", description="Simulate and evaluate labour-market policy in Swedish municipalities."
    )
    parser.add_argument("--version", action="version", version=f"samspel {__version__}")
    commands = _commands(parser)
    _report_options(commands("report", _report, "simulate a case and write its report and workbook"))
    _run_options(commands("run", _run, "run a case, keep its tables, and print its main series"))
    _listing(commands("cases", _cases, "list the cases, or explain one"))
    _listing(commands("levers", _levers, "list the levers, or explain one"))
    _listing(commands("parameters", _parameters, "list the uncertain parameters, or explain one"))
    _evidence_options(commands("evidence", _evidence, "hold the model against published evaluations"))
    calibrate.add_options(
        commands("calibrate", calibrate.run, "fit municipalities to their official figures")
    )
    backtest.add_options(
        commands("backtest", backtest.run, "predict later official figures, and score the predictions")
    )
    sweep.add_options(commands("sweep", sweep.run, "run many points of a case, and show their effects"))
    compare.add_options(
        commands("compare", compare.run, "hold many policies of a case against each other, at the same cost")
    )
    sensitivity.add_options(
        commands("sensitivity", sensitivity.run, "tell which assumptions the uncertainty of a case rests on")
    )
    evaluate.add_options(
        commands("evaluate", evaluate.run, "estimate what a reform did, and what could have been seen")
    )
    power.add_options(commands("power", power.run, "tell what an evaluation could see, by simulated trials"))
    update.add_options(commands("update", update.run, "let an estimate change what the model believes"))
    runs.add_commands(_commands(commands("runs", None, "look over what has been run, and tidy it")))
    data = _commands(commands("data", None, "look at the official figures"))
    json_option(data("check", _data_check, "validate every table and the relations between them"))
    _listing(data("list", _data_list, "list the tables with publisher and vintage, or explain one"))
    odd = commands("odd", _odd, "write the generated pages of docs/: ODD, parameters, glossary, data")
    odd.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not current")
    _bench_options(commands("bench", _bench, "measure speed and memory beside other ways to do the same"))
    commands("lab", _lab, "open the notebooks in JupyterLab")
    return parser


def _commands(parser: argparse.ArgumentParser) -> Callable[..., argparse.ArgumentParser]:
    """Return a function that adds one command to the parser."""
    group = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int] | None, text: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = group.add_parser(
            name, help=text, description=text[0].upper() + text[1:] + "."
        )
        if run is not None:
            command.set_defaults(run=run)
        return command

    return add


def _report_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add(
        "--lang",
        default="sv",
        type=_language,
        metavar="LANG",
        help="language of the report, sv or en",
    )
    add("--out", type=Path, metavar="DIR", help="folder of the report; reports/ unless given")
    add("--replications", type=whole_number(1), metavar="N", help="number of paired runs")
    add("--seed", type=whole_number(0), metavar="S", help="root of all randomness")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--posterior", default="", metavar="NAME", help="draw from what samspel update saved under this name")
    add("--pdf", action="store_true", help="also write the report as a tagged PDF")
    add("--summary", action="store_true", help="also write a summary of two pages, as HTML and as PDF")
    _settings_option(parser)


def _run_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add("--months", type=whole_number(1), metavar="N", help="months to follow; the case's own unless given")
    add("--replications", type=whole_number(1), metavar="N",
        help="runs, each with its own draw of parameters; one at central values unless given")  # fmt: skip
    add("--seed", type=whole_number(0), default=1, metavar="S", help="root of all randomness")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--size", type=whole_number(1), metavar="N",
        help="residents aged 16-64 to simulate in each municipality; one for one unless given")  # fmt: skip
    add("--neutral", action="store_true",
        help="pair the case with a policy that changes nothing: every effect is then zero")  # fmt: skip
    add("--posterior", metavar="NAME", help="draw from what samspel update saved under this name")
    add("--out", type=Path, metavar="DIR", help="folder of the results; runs/ unless given")
    _settings_option(parser)
    json_option(parser)


def _settings_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change the case: municipal_placements.places=50; may be repeated",
    )


def _evidence_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--file", dest="files", nargs="+", action="extend", default=[], metavar="YAML",
        help="trials to run; those of params/evidence unless given")  # fmt: skip
    add("--only", action="append", default=[], metavar="ID", help="run this trial alone; may be repeated")
    add(
        "--replications",
        type=whole_number(1),
        metavar="N",
        help="replications of each trial; 20 unless given",
    )
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--schema", action="store_true", help="print the keys and all names that a trial may use")
    add("--page", type=Path, metavar="FILE", help="also write the findings as a Markdown page")
    json_option(parser)


def _bench_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="measure these alone; those of a full run unless given")
    add("--quick", action="store_true", help="a short trial, kept apart from the published figures")
    add("--page", action="store_true", help="measure nothing; write docs/performance.md from what is kept")
    add("--check", action="store_true", help="measure nothing; exit 1 if that page is not current")
    json_option(parser)


def _listing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="explain this one")
    json_option(parser)


def _language(text: str) -> str:
    from sim.report.words import check_language

    check_language("report", "--lang", text)
    return text


def _report(options: argparse.Namespace) -> int:
    from sim.report.build import build_report

    build_report(
        options.case,
        lang=options.lang,
        out=options.out,
        replications=options.replications,
        seed=options.seed,
        settings=options.settings,
        processes=options.processes,
        pdf=options.pdf,
        summary=options.summary,
        posterior=options.posterior,
    )
    return 0


def _run(options: argparse.Namespace) -> int:
    from sim.commands.run import run_command

    return run_command(**{key: value for key, value in vars(options).items() if key != "run"})


def _cases(options: argparse.Namespace) -> int:
    from sim.policy.case import load_case
    from sim.policy.listing import list_cases

    rows = {case.name: asdict(case) for case in list_cases()}
    if options.name in rows:
        rows[options.name] = {"name": options.name, **load_case(options.name).to_document()}
    return _show("cases", rows, options, ("start", "levers", "title"))


def _levers(options: argparse.Namespace) -> int:
    from sim.policy.levers.registry import explain, settings_of
    from sim.policy.listing import list_levers

    rows: dict[str, dict[str, Any]] = {row["name"]: dict(row) for row in list_levers()}
    if options.name in rows and not options.as_json:
        print(explain(options.name))
        return 0
    if options.name in rows:
        rows[options.name]["settings"] = settings_of(options.name)
    return _show("levers", rows, options, ("grade", "label_sv", "label_en"))


def _parameters(options: argparse.Namespace) -> int:
    from sim.policy.listing import list_parameters

    rows = {row["name"]: row for row in list_parameters()}
    return _show("parameters", rows, options, ("grade", "low", "centre", "high", "unit", "label_en"))


def _evidence(options: argparse.Namespace) -> int:
    from sim.evaluate.bench import REPLICATIONS, run_bench
    from sim.evaluate.listing import findings_table, findings_values
    from sim.evaluate.trials import load_trials
    from sim.evaluate.vocabulary import schema, schema_text

    if options.schema:
        if options.as_json:
            print_json(schema())
        else:
            print(schema_text())
        return 0
    trials = load_trials(options.files, options.only)
    replications = options.replications or REPLICATIONS
    findings = run_bench(trials, replications, options.processes)
    if options.page:
        from sim.core.files import write_text
        from sim.evaluate.page import findings_page

        write_text(options.page, findings_page(findings, replications))
    if options.as_json:
        print_json(findings_values(findings))
    else:
        print(findings_table(findings))
    return 0


def _data_check(options: argparse.Namespace) -> int:
    from sim.data.check import check

    outcomes = check()
    if options.as_json:
        print_json([{"name": o.name, "rows": o.rows, "problem": o.problem or None} for o in outcomes])
    else:
        rows = [(o.name, str(o.rows), "error" if o.problem else "ok") for o in outcomes]
        print_table(("checked", "rows", ""), rows)
    problems = [outcome.problem for outcome in outcomes if outcome.problem]
    if problems:
        raise SamspelError("\n".join(problems))
    return 0


def _data_list(options: argparse.Namespace) -> int:
    from sim.data.tables import TABLES

    known = {table.name: table.model_dump() for table in TABLES.values()}
    return _show("data list", known, options, ("publisher", "vintage", "confidence", "licence", "title"))


def _odd(options: argparse.Namespace) -> int:
    from sim.report.guides import stale_pages, write_pages

    if not options.check:
        for path in write_pages():
            print(path)
        return 0
    stale = stale_pages()
    for path in stale:
        print(f"{path}: not current. Run: samspel odd", file=sys.stderr)
    return 1 if stale else 0


def _bench(options: argparse.Namespace) -> int:
    checkout = Path(__file__).resolve().parents[1]
    if not (checkout / "benchmarks" / "__init__.py").is_file():
        raise SamspelError(
            f"bench: {checkout} holds no benchmarks. Allowed: a source checkout (clone the repository and "
            "run make install); the installed package has none."
        )
    if str(checkout) not in sys.path:
        sys.path.insert(0, str(checkout))
    from benchmarks.command import bench

    return bench(options.names, options.as_json, options.quick, options.page, options.check)


def _lab(_: argparse.Namespace) -> int:
    from sim.core.paths import root

    notebooks = root() / "notebooks"
    paths = {  # the package where it is not installed; and what keeps JupyterLab from asking a host for news
        "PYTHONPATH": Path(__file__).resolve().parents[1],
        "JUPYTER_CONFIG_PATH": notebooks / ".jupyter",
    }
    here = {
        name: os.pathsep.join(filter(None, (str(path), os.environ.get(name)))) for name, path in paths.items()
    }
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(notebooks)]
    return min(subprocess.run(command, env={**os.environ, **here}, check=False).returncode, 1)


def _show(
    where: str,
    known: Mapping[str, Mapping[str, Any]],
    options: argparse.Namespace,
    columns: Sequence[str],
) -> int:
    """Print all entries in short, or one in full."""
    name = options.name
    if name is not None and name not in known:
        allowed = ", ".join(known) if len(known) < 10 else f"a name that samspel {where} prints"
        raise input_error(where, "name", name, allowed, known)
    if options.as_json:
        print_json(list(known.values()) if name is None else known[name])
    elif name is None:
        rows = [(key, *(_cell(entry[column]) for column in columns)) for key, entry in known.items()]
        print_table(("name", *columns), rows)
    else:
        _print_entry(known[name])
    return 0


def _print_entry(entry: Mapping[str, Any]) -> None:
    import yaml

    print(yaml.safe_dump(dict(entry), allow_unicode=True, sort_keys=False, width=100).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return "" if value is None else str(value)
