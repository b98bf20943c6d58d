"""Make `hyperbolic_knots.csv.gz` and `dataset.json`: needs `pip install kanlab[knots]` and half an hour of one core.

    python datasets/knots/make.py compute rows.csv --minutes 30      goes on where rows.csv ends
    python datasets/knots/make.py finish rows.csv
    python datasets/knots/make.py compare rows.csv                   with the table as it is

The knots are those of the tables of Hoste and Thistlethwaite that come with SnapPy: all of them up to 12 crossings,
then those with 13 and 14 in an order drawn by chance, of which as many are taken as there is time for.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import random
import re
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from invariants import SYMMETRIES, Row, invariants, snappy

HERE = Path(__file__).resolve().parent
FILE = HERE / "hyperbolic_knots.csv.gz"
SEED = 20240430
ALL_UP_TO, SAMPLED = 12, (13, 14)
TRIES, PATIENCE = 4, 60
"""SnapPy's randomized searches are tried again, and stopped after so many seconds."""

DIGITS = 9
INPUTS = (
    "chern_simons",
    "cusp_volume",
    "hyperbolic_adjoint_torsion_degree",
    "hyperbolic_torsion_degree",
    "injectivity_radius",
    "longitudinal_translation",
    "meridinal_translation_imag",
    "meridinal_translation_real",
    "short_geodesic_imag_part",
    "short_geodesic_real_part",
    *(f"Symmetry_{group}" for group in SYMMETRIES),
    "volume",
)
MIRROR = (
    "chern_simons",
    "meridinal_translation_real",
    "short_geodesic_imag_part",
    "signature",
    "slope",
    "tau",
)
LOOSE = frozenset({"num_tetrahedra"})
"""Columns that a randomized search may leave otherwise the next time."""


def names() -> list[str]:
    """The names of the knots in the order in which they are computed."""
    shuffled = list(_tabulated(SAMPLED))
    random.Random(SEED).shuffle(shuffled)  # noqa: S311  no secret
    return [*_tabulated(range(3, ALL_UP_TO + 1)), *shuffled]


def _tabulated(crossings: Iterable[int]) -> Iterator[str]:
    for count in crossings:
        for letter in "an":
            table = snappy.HTLinkExteriors(knots_vs_links="knots", crossings=count, alternating=letter == "a")
            yield from (f"K{count}{letter}{number}" for number in range(1, len(table) + 1))


def compute(rows: Path, *, minutes: float) -> None:
    """Append a row for each knot that is not there yet; what is left out is told in a file beside it."""
    skipped = rows.with_suffix(".skipped")
    done = {
        line.split(",")[0]
        for file in (rows, skipped)
        if file.exists()
        for line in file.open(encoding="utf-8")
    }
    end = time.monotonic() + 60 * minutes
    signal.signal(signal.SIGALRM, _late)
    with rows.open("a", encoding="utf-8", newline="") as file, skipped.open("a", encoding="utf-8") as other:
        for name in names():
            if name in done:
                continue
            if time.monotonic() > end:
                break
            row, reason = _patient(name)
            if row is None:
                other.write(f"{name},{reason}\n")
                continue
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            if not file.tell():
                writer.writeheader()
            writer.writerow(row)
            file.flush()


def _patient(name: str) -> tuple[Row | None, str]:
    """The row, or why there is none."""
    reason = "not hyperbolic"
    for _ in range(TRIES):
        signal.alarm(PATIENCE)
        try:
            return invariants(name), reason
        except (ValueError, RuntimeError, ArithmeticError, TimeoutError, snappy.SnapPeaFatalError) as error:
            reason = " ".join(str(error).split()).replace(",", ";")
        finally:
            signal.alarm(0)
    return None, reason


def _late(*_: object) -> None:
    raise TimeoutError(f"{PATIENCE} seconds")


def finish(rows: Path) -> None:
    """Write the table and its record."""
    table = [_written(row) for row in _read(rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    # mtime=0: the same table gives the same bytes.
    FILE.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))
    record = {
        "title": "Hyperbolic knots: geometric invariants and signature",
        "file": FILE.name,
        "rows": len(table),
        "inputs": list(INPUTS),
        "target": "signature",
        "units": {},
        "splits": {
            "volume": {"groups": {"column": "volume", "digits": 4}},
            "random": {"random": {}},
        },
        "mirror": {"columns": list(MIRROR)},
        "seed": 0,
        "sha256": hashlib.sha256(FILE.read_bytes()).hexdigest(),
        "source": "computed with SnapPy from the Hoste-Thistlethwaite tables of prime knots; "
        "invariants as in A. Davies et al., Nature 600 (2021) 70-74",
        "licence": "CC0-1.0",
    }
    (HERE / "dataset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _read(rows: Path) -> list[dict[str, str]]:
    """The rows as text with KnotInfo's names, by crossings, alternating ones first, by number."""
    from database_knotinfo import link_list

    known = {
        f"K{knot['dt_name'].replace('_', '')}": knot["name"] for knot in link_list()[2:] if knot["dt_name"]
    }
    with rows.open(encoding="utf-8", newline="") as file:
        table = [
            {"name": row["name"], "knotinfo_name": known.get(row["name"], ""), **row}
            for row in csv.DictReader(file)
        ]
    return sorted(
        table, key=lambda row: (int(row["crossings"]), -int(row["alternating"]), _number(row["name"]))
    )


def _number(name: str) -> int:
    return int(re.split("[an]", name)[1])


def _written(row: dict[str, str]) -> dict[str, str]:
    """Numbers with a point are rounded; a zero has no sign."""
    rounded = {key: f"{float(text) + 0.0:.{DIGITS}f}" for key, text in row.items() if _is_decimal(text)}
    zero = f"{0.0:.{DIGITS}f}"
    return row | {key: zero if text == f"-{zero}" else text for key, text in rounded.items()}


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+(e-?\d+)?|e-?\d+)", text) is not None


def differences(row: Row, stored: dict[str, str], *, tolerance: float = 1e-7) -> list[str]:
    """The columns in which a computed row is not the stored one."""
    return [
        f"{row['name']}: {column} is {value} and {stored[column]} is stored"
        for column, value in row.items()
        if column not in LOOSE and not _same(value, stored[column], tolerance)
    ]


def _same(value: object, text: str, tolerance: float) -> bool:
    return abs(value - float(text)) <= tolerance if isinstance(value, float) else str(value) == text


def compare(rows: Path) -> None:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        stored = {row["name"]: row for row in csv.DictReader(file)}
    with rows.open(encoding="utf-8", newline="") as file:
        found = [
            {key: float(text) if _is_decimal(text) else text for key, text in row.items()}
            for row in csv.DictReader(file)
            if row["name"] in stored
        ]
    wrong = [line for row in found for line in differences(row, stored[row["name"]])]
    print("\n".join([*wrong, f"{len(found)} rows compared, {len(wrong)} differences"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=("compute", "finish", "compare"))
    parser.add_argument("rows", type=Path, help="the CSV file of rows as they are computed")
    parser.add_argument("--minutes", type=float, default=60, help="how long to compute")
    told = parser.parse_args()
    if told.step == "compute":
        compute(told.rows, minutes=told.minutes)
    else:
        {"finish": finish, "compare": compare}[told.step](told.rows)


if __name__ == "__main__":
    main()
