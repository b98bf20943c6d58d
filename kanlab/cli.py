"""The command line: `kanlab discover`, `kanlab reproduce`, `kanlab datasets`, `kanlab lab`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from . import __version__
from .cases import Scale
from .cases.reproduce import reproduce, results_folder, write_page
from .cases.verdict import record, table
from .data import Dataset, available
from .discovery import Shelf
from .discovery.shelf import NEAR, NO_LAW
from .discovery.workers import cores_of
from .errors import ActionError, FileError, KanlabError
from .lab import open_lab
from .progress import discover
from .report.export import write_text
from .report.shelf_page import shelf_page
from .symbolic.law import Law

MOST_NAMES = 6
FOUND, NOTHING, REFUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0 done, 2 refused, 1 otherwise."""
    try:
        options = _parser().parse_args(arguments)
        return options.run(options)
    except KanlabError as refused:
        _say(str(refused), sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        _say("Stopped.", sys.stderr)
        return NOTHING


class _Parser(argparse.ArgumentParser):
    """Refuses in one sentence, as everything else here does."""

    def error(self, message: str) -> NoReturn:
        raise ActionError(f"{message[:1].upper()}{message[1:]}; {self.prog} --help tells what can be said.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kanlab", description="From a table of measurements to a law.")
    parser.add_argument("--version", action="version", version=f"kanlab {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (help_text, fill, run) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        fill(command)
        command.set_defaults(run=run)
    return parser


def _fill_discover(command: argparse.ArgumentParser) -> None:
    command.add_argument("table", metavar="TABLE.csv", help="a table with column names in its first line")
    command.add_argument("--target", required=True, help="the column to explain")
    command.add_argument(
        "--inputs", nargs="+", metavar="COLUMN", help="the columns to explain it with (default: all others)"
    )
    command.add_argument(
        "--uncertainty", metavar="COLUMN", help="the column with one standard deviation of the target"
    )
    command.add_argument(
        "--missing", choices=("refuse", "drop"), default="refuse", help="what to do with empty cells"
    )
    command.add_argument(
        "--units",
        nargs="+",
        type=_unit,
        default=[],
        metavar="COLUMN=UNIT",
        help="units of columns, such as period=s; a law is then checked for its dimensions",
    )
    command.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS", help="default 60")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument(
        "--forms",
        nargs="+",
        default=[],
        metavar="FORM",
        help="forms to try besides the usual ones: names such as J0, or formulas in x",
    )
    command.add_argument(
        "--cores",
        type=int,
        default=1,
        metavar="NUMBER",
        help="processes that search at the same time; default 1",
    )
    command.add_argument("--json", metavar="OUT.json", help="write the law and the shelf as JSON")
    command.add_argument("--report", metavar="OUT.html", help="write a page that needs no network")


def _unit(text: str) -> tuple[str, str]:
    """The column and the unit of `COLUMN=UNIT`; an equals sign in the name of a column stays with it."""
    column, equals, unit = text.rpartition("=")
    if not (column and equals and unit):
        raise argparse.ArgumentTypeError(f"{text!r} is no COLUMN=UNIT, such as period=s")
    return column, unit


def _run_discover(options: argparse.Namespace) -> int:
    for place in (options.json, options.report):
        _check_place(place)
    data = Dataset.from_csv(
        options.table,
        target=options.target,
        inputs=options.inputs,
        uncertainty=options.uncertainty,
        units=dict(options.units),
        missing=options.missing,
    )
    for notice in data.notices:
        _say(f"note: {notice}", sys.stderr)
    shelf = discover(
        data,
        time_limit=options.time_limit,
        seed=options.seed,
        forms=options.forms,
        cores=options.cores,
    )
    if options.json:
        write_text(Path(options.json), json.dumps(shelf_record(shelf, data), indent=2) + "\n")
    if options.report:
        write_text(Path(options.report), shelf_page(shelf, data))
    for line in _summary(shelf):
        _say(line, sys.stdout)
    return NOTHING if shelf.best is None else FOUND


def _check_place(place: str | None) -> None:
    """Refuse before the search what could not be written after it."""
    if place is not None and (Path(place).is_dir() or not Path(place).resolve().parent.is_dir()):
        raise FileError(f"The file {place!r} cannot be written; give a file name in a folder that exists.")


def _summary(shelf: Shelf) -> list[str]:
    if shelf.best is None:
        return [NO_LAW, *shelf.notes]
    best = shelf.best
    lines = [str(best), f"{best.error_label} {best.error:.3g}, r2 {best.r2:.6g}"]
    for held in best.constants:
        snapped = f", taken as {held.snapped}" if held.snapped else ""
        lines.append(f"{held.name} = {held.value:.8g} ± {held.standard_error:.2g}{snapped}")
    if best.dimensions is not None:
        lines.append(str(best.dimensions))
    others = [
        f"also, {row.behind:.1f} nats behind: {row.law}"
        for row in shelf.rows()
        if not row.best and row.behind <= NEAR
    ]
    return [*lines, *others, *shelf.notes]


def shelf_record(shelf: Shelf, data: Dataset) -> dict[str, Any]:
    """What `--json` writes."""
    best = shelf.best
    return {
        **(_law_record(best) if best is not None else _no_law()),
        "inputs_used": list(best.inputs_used) if best is not None else [],
        "inputs": list(data.names),
        "rows": data.rows,
        "finished": shelf.finished,
        "seconds": round(shelf.seconds, 3),
        "noise": shelf.noise,
        "notes": list(shelf.notes),
        "shelf": [
            {**_law_record(row.law), "nats_behind": _number(row.behind), "on_front": row.on_front}
            for row in shelf.rows()
        ],
    }


def _law_record(law: Law) -> dict[str, Any]:
    return {
        "law": str(law),
        "latex": law.latex(),
        "rmse_test": _number(law.error),
        "r2_test": _number(law.r2),
        "held_out": law.held_out,
        "complexity": law.complexity,
        "units": None if law.dimensions is None else str(law.dimensions),
        "constants": [
            {
                "name": held.name,
                "value": _number(held.value),
                "standard_error": _number(held.standard_error),
                "snapped": held.snapped,
            }
            for held in law.constants
        ],
    }


def _no_law() -> dict[str, Any]:
    keys = ("law", "latex", "rmse_test", "r2_test", "held_out", "complexity", "units")
    return {**dict.fromkeys(keys), "constants": []}


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _fill_reproduce(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "cases", nargs="*", metavar="CASE", help="names, or files of your own cases (default: all)"
    )
    command.add_argument("--quick", action="store_true", help="fewer seeds and rows: minutes, not hours")
    command.add_argument("--json", metavar="OUT.json", help="write the table as JSON")
    command.add_argument(
        "--cores",
        type=int,
        metavar="NUMBER",
        help="processes that work at the same time (default: one for each core)",
    )
    command.add_argument("--results", metavar="FOLDER", help="where full runs are kept and go on from")
    command.add_argument("--again", action="store_true", help="measure also what is kept")


def _run_reproduce(options: argparse.Namespace) -> int:
    _check_place(options.json)
    scale = Scale(quick=options.quick)
    folder = Path(options.results) if options.results else None if scale.quick else results_folder()
    lines = reproduce(
        options.cases,
        scale=scale,
        cores=cores_of(options.cores),
        folder=folder,
        again=options.again,
        tell=lambda line: _say(line, sys.stderr),
    )
    _say(table(lines), sys.stdout)
    if options.json:
        write_text(Path(options.json), json.dumps(record(lines), indent=2) + "\n")
    if folder is not None and not options.cases:
        write_page(lines, folder)
    return FOUND if all(line.fine for line in lines) else NOTHING


def _fill_datasets(command: argparse.ArgumentParser) -> None:
    del command


def _run_datasets(options: argparse.Namespace) -> int:
    del options
    for info in available():
        _say(
            f"{info.name:<20} {info.rows:>6} rows  {_few(info.inputs)} → {info.target}  {info.title}",
            sys.stdout,
        )
    return FOUND


def _few(names: Sequence[str]) -> str:
    """The names, and of many the first and how many there are."""
    return ", ".join(names) if len(names) <= MOST_NAMES else f"{names[0]}, ... ({len(names)} columns)"


def _fill_lab(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", default="kanlab-tutorials", help="where the tutorials are copied to"
    )
    command.add_argument("--port", type=int, default=0, help="default: a free one")
    command.add_argument("--no-browser", action="store_true", help="write the address only")
    command.add_argument(
        "--flags", default="", metavar="TEXT", help="further arguments of JupyterLab, in one text"
    )


def _run_lab(options: argparse.Namespace) -> int:
    return open_lab(
        Path(options.folder),
        port=options.port,
        browser=not options.no_browser,
        flags=tuple(shlex.split(options.flags)),
    )


COMMANDS: dict[
    str, tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]
] = {
    "discover": ("Search for the law of a table.", _fill_discover, _run_discover),
    "reproduce": ("Check the claims of published discoveries.", _fill_reproduce, _run_reproduce),
    "datasets": ("List the datasets that come with kanlab.", _fill_datasets, _run_datasets),
    "lab": ("Open JupyterLab on the guided tutorial.", _fill_lab, _run_lab),
}


def _say(text: str, stream: Any) -> None:
    stream.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
