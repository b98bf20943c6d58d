"""The environment in which rows of the table of knots are computed again.

SnapPy's module is called `snappy`, as is another that Dask's `distributed` takes for its own when it is there, and
breaks on. So SnapPy does not live in `.venv`.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib

from .npm import ROOT

PLACE = ROOT / ".cache" / "knots"
PYTHON = PLACE / "bin" / "python"
READY = PLACE / "ready"
FURTHER = ("numba", "numpy", "pytest")
ADVICE = "SnapPy could not be installed: pip install 'kanlab[knots]' says why"


def find_snappy() -> str | None:
    """The interpreter that has SnapPy, made where there is none; None where it cannot be had."""
    if READY.exists():
        return str(PYTHON)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = [*project["optional-dependencies"]["knots"], *FURTHER]
    install = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-c", "constraints.txt")
    for command in ((sys.executable, "-m", "venv", PLACE), (*install, *packages)):
        if subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode:
            return None
    READY.touch()
    return str(PYTHON)
