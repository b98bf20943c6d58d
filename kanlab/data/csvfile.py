"""Reading a CSV file into columns of text, with a sentence for everything that can be wrong with one."""

from __future__ import annotations

import csv
import gzip
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..errors import DataError
from .names import checked_names

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ",;\t|"


def read_csv(path: str | Path) -> dict[str, list[str]]:
    """The columns of the file, by name, in order, as text.

    UTF-8, plain or gzip (`.gz`). The delimiter is the one of comma, semicolon, tab and bar that the header
    uses most; lines before the header that start with `#` and blank lines are skipped.
    """
    path = Path(path)
    try:
        with _open(path) as file:
            lines = dropwhile(lambda line: not line.strip() or line.startswith("#"), file)
            return _columns(lines, path.name)
    except FileNotFoundError:
        raise DataError(f"There is no file {str(path)!r}; check the path.") from None
    except IsADirectoryError:
        raise DataError(f"{str(path)!r} is a folder; give the CSV file itself.") from None
    except PermissionError:
        raise DataError(f"The file {str(path)!r} may not be read; check its permissions.") from None
    except UnicodeDecodeError:
        raise DataError(
            f"The file {path.name!r} is not UTF-8 text; save it as CSV with UTF-8 encoding."
        ) from None
    except (gzip.BadGzipFile, EOFError):
        raise DataError(
            f"The file {path.name!r} is not a whole gzip file, although its name ends in .gz."
        ) from None
    except csv.Error as error:
        raise DataError(
            f"The file {path.name!r} cannot be read as CSV ({error}); save it again as CSV."
        ) from None


def _open(path: Path) -> TextIO:
    # utf-8-sig also reads files that a spreadsheet has started with a byte order mark.
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _columns(lines: Iterator[str], name: str) -> dict[str, list[str]]:
    header_line = next(lines, None)
    if header_line is None:
        raise DataError(f"The file {name!r} is empty; its first line must hold the column names.")
    delimiter = max(DELIMITERS, key=header_line.count)
    header = next(csv.reader([header_line], delimiter=delimiter, skipinitialspace=True))
    if all(_is_number(cell) for cell in header):
        raise DataError(f"The first line of {name!r} holds numbers only; it must hold the column names.")
    names = checked_names(header, what=f"file {name!r}")
    rows = _rows(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True), len(names), name)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    return dict(zip(names, columns, strict=True))


def _rows(reader: Iterator[list[str]], width: int, name: str) -> Iterator[list[str]]:
    count = 0
    for row in reader:
        if not row or (width > 1 and not any(cell.strip() for cell in row)):
            continue
        if len(row) != width:
            raise DataError(
                f"Row {count} of {name!r}, counted from 0 below the column names, has {len(row)} cells, "
                f"but there are {width} column names; every row needs one cell for each column."
            )
        count += 1
        yield row


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
