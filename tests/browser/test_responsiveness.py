"""How long a click takes to be seen: measured and reported, never asserted, since machines differ."""

from __future__ import annotations

import json
from statistics import median

import pytest
from playwright.sync_api import Page

from tests.browser.labserver import Lab
from tests.browser.test_workbench import BUSY, LONG_FIT, PAPER, WORKBENCH, run_aside, show

CLICKS = 20

CLICK_TO_PAINT = """async ([root, edges, clicks]) => {
    const bench = document.querySelector(root);
    const times = [];
    for (let k = 0; k < clicks; k++) {
        const edge = edges[k % edges.length];
        const box = bench.querySelector(`[data-edge="${edge}"] rect`);
        const at = box.getBoundingClientRect();
        const place = {bubbles: true, clientX: at.x + at.width / 2, clientY: at.y + at.height / 2, pointerId: 1};
        const start = performance.now();
        const ack = Number(bench.dataset.ack);
        for (const type of ["pointerdown", "pointerup"]) box.dispatchEvent(new PointerEvent(type, place));
        box.dispatchEvent(new MouseEvent("click", place));
        while (Number(bench.dataset.ack) <= ack || bench.dataset.selection !== edge) {
            if (performance.now() - start > 10000) throw new Error(`no answer for ${edge}`);
            await new Promise(requestAnimationFrame);
        }
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 900));
    }
    return times;
}"""

STOP_TO_SEEN = """async (root) => {
    const bench = document.querySelector(root);
    const start = performance.now();
    bench.querySelector('[data-action="stop"]').click();
    while (bench.dataset.running !== "0") {
        if (performance.now() - start > 20000) throw new Error("Stop was not answered");
        await new Promise(requestAnimationFrame);
    }
    return performance.now() - start;
}"""


def test_click_to_repaint(lab: Lab, record_property: pytest.FixtureRequest) -> None:
    page = show(lab, *PAPER)
    times = page.evaluate(CLICK_TO_PAINT, [WORKBENCH, ["0.0.0", "0.1.1", "1.2.0"], CLICKS])
    report("click to repaint, kernel idle", times, record_property)
    assert len(times) == CLICKS


@pytest.mark.parametrize("busy", ["", BUSY], ids=["idle", "cell running"])
def test_stop_to_seen(lab: Lab, busy: str, record_property: pytest.FixtureRequest) -> None:
    page = show(lab, *PAPER, LONG_FIT)
    page.wait_for_timeout(2500)
    if busy:
        run_aside(page, busy)
        page.wait_for_timeout(500)
    page.locator(f'{WORKBENCH}[data-running="1"]').wait_for()
    time = page.evaluate(STOP_TO_SEEN, WORKBENCH)
    report(f"stop to seen, {'cell running' if busy else 'kernel idle'}", [time], record_property)
    assert stopped(page)
    if busy:
        page.wait_for_function("() => window.asideIsDone")


def stopped(page: Page) -> bool:
    return page.locator(f'{WORKBENCH}[data-running="0"]').count() == 1


def report(name: str, times: list[float], record_property: pytest.FixtureRequest) -> None:
    """Into the report of the test run (`--junit-xml`), and onto the screen with `-s`."""
    figures = {"median_ms": round(median(times), 1), "most_ms": round(max(times), 1), "count": len(times)}
    record_property(name, json.dumps(figures))  # type: ignore[operator]
    print(f"\n{name}: {json.dumps(figures)}")  # noqa: T201  this is the report
