"""The command that opens the lab, with a server that only pretends."""

from __future__ import annotations

import json
import signal
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest

from kanlab import lab
from kanlab.errors import LabError
from tests.sentences import refused


@pytest.fixture
def tutorials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with two tutorials."""
    folder = tmp_path / "package" / "_notebooks"
    folder.mkdir(parents=True)
    for name in (lab.FIRST, "02_next.ipynb"):
        (folder / name).write_text(f"packed {name}", encoding="utf-8")
    (folder / "notes.txt").write_text("not a notebook", encoding="utf-8")
    monkeypatch.setattr(lab, "files", lambda package: tmp_path / "package")
    return folder


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A server that ends with status 3; the addresses that the browser was asked for."""
    asked: list[str] = []
    monkeypatch.setattr(lab, "command", lambda root, port: [sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(lab, "wait_until_ready", lambda process, url, token: None)
    monkeypatch.setattr(lab, "_settle", lambda prefix: None)
    monkeypatch.setattr(webbrowser, "open", asked.append)
    kept = signal.getsignal(signal.SIGTERM)
    yield asked
    signal.signal(signal.SIGTERM, kept)


def test_tutorials_are_copied_and_what_is_there_stays(tutorials: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "deep"
    folder.mkdir(parents=True)
    (folder / "02_next.ipynb").write_text("my own work", encoding="utf-8")
    assert lab._prepared(folder) == folder.resolve()
    assert {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir()} == {
        lab.FIRST: f"packed {lab.FIRST}",
        "02_next.ipynb": "my own work",
    }


def test_a_folder_with_the_tutorials_is_served_as_it_is(tutorials: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / lab.FIRST).write_text("edited", encoding="utf-8")
    lab._prepared(folder)
    assert [entry.read_text(encoding="utf-8") for entry in folder.iterdir()] == ["edited"]


def test_a_checkout_has_its_tutorials_beside_the_package(tmp_path: Path) -> None:
    assert (lab._prepared(tmp_path / "copy") / lab.FIRST).is_file()


def test_an_installation_without_tutorials(tutorials: Path, tmp_path: Path) -> None:
    (tutorials / lab.FIRST).unlink()
    refused(lambda: lab._prepared(tmp_path / "mine"), "tutorials", kind=LabError)
    assert not (tmp_path / "mine").exists()


def test_without_jupyterlab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    refused(lambda: lab.open_lab(tmp_path / "mine"), "pip install 'kanlab[lab]'", kind=LabError)
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(("browser", "display"), [(True, True), (True, False), (False, True)])
def test_the_address_is_written_and_opened_where_somebody_can_see_it(
    browser: bool,
    display: bool,
    tutorials: Path,
    pretended: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(lab, "_has_display", lambda: display)
    assert lab.open_lab(tmp_path / "mine", port=4321, browser=browser) == 3
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:4321/lab/tree/{lab.FIRST}?token=" in said
    assert pretended == ([said.split()[3]] if browser and display else [])


def test_each_start_has_a_token_of_its_own(
    tutorials: Path, pretended: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said: set[str] = set()
    for _ in range(2):
        lab.open_lab(tmp_path / "mine", browser=False)
        said.add(capsys.readouterr().out.split("token=")[1].split()[0])
    assert len(said) == 2
    assert all(len(token) == 32 for token in said)


def test_settings_of_this_environment_alone(tmp_path: Path) -> None:
    lab._settle(tmp_path)
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert json.loads(path.read_text(encoding="utf-8")) == lab.QUIET
    path.write_text("{}", encoding="utf-8")
    lab._settle(tmp_path)
    assert path.read_text(encoding="utf-8") == "{}"


def test_the_python_of_the_system_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    lab._settle(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variables", "seen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display(
    platform: str, variables: dict[str, str], seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert lab._has_display() is seen
