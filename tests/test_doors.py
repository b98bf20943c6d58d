"""Every door through which a person's formula comes in: hostile text is refused in one sentence, and nothing runs."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings

import kanlab as kl
from kanlab.cli import main
from kanlab.discovery.actions import Discover, Fix
from kanlab.errors import KanlabError
from kanlab.network import EdgeId
from kanlab.widgets.protocol import action_of, read_message
from tests.hostile import HOSTILE, NO_TEXT, STRANGERS, TEXTS
from tests.sentences import is_one_sentence
from tests.tables import columns

EDGE = EdgeId(0, 0, 0)


def _table() -> kl.Dataset:
    inputs = columns(40)
    return kl.Dataset.from_arrays(inputs, np.exp(inputs[:, 0]) + inputs[:, 1] ** 2, names=["x", "w"])


SESSION = kl.Session(_table(), shape=[2, 2, 1], intervals=3)
DOORS: dict[str, Callable[[Any], object]] = {
    "kl.forms.add": kl.forms.add,
    "session.suggest": lambda text: SESSION.suggest(EDGE, forms=[text]),
    "session.fix": lambda text: SESSION.fix(EDGE, text),
    "session.discover": lambda text: Discover(forms=(text,)),
    "kl.discover": lambda text: kl.discover(SESSION.data, forms=[text], time_limit=0),
    "a file or a script": lambda text: Fix(EDGE, text),
    "the inspector": lambda text: action_of(read_message({"type": "fix", "edge": "0.0.0", "form": text})),
    "KAN.from_formula": lambda text: kl.KAN.from_formula(text, names=["x", "w"]),
    "with_columns": lambda text: SESSION.data.with_columns({"new": text}),
}
LIBRARY = {"sin", "Sin(x)", "SIN(x)"}
"""No formulas, but spellings by which the library of forms knows one."""
QUICK = [name for name in DOORS if name not in ("session.suggest", "session.fix", "kl.discover")]
"""Doors that stay quick when a text turns out to be a formula."""


def _boom(*values: object, **options: object) -> object:
    raise AssertionError(f"something was run: {values!r:.80}")


@pytest.fixture(scope="module", autouse=True)
def opened() -> None:
    """Every door was used once, so that what is imported or made at first use is there."""
    for through in DOORS.values():
        through("x*exp(-x)")


@contextmanager
def nothing_runs() -> Generator[None]:
    """Whoever runs text, here or in SymPy, fails."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("eval", "exec", "compile"):
            patch.setattr(builtins, name, _boom)
        patch.setattr("sympy.parsing.sympy_parser.eval_expr", _boom)
        patch.setattr("os.system", _boom)
        yield


def refusal(door: str, text: Any) -> str:
    """The sentence with which a door refuses a text; nothing is changed."""
    before = SESSION.state
    with nothing_runs(), pytest.raises(KanlabError) as caught:
        DOORS[door](text)
    assert SESSION.state is before
    message = str(caught.value)
    assert is_one_sentence(message), message
    assert len(message) < 500
    return message


def test_the_guard_sees_what_is_run() -> None:
    for run in (lambda: eval("1"), lambda: sympy.parse_expr("x + 1")):
        with nothing_runs(), pytest.raises(AssertionError, match="something was run"):
            run()


@pytest.mark.parametrize("door", DOORS)
def test_hostile_text_is_refused_at_every_door(door: str) -> None:
    for text in [*HOSTILE, *STRANGERS]:
        if text not in LIBRARY:
            refusal(door, text)


@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_text_is_refused_at_every_door(door: str) -> None:
    for value in NO_TEXT:
        if door != "KAN.from_formula" or not isinstance(value, dict):
            refusal(door, value)


@pytest.mark.parametrize("door", QUICK)
@given(text=TEXTS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_taken_or_refused_in_one_sentence(door: str, text: str) -> None:
    try:
        with nothing_runs():
            DOORS[door](text)
    except KanlabError as problem:
        assert is_one_sentence(str(problem)), problem


def test_the_command_line_takes_names_and_no_formulas(tmp_path: Path, capsys: Any) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(9)), encoding="utf-8")
    assert main(["discover", str(table), "--target=c"]) == 2
    capsys.readouterr()
    for text in HOSTILE:
        with nothing_runs():
            assert main(["discover", str(table), f"--target={text}"]) == 2
        told = capsys.readouterr().err.strip()
        assert is_one_sentence(told), told
