"""A JupyterLab on 127.0.0.1: how it is started, how one knows that it answers, how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

from .errors import LabError


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(root: Path, port: int) -> list[str]:
    """The command line. The token goes by JUPYTER_TOKEN, since other users can read command lines."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def wait_until_ready(process: subprocess.Popen[bytes], url: str, token: str, *, seconds: float = 90) -> None:
    """Return as soon as the server answers.

    Raises:
        LabError: it ended first, or took too long.
    """
    request = urllib.request.Request(  # noqa: S310  an address of this machine
        f"{url}/api/status", headers={"Authorization": f"token {token}"}
    )
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        if process.poll() is not None:
            raise LabError(
                f"JupyterLab ended with status {process.returncode} before it answered; its messages say why."
            )
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=2):  # noqa: S310
            return
        sleep(0.1)
    raise LabError(f"JupyterLab did not answer within {seconds:.0f} s; its messages may say why.")


def stop(process: subprocess.Popen[bytes], *, patience: float = 10) -> None:
    """End a server that was started with `start_new_session=True`, and everything in its process group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return
