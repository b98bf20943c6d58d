"""Chromium and JupyterLab for the tests that need them.

- `page`: an empty page of a fresh browser profile
- `lab`: the page object `Lab`, on one JupyterLab that all tests share
- `lab_server`: that JupyterLab

A test fails when its page raised an error or asked for anything outside this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser.labserver import CHROMIUM_FLAGS, Lab, Server, serve
from tools.chromium import ADVICE, find_chromium
from tools.step import strict_run

HERE = Path(__file__).parent
OURS = {"127.0.0.1", "localhost"}
INSIDE = {"about", "blob", "data", "file"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_chromium()
    if path is None:
        (pytest.fail if strict_run() else pytest.skip)(ADVICE)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, headless=True, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def lab_server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(30_000)
    fresh = context.new_page()
    errors: list[str] = []
    strangers: list[str] = []

    def look_at(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INSIDE and address.hostname not in OURS:
            strangers.append(request.url)

    fresh.on("pageerror", lambda error: errors.append(str(error)))
    context.on("request", look_at)
    yield fresh
    context.close()
    assert not errors, f"the page raised {errors}"
    assert not strangers, f"the page asked for {strangers}"


@pytest.fixture
def lab(page: Page, lab_server: Server) -> Iterator[Lab]:
    driven = Lab(page, lab_server)
    yield driven
    if "/lab/" in page.url:
        driven.shut_down()
