"""The report in Chromium: offline, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kanlab.report.page import page as report_page
from tests.investigations import exp_sin


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_page(exp_sin()), "utf-8")
    return Path(path).as_uri()


@pytest.fixture
def watched(page: Page, address: str) -> Iterator[Page]:
    """The report, opened without a network; asking for anything or complaining is a failure."""
    asked: list[str] = []
    complaints: list[str] = []
    page.context.set_offline(True)
    page.context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.goto(address)
    yield page
    assert asked == [address]
    assert complaints == []


def test_the_workbench_takes_the_place_of_the_still_page(watched: Page) -> None:
    watched.locator('.kanlab[data-ready="1"]').wait_for()
    for edge in ("0.0.0", "0.1.0", "1.0.0"):
        expect(watched.locator(f'[data-edge="{edge}"]')).to_be_visible()
    expect(watched.locator("[data-law] math")).to_be_visible()
    expect(watched.locator(".still")).to_be_hidden()
    expect(watched.locator('[data-action="fit"]')).to_be_disabled()


def test_a_click_shows_the_curve_of_an_edge(watched: Page) -> None:
    watched.locator('.kanlab[data-ready="1"]').wait_for()
    watched.locator('[data-edge="0.1.0"] rect').click()
    inspector = watched.locator('[data-inspector="0.1.0"]')
    expect(inspector).to_contain_text("x₂")
    curve = inspector.locator("path.kan-plot-curve")
    expect(curve).to_be_visible()
    assert len((curve.get_attribute("d") or "").split("L")) > 30
    watched.locator('[data-edge="0.0.0"] rect').click()
    expect(watched.locator('[data-inspector="0.0.0"]')).to_contain_text("x₁")


def test_it_is_all_there_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    try:
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".still svg path.curve")).to_have_count(3)
        expect(page.locator(".still svg text", has_text="exp")).to_be_visible()
        expect(page.locator(".still math")).to_be_visible()
        expect(page.locator(".still .evidence")).to_contain_text("y = exp(x2**2 + sin(pi*x1))")
        expect(page.locator(".still .steps li")).to_have_count(6)
        page.locator("summary").click()
        expect(page.locator("pre")).to_contain_text("kl.Session(data, shape=[2, 5, 1], seed=0)")
    finally:
        context.close()


def test_paper_gets_the_still_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator('.kanlab[data-ready="1"]').wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".still svg")).to_be_visible()
    expect(page.locator("#workbench")).to_be_hidden()
