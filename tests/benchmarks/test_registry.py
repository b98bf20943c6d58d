"""Every row of the registry leads to a bench, and the page shows what there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.machine import stamp
from benchmarks.page import write_page
from benchmarks.registry import BENCHES, Bench, Options, run_bench
from benchmarks.results import RESULTS, read
from benchmarks.rivals import RIVALS
from benchmarks.rivals.table import Rival, build
from benchmarks.script import figures_of


@pytest.mark.parametrize("bench", BENCHES.values(), ids=lambda bench: bench.name)
def test_a_bench_has_what_the_registry_asks_for(bench: Bench) -> None:
    for name in ("main",) if bench.script else ("measure", "tables"):
        assert callable(getattr(bench.module, name))


def test_committed_results_can_be_shown(tmp_path: Path) -> None:
    for bench in BENCHES.values():
        source = RESULTS / f"{bench.name}.json"
        if source.exists():
            (tmp_path / source.name).write_bytes(source.read_bytes())
    page = write_page(tmp_path).read_text(encoding="utf-8")
    measured = [bench for bench in BENCHES.values() if (tmp_path / f"{bench.name}.json").exists()]
    assert measured
    for bench in measured:
        assert f"\n## {bench.name}: {bench.heading}\n" in page
        assert read(bench.name, tmp_path)["machine"]


def test_a_script_may_say_how_its_figures_are_shown(tmp_path: Path) -> None:
    part = {"one_seed_cpu_s": 0.2, "twenty_seeds_cpu_s": 1.0, "ratio": 5.0, "rows": 1000, "steps": 40}
    part |= {"smoothness": 1e-7, "relative_difference_to_single_fits": {"median": 1e-12, "most": 1e-8}}
    part |= {"runs": {"ratio": [4.5, 5.0, 6.0]}}
    record = {"machine": {**stamp(), "commit": "abc"}, "1000 rows": part}
    (tmp_path / "ensemble.json").write_text(json.dumps(record), encoding="utf-8")
    page = write_page(tmp_path).read_text(encoding="utf-8")
    assert "| 1000 rows (1000 to fit) | 200 ms | 1.00 s | 5 | 4.5 to 6.0 | 1.0e-12 | 1.0e-08 |" in page
    assert "the same 40 steps and smoothness 1e-07 for both" in page
    assert f"Commit abc; {stamp()['processor']}, " in page


def test_a_bench_that_fails_is_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert not run_bench(Bench("no_such_bench", "a heading"), Options())
    assert "no_such_bench" in capsys.readouterr().err


def test_a_rival_that_cannot_run_is_named_with_its_reason() -> None:
    works, failed = build("layer", None, "float32", [Rival("ghost", "no_such_module:layer")])
    assert works == {}
    assert failed["ghost"].startswith("ModuleNotFoundError")
    assert "kanlab" in RIVALS


def test_figures_of_a_script_are_named_by_their_path() -> None:
    record = {"a": {"b": 1, "runs": [1, 2]}, "law": "y = x", "error": 1.23456e-7, "none": None}
    assert list(figures_of(record)) == [("a: b", "1"), ("law", "y = x"), ("error", "1.235e-07")]
