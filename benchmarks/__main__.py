"""`python -m benchmarks [NAME ...]`: run benches, write `results/`, and put all results into one page of tables.

The few figures of README.md are written with the page. `--page` measures nothing and writes both.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from .one_thread import require_one_thread


def arguments(words: list[str]) -> Namespace:
    """What was asked for on the command line."""
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="benches to run; all but the long ones when none is named"
    )
    parser.add_argument("--again", action="store_true", help="measure again what was measured at this state")
    parser.add_argument("--full", action="store_true", help="slow rivals on every seed")
    parser.add_argument(
        "--budget", type=float, help="CPU seconds for a row of a paper's table (15) or a search (60)"
    )
    parser.add_argument("--laws", default="feynman", help="symbolic: the list of laws")
    parser.add_argument("--only", nargs="+", default=(), help="symbolic: equations, by name")
    parser.add_argument("--noise", type=float, nargs="+", default=(), help="symbolic: shares of the spread")
    parser.add_argument("--tools", nargs="+", default=(), help="symbolic: who searches")
    parser.add_argument("--seeds", type=int, help="symbolic: how many seeds (3)")
    parser.add_argument("--page", action="store_true", help="measure nothing, only write the page of tables")
    parser.add_argument("--list", action="store_true", help="say which benches there are")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run and report; the exit status is 1 when a bench failed, 2 when a name is not known."""
    asked = arguments(words)
    require_one_thread()
    from .headlines import write_headlines
    from .page import write_page
    from .registry import BENCHES, Options, run_bench

    if asked.list:
        for bench in BENCHES.values():
            print(f"{bench.name:<18} {bench.heading}{' (long)' if bench.long else ''}")
        return 0
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {unknown[0]!r}; the benches are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    options = Options(
        again=asked.again,
        full=asked.full,
        budget=asked.budget,
        laws=asked.laws,
        only=tuple(asked.only),
        noise=tuple(asked.noise),
        tools=tuple(asked.tools),
        seeds=asked.seeds,
    )
    failed = 0
    short = [name for name, bench in BENCHES.items() if not bench.long]
    for name in [] if asked.page else asked.names or short:
        failed += not run_bench(BENCHES[name], options)
    write_headlines()
    print(f"The tables are in {write_page()}")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
