"""A script says everything that makes the investigation, and nothing that was not meant as code."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from kanlab.discovery import Investigation
from kanlab.discovery.actions import Fit, Fix, Refine
from kanlab.network import EdgeId
from kanlab.report.script import script
from tests.investigations import exp_sin
from tests.tables import small, started


def calls(text: str) -> list[str]:
    """The lines after the session was made."""
    return [line for line in text.splitlines() if line.startswith("session.")]


def test_the_paper_in_a_dozen_lines() -> None:
    assert script(exp_sin()) == (
        '"""exp(sin(pi x1) + x2^2): an investigation with kanlab."""\n'
        "\n"
        "import kanlab as kl\n"
        "\n"
        'data = kl.load("exp_sin")\n'
        "session = kl.Session(data, shape=[2, 5, 1], seed=0)\n"
        "session.fit(sparsity=0.02)\n"
        "session.prune(0.02)\n"
        'session.fix((0, 0, 0), "sin")\n'
        'session.fix((0, 1, 0), "x^2")\n'
        'session.fix((1, 0, 0), "exp")\n'
        "session.wait()\n"
        "law = session.law()\n"
        "print(law)\n"
        'print(f"{law.error_label} {law.error:.3g}")\n'
    )


def test_only_the_way_that_was_gone_and_no_other_branch() -> None:
    held = started()
    held.do(Refine(5))
    held.undo()
    held.do(Refine(6))
    assert calls(script(held)) == ["session.refine(6)", "session.wait()"]
    held.undo()
    assert calls(script(held)) == ["session.wait()"]


def test_no_law_is_asked_for_where_there_is_none() -> None:
    assert "law" not in script(started())


def test_what_differs_from_the_defaults_is_said() -> None:
    held = Investigation.start(
        small(), shape=[2, (1, [2, 3]), 1], seed=9, order=2, intervals=[4, 7], base="zero"
    )
    line = next(line for line in script(held).splitlines() if line.startswith("session ="))
    assert line == (
        "session = kl.Session(data, shape=[2, (1, [2, 3]), 1], order=2, intervals=[4, 7], base='zero', seed=9)"
    )


def test_layers_that_differ_and_a_sparse_start_are_said() -> None:
    held = Investigation.start(small(), shape=[2, 2, 1], order=[3, 2], base=["silu", "zero"], start="sparse")
    line = next(line for line in script(held).splitlines() if line.startswith("session ="))
    assert line == (
        "session = kl.Session(data, shape=[2, 2, 1], order=[3, 2], base=['silu', 'zero'], start='sparse', seed=0)"
    )


def test_a_chosen_shape_is_written_down() -> None:
    held = Investigation.start(small(30))
    assert "shape=[2, 1, 1]" in script(held)


@pytest.mark.parametrize(
    "title",
    ['"""\nimport os\nos.abort()\n"""', "\\", 'a\\"', "\r\nimport os", "\0", "end\\\n", "\u2028x", '"', ""],
)
def test_a_title_stays_in_its_docstring(title: str) -> None:
    held = started()
    held.dataset = replace(held.dataset, title=title)
    tree = ast.parse(script(held))
    assert isinstance(tree.body[0], ast.Expr)
    assert isinstance(tree.body[1], ast.Import)
    assert [
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    ] == ["kanlab"]


def test_numbers_keep_all_their_digits() -> None:
    held = started()
    held.do(Fit(steps=1, smoothness=1.23456789012345e-7))
    assert "smoothness=1.23456789012345e-07" in script(held)


def test_a_typed_form_is_text() -> None:
    held = started()
    held.do(Fix(EdgeId(0, 0, 0), "x*exp(-x)"))
    assert 'session.fix((0, 0, 0), "x*exp(-x)")' in script(held)
