"""Tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column to the left, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def seconds(value: float) -> str:
    """Three digits with the unit that suits: 12.3 µs, 1.23 ms, 45.6 s."""
    unit, scale = next(((name, size) for name, size in UNITS if value >= size), UNITS[-1])
    return f"{digits(value / scale)} {unit}"


def size(value: float) -> str:
    """Bytes in MB, three digits."""
    return f"{digits(value / 1e6)} MB"


def digits(value: float) -> str:
    """Three significant digits without an exponent."""
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def error(value: float | None) -> str:
    """An error with two digits: 1.2e-05."""
    return "-" if value is None else f"{value:.1e}"


def times(value: float | None) -> str:
    """A factor: 3.4, 120."""
    if value is None:
        return "-"
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
