"""`make test`: every check in one table. `python -m tools.check lint types` runs some of them."""

from __future__ import annotations

import sys

from . import knots
from .chromium import ADVICE, find_chromium, install_chromium
from .npm import find_node
from .step import JUNIT, Need, Outcome, Step, run_step, strict_run

PYTEST = (sys.executable, "-m", "pytest", "-q", f"--junitxml={JUNIT}")
NPM = (sys.executable, "-m", "tools.npm")

NODE = Need(find_node, "no node was found: install Node.js 20 or newer")
SNAPPY = Need(knots.find_snappy, knots.ADVICE)
CHROMIUM = Need(lambda: find_chromium() or install_chromium(), ADVICE)

STEPS = (
    Step(
        "lint",
        "style and format of Python (ruff)",
        (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", ".")),
    ),
    Step("types", "types of Python (pyright)", (("pyright", "--pythonpath", sys.executable),)),
    Step(
        "layers",
        "which room may import which (import-linter)",
        (("lint-imports", "--no-cache", "--no-logo"),),
    ),
    # Two processes: the suite is bound by computation, and each test is deterministic by itself.
    Step(
        "tests",
        "Python tests (pytest)",
        (
            (
                *PYTEST,
                "-n",
                "2",
                "--dist",
                "loadfile",
                "-m",
                "not browser and not notebook and not case and not knots",
            ),
        ),
    ),
    Step(
        "knots",
        "rows of the table of knots, computed again (SnapPy)",
        (
            (
                str(knots.PYTHON),
                *("-m", "pytest", "-q", f"--junitxml={JUNIT}", "--noconftest", "-p", "no:cacheprovider"),
                *("-o", "addopts=", "-o", "filterwarnings=", "tests/data/test_knots_made.py"),
            ),
        ),
        (SNAPPY,),
    ),
    Step(
        "js",
        "types, style and tests of TypeScript (tsc, biome, vitest)",
        (
            (*NPM, "tsc", "--noEmit"),
            (*NPM, "biome", "ci", "."),
            (*NPM, "vitest", "run", "--reporter=dot", "--reporter=junit", f"--outputFile.junit={JUNIT}"),
        ),
        (NODE,),
    ),
    Step(
        "bundle-check",
        "the committed bundle is what js/ builds",
        ((sys.executable, "-m", "tools.bundle"),),
        (NODE,),
    ),
    Step("browser", "the widget in JupyterLab and Chromium", ((*PYTEST, "-m", "browser"),), (CHROMIUM,)),
    Step("cases", "published discoveries, quickly (kanlab reproduce)", ((*PYTEST, "-m", "case"),)),
    Step("notebooks", "notebooks, from first cell to last", ((*PYTEST, "-m", "notebook"),)),
)


def main(names: list[str]) -> int:
    known = {step.name: step for step in STEPS}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no step {unknown[0]!r}; the steps are {', '.join(known)}.", file=sys.stderr)
        return 2
    steps = [known[name] for name in names] or STEPS
    outcomes = {step.name: _announce(step) for step in steps}
    total = sum(outcomes.values(), Outcome())
    if len(outcomes) > 1:
        print("\n== summary")
        for name, outcome in outcomes.items():
            print(f"   {name:<14} {outcome.word:<8} {outcome.seconds:7.1f} s   {outcome.note}".rstrip())
        print(f"   {'total':<14} {'':<8} {total.seconds:7.1f} s")
    print(f"\n{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return int(total.failed > 0)


def _announce(step: Step) -> Outcome:
    print(f"\n== {step.name}: {step.heading}")
    outcome = run_step(step, strict=strict_run())
    note = f": {outcome.note}" if outcome.note else ""
    print(f"== {step.name} {outcome.word} in {outcome.seconds:.1f} s{note}", flush=True)
    return outcome


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
