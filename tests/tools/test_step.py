"""The runner behind `make test` counts right and forgets no failure."""

from __future__ import annotations

import sys

from tools.step import JUNIT, Need, Step, run_step

PASS = (sys.executable, "-c", "raise SystemExit(0)")
FAIL = (sys.executable, "-c", "raise SystemExit(3)")
NEVER = Need(lambda: None, "it is not to be had")
REPORT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure/></testcase>
<testcase name="c"><skipped type="pytest.skip"/></testcase>
<testcase name="d"><skipped type="pytest.xfail"/></testcase>
<testcase name="e"><error/></testcase>
</testsuite></testsuites>"""


def reporting(status: int, report: str) -> tuple[str, ...]:
    code = (
        "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2]); sys.exit(int(sys.argv[3]))"
    )
    return (sys.executable, "-c", code, JUNIT, report, str(status))


def counts(*commands: tuple[str, ...], needs: tuple[Need, ...] = (), strict: bool = False) -> tuple[int, ...]:
    outcome = run_step(Step("name", "heading", commands, needs), strict=strict)
    return outcome.passed, outcome.failed, outcome.skipped


def test_each_program_counts_once_and_the_later_ones_run() -> None:
    assert counts(PASS, FAIL, PASS) == (2, 1, 0)


def test_tests_are_counted_from_the_report() -> None:
    assert counts(reporting(1, REPORT)) == (2, 2, 1)


def test_a_program_that_fails_without_a_failed_test_is_a_failure() -> None:
    assert counts(reporting(5, "<testsuites/>")) == (0, 1, 0)


def test_what_is_missing_is_skipped_with_its_reason() -> None:
    outcome = run_step(Step("name", "heading", (PASS,), (NEVER,)), strict=False)
    assert (outcome.word, outcome.note) == ("skipped", "it is not to be had")


def test_strict_runs_skip_nothing() -> None:
    assert counts(PASS, needs=(NEVER,), strict=True) == (0, 1, 0)
    assert counts(reporting(0, REPORT), strict=True) == (2, 3, 0)
