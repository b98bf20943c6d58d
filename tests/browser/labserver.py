"""A private JupyterLab on 127.0.0.1, and the page object that drives it.

The server has its own configuration, settings, workspaces and home, so that nothing of the user's is read or
written, and its own process group, so that nothing is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import nbformat
from playwright.sync_api import Page

from kanlab.errors import LabError
from kanlab.jupyter_server import command, free_port, stop, wait_until_ready

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
)

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, its token and the folder that it serves."""

    url: str
    token: str
    root: Path

    def address(self, name: str) -> str:
        return f"{self.url}/lab/tree/{name}?token={self.token}&reset"

    def write_notebook(self, name: str, cells: tuple[str, ...]) -> None:
        """Write a notebook with one code cell for each text."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.root / name)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Serve `folder/root`; everything else that JupyterLab writes goes beside it, under `folder`."""
    root = folder / "root"
    root.mkdir()
    token, port = secrets.token_hex(16), free_port()
    _write_settings(folder / "settings")
    log = folder / "lab.log"
    with log.open("wb") as output, _sigterm_unwinds():
        process = subprocess.Popen(
            [*command(root, port), "--LabApp.expose_app_in_browser=True"],
            env=_private_environment(folder, token),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(process, url, token)
            yield Server(url, token, root)
        except LabError as error:
            error.add_note(log.read_text(errors="replace")[-3000:])
            raise
        finally:
            stop(process)


def _private_environment(folder: Path, token: str) -> dict[str, str]:
    places = {
        "HOME": "home",
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
    }
    private = {name: str(folder / place) for name, place in places.items()}
    return {**os.environ, **private, "JUPYTER_PLATFORM_DIRS": "1", "JUPYTER_TOKEN": token}


def _write_settings(folder: Path) -> None:
    for plugin, values in SETTINGS.items():
        path = folder / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@contextlib.contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """Let SIGTERM run the `finally` clauses: by default Python ends at once, and the server would live on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Lab:
    """One page of JupyterLab, driven through `window.jupyterapp` rather than through menus."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server

    def open(self, *cells: str, name: str = "test.ipynb", timeout: float = 60_000) -> None:
        """Write a notebook with these cells, open it, and wait until its kernel is idle.

        Without cells the notebook of this name is opened as it is.
        """
        if cells:
            self.server.write_notebook(name, cells)
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length > 0", timeout=timeout
        )
        self.page.wait_for_function(
            """() => window.jupyterapp.shell.currentWidget
                .sessionContext?.session?.kernel?.status === 'idle'""",
            timeout=timeout,
        )

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run one cell; with `wait` until it has finished."""
        self.page.evaluate(
            """async ([index, wait]) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = index;
                notebook.deselectAll();
                const done = window.jupyterapp.commands.execute('notebook:run-cell');
                if (wait) await done;
            }""",
            [index, wait],
        )

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs of a cell, as they would be saved."""
        return self.page.evaluate(
            "(index) => window.jupyterapp.shell.currentWidget.content.widgets[index].model.toJSON().outputs",
            index,
        )

    def text(self, index: int) -> str:
        """What a cell printed, showed as plain text or raised."""
        return "".join(_plain(output) for output in self.outputs(index))

    def evaluate(self, code: str) -> str:
        """Run code in the kernel, outside of every cell; what it printed or raised.

        It waits behind a running cell: read the page then, not the kernel.
        """
        return self.page.evaluate(
            """async (code) => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const request = kernel.requestExecute({code, silent: false, store_history: false});
                let out = '';
                request.onIOPub = (message) => {
                    if (message.header.msg_type === 'stream') out += message.content.text;
                    if (message.header.msg_type === 'error') out += message.content.traceback.join('\\n');
                };
                await request.done;
                return out;
            }""",
            code,
        )

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def shut_down(self) -> None:
        """End every kernel of this page, so that the next test starts with an idle machine."""
        self.page.evaluate("async () => { await window.jupyterapp.serviceManager.sessions.shutdownAll(); }")


def _plain(output: dict[str, Any]) -> str:
    if "text" in output:
        return _joined(output["text"])
    if "traceback" in output:
        return "\n".join(output["traceback"])
    return _joined(output.get("data", {}).get("text/plain", ""))


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
