"""JupyterLab on the guided tutorials."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import webbrowser
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from .errors import LabError
from .jupyter_server import command, free_port, stop, wait_until_ready

FIRST = "01_first_law.ipynb"
QUIET_LOG = ("--ServerApp.log_level=WARN", "--LabApp.log_level=WARN")
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def open_lab(folder: Path, *, port: int = 0, browser: bool = True, flags: tuple[str, ...] = ()) -> int:
    """Serve JupyterLab on 127.0.0.1 and open the first tutorial; without a display the address is written.

    A folder that holds the tutorials is served as it is; otherwise they are copied to it, and files that are there
    already stay as they are.

    Args:
        port: 0 for a free one.
        flags: further arguments of JupyterLab.

    Raises:
        LabError: JupyterLab is not installed or does not answer, or the tutorials are not there.
    """
    if find_spec("jupyterlab") is None:
        raise LabError("JupyterLab is not installed; install it with: pip install 'kanlab[lab]'.")
    root = _prepared(folder)
    url, token = f"http://127.0.0.1:{port or free_port()}", secrets.token_hex(16)
    _settle(Path(sys.prefix))
    signal.signal(signal.SIGTERM, _leave)
    process = subprocess.Popen(  # noqa: S603  our own command line
        [*command(root, int(url.rpartition(":")[2])), *QUIET_LOG, *flags],
        env={**os.environ, "JUPYTER_TOKEN": token, "JUPYTER_PLATFORM_DIRS": "1"},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until_ready(process, url, token)
        address = f"{url}/lab/tree/{FIRST}?token={token}"
        sys.stdout.write(f"kanlab is at {address}\nCtrl-C ends it.\n")
        sys.stdout.flush()
        if browser and _has_display():
            webbrowser.open(address)
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        stop(process)


def _prepared(folder: Path) -> Path:
    if not (folder / FIRST).exists():
        with as_file(files("kanlab") / "_notebooks") as packed:
            source = packed if packed.is_dir() else Path(__file__).parent.parent / "notebooks"
            if not (source / FIRST).exists():
                raise LabError("The tutorials are not part of this installation; install kanlab again.")
            folder.mkdir(parents=True, exist_ok=True)
            for notebook in sorted(source.glob("*.ipynb")):
                if not (folder / notebook.name).exists():
                    shutil.copy(notebook, folder / notebook.name)
    return folder.resolve()


def _settle(prefix: Path) -> None:
    """Defaults for this environment alone: no question about news, no look for updates."""
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if prefix != Path(sys.base_prefix) and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(QUIET), encoding="utf-8")


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
