"""Every export is text under a name; one that makes no sense is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from kanlab.data import load
from kanlab.discovery import Shelf
from kanlab.errors import ActionError, FileError
from kanlab.report.export import KINDS, export, write_text
from kanlab.report.shelf_page import shelf_page
from kanlab.widgets.protocol import EXPORTS
from tests.investigations import exp_sin
from tests.sentences import refused
from tests.tables import columns, started


def test_the_browser_may_ask_for_all_of_them() -> None:
    assert set(EXPORTS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "starts", "ending"),
    [
        ("script", '"""exp(sin(pi x1) + x2^2)', "py"),
        ("html", "<!doctype html>", "html"),
        ("svg", "<svg", "svg"),
        ("latex", "y = e^{", "tex"),
        ("python", "import numpy as np", "py"),
        ("text", "y = exp(x2**2 + sin(pi*x1))", "txt"),
    ],
)
def test_each_kind(kind: str, starts: str, ending: str) -> None:
    made = export(exp_sin(), kind)
    assert made.text.startswith(starts)
    assert made.filename == f"investigation.{ending}"
    assert "/" in made.mime


def test_the_picture_is_xml() -> None:
    assert ET.fromstring(export(exp_sin(), "svg").text).tag.endswith("svg")


def test_the_function_in_python_is_the_law() -> None:
    space: dict[str, Any] = {}
    exec(export(exp_sin(), "python").text, space)
    inputs = columns(20)
    np.testing.assert_allclose(space["y"](*inputs.T), exp_sin().law()(inputs), rtol=1e-12)


def test_the_page_holds_what_was_done_and_how_to_do_it_again() -> None:
    page = export(exp_sin(), "html").text
    for part in ("<math", "<svg", "session.fix((0, 0, 0), &quot;sin&quot;)", "This is a report"):
        assert part in page, part
    assert "0.0.0" in page


@pytest.mark.parametrize("kind", ["latex", "python", "text"])
def test_no_law_no_export_of_it(kind: str) -> None:
    refused(lambda: export(started(), kind), "No edge is symbolic yet", kind=ActionError)


@pytest.mark.parametrize("kind", ["pickle", "", "SCRIPT"])
def test_an_export_that_there_is_not(kind: str) -> None:
    refused(lambda: export(started(), kind), "There is no export", "script", kind=ActionError)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    assert write_text(tmp_path / "a.txt", "é").read_text(encoding="utf-8") == "é"
    refused(lambda: write_text(tmp_path, "x"), "cannot be written", kind=FileError)
    refused(lambda: write_text(tmp_path / "b" / "a.txt", "x"), "cannot be written", kind=FileError)


def test_the_page_of_a_search_that_found_nothing() -> None:
    page = shelf_page(Shelf((), None, None, 0, 1, True, 0.1), load("planets"))
    assert page.startswith("<!doctype html>")
    assert "session.discover" not in page


def test_the_page_of_a_search_says_how_to_search_again() -> None:
    held = exp_sin()
    page = shelf_page(Shelf((held.law(),), held.law(), held.network, 7, 3, True, 0.1), held.dataset)
    assert "session.discover(seed=7, trials=3)" in page
