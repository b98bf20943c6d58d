"""`make lab`: JupyterLab on the first tutorial.

KANLAB_LAB_PORT chooses the port, arguments go to JupyterLab.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path
from types import FrameType

from .npm import ROOT
from .server import command, free_port, stop, wait_until_ready

TUTORIAL = "notebooks/01_first_law.ipynb"
QUIET_LOG = ("--ServerApp.log_level=WARN", "--LabApp.log_level=WARN")
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def main(flags: list[str]) -> int:
    port = int(os.environ.get("KANLAB_LAB_PORT") or free_port())
    url, token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    _settle(Path(sys.prefix))
    signal.signal(signal.SIGTERM, _leave)
    process = subprocess.Popen(
        [*command(ROOT, port), "--no-browser", *QUIET_LOG, *flags],
        env={**os.environ, "JUPYTER_TOKEN": token, "JUPYTER_PLATFORM_DIRS": "1"},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until_ready(process, url, token)
        address = f"{url}/lab/tree/{TUTORIAL}?token={token}"
        print(f"kanlab is at {address}\nCtrl-C ends it.", flush=True)
        if _has_display():
            webbrowser.open(address)
        return process.wait()
    except KeyboardInterrupt:
        return 0
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        stop(process)


def _settle(prefix: Path) -> None:
    """Defaults for this environment alone: no question about news, no look for updates."""
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if prefix != Path(sys.base_prefix) and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(QUIET), encoding="utf-8")


def _has_display() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
