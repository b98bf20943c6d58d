"""A case that is written wrongly says so when it is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kanlab.cases import Claim, Scale, Step, at_least, find, names, play
from kanlab.errors import ActionError, FileError
from tests.cases.example import CASE
from tests.sentences import refused


def test_names_must_differ() -> None:
    refused(lambda: replace(CASE, steps=(*CASE.steps, CASE.steps[0])), "'double'")
    refused(lambda: replace(CASE, claims=(*CASE.claims, CASE.claims[0])), "'twice 21'")


def test_a_claim_asks_for_a_step_that_is_there() -> None:
    refused(lambda: replace(CASE, claims=(Claim("c", "absent.value", at_least(0)),)), "'absent'")


def test_a_scale_chooses() -> None:
    assert Scale().of(5, 1) == 5
    assert Scale(quick=True).of(5, 1) == 1
    assert list(Scale().seeds(3)) == [0, 1, 2]
    assert list(Scale(quick=True).seeds(3)) == [0]


@pytest.mark.parametrize("name", names())
def test_every_case_is_found_by_its_name_and_is_complete(name: str) -> None:
    case = find(name)
    assert case.name == name
    assert case.title.endswith("?")
    assert case.headline
    assert all(isinstance(step, Step) for step in case.steps)
    used = {claim.step for claim in case.claims}
    assert used == {step.name for step in case.steps}


def test_an_unknown_case_is_refused() -> None:
    refused(lambda: find("walktrough"), "walkthrough", kind=ActionError)
    refused(lambda: find("absent.py"), "absent.py", kind=FileError)
    refused(lambda: play("walkthrough", "run"), "walk", kind=ActionError)


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("CASE = 1\n")
    refused(lambda: find(str(path)), "CASE", kind=FileError)
