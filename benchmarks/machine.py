"""What figures depend on: the processor, the versions, and the commit."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "kanlab",
    "torch",
    "numpy",
    "numba",
    "scipy",
    "sympy",
    "pykan",
    "inkan",
    "flashkan",
    "jaxkan",
    "jax",
    "jaxlib",
    "pyoperon",
    "gplearn",
)
SOURCES = ("kanlab", "benchmarks/*.py", "benchmarks/rivals/*.py")


def machine() -> dict[str, Any]:
    """Processor, cores, memory and the interpreter."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "threads": os.environ.get("OMP_NUM_THREADS", "default"),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """Installed versions; a missing package is said to be so."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def stamp() -> dict[str, Any]:
    """All of it in one mapping, for the record of a bench that is a script."""
    return {**machine(), "commit": commit(), "versions": versions()}


def commit() -> str:
    """The commit of this tree, with a plus where sources differ from it."""
    short = _git("rev-parse", "--short", "HEAD").stdout.strip() or "unknown"
    changed = _git("status", "--porcelain", "--", *SOURCES).stdout.strip()
    return f"{short}+" if changed else short


def same_sources(known: str, sources: Sequence[str]) -> bool:
    """Whether these paths are now as they were at a commit; never for a tree that differed from its commit."""
    if known.endswith("+") or known == "unknown":
        return False
    return _git("diff", "--quiet", known, "--", *sources).returncode == 0


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)


@lru_cache(maxsize=1)
def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
