"""Run a tool of js/ with the packages that its lock file names: `python -m tools.npm biome check .`"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "js"
LOCK = JS / "package-lock.json"
INSTALLED = JS / "node_modules" / ".package-lock.json"  # written by npm when it has finished


def environment() -> dict[str, str]:
    """The environment in which this Python's own programs, node among them, are found before the system's."""
    path = [str(JS / "node_modules" / ".bin"), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return {**os.environ, "PATH": os.pathsep.join(path)}


def find_node() -> str | None:
    return shutil.which("node", path=environment()["PATH"])


def install() -> int:
    """Install what the lock file names, unless node_modules is as new; the exit status.

    Not `npm ci`: it refuses a lock file that was written where the registry lacks the binaries of other
    systems. With `--no-save` the versions are the lock file's all the same, and no file is changed.
    """
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime:
        return 0
    command = ("npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(command, cwd=JS, env=environment(), check=False, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        INSTALLED.touch()
    return done.returncode


def main(command: list[str]) -> int:
    return install() or subprocess.run(command, cwd=JS, env=environment(), check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
