"""Where Chromium is, and how it comes to be there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "no Chromium was found: install it, or name one with KANLAB_CHROMIUM"


def find_chromium() -> str | None:
    """Path of the browser that KANLAB_CHROMIUM names, else of the first known one on the path."""
    named = os.environ.get("KANLAB_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium() -> str | None:
    """Install Debian's Chromium where that needs nobody's permission; the path, or None where it does."""
    allowed = os.geteuid() == 0 and shutil.which("apt-get") and Path("/etc/debian_version").exists()
    if not allowed:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ("chromium", "fonts-dejavu-core")
    for command in (("update", "-qq"), ("install", "-qq", "-y", "--no-install-recommends", *packages)):
        done = subprocess.run(
            ("apt-get", *command), env=environment, check=False, stdin=subprocess.DEVNULL, capture_output=True
        )
        if done.returncode:
            print(done.stderr.decode(errors="replace").strip())
    return find_chromium()
