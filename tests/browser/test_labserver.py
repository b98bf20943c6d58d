"""The fixtures themselves: a notebook is opened, run and read."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.browser.labserver import Lab, serve


def test_cells_run_in_this_environment(lab: Lab) -> None:
    lab.open("import sys; print(sys.prefix)", "6 * 7", "1 / 0")
    lab.run(0)
    lab.run(1)
    lab.run(2)
    assert Path(lab.text(0).strip()).samefile(sys.prefix)
    assert lab.text(1) == "42"
    assert "ZeroDivisionError" in lab.text(2)


def test_the_kernel_answers_outside_of_cells(lab: Lab) -> None:
    lab.open("answer = 42")
    lab.run(0)
    assert lab.evaluate("print(answer)") == "42\n"


def test_home_is_private(lab: Lab) -> None:
    lab.open("pass")
    home = lab.evaluate("import pathlib; print(pathlib.Path.home())").strip()
    assert Path(home) == lab.server.root.parent / "home"


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        assert _serving(server.root)
    assert not _serving(server.root)


def _serving(root: Path) -> list[str]:
    """The processes whose command line names this folder."""
    if not Path("/proc").exists():
        pytest.skip("processes are read from /proc")
    commands = (_command(entry) for entry in Path("/proc").iterdir() if re.fullmatch(r"\d+", entry.name))
    return [command for command in commands if f"root_dir={root}" in command]


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # it has ended meanwhile
        return ""
