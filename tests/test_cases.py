"""`kanlab reproduce --quick`, as a user runs it: every claim of every case is as its case says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kanlab.cases import names

pytestmark = pytest.mark.case


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("cases") / "out.json"
    command = [sys.executable, "-m", "kanlab.cli", "reproduce", "--quick", "--json", str(out)]
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    return json.loads(Path(out).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", names())
def test_the_claims_are_as_the_case_says(lines: list[dict[str, Any]], name: str) -> None:
    own = [line for line in lines if line["case"] == name]
    assert own
    assert not [line for line in own if line["word"] not in ("holds", "does not hold")]
