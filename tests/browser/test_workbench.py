"""The workbench in a real JupyterLab, by clicks only."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.labserver import Lab

WORKBENCH = '[data-kanlab="workbench"]'
PAPER = ("import kanlab as kl", 'session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0)\nsession')
LONG_FIT = "session.fit(steps=100000, sparsity=0.02, wait=False)\nNone"
BUSY = "import time\nfor _ in range(120): time.sleep(0.1)"
LAW = "y = exp(x2**2 + sin(pi*x1))"


def show(lab: Lab, *cells: str) -> Page:
    """Open a notebook, run its cells, and wait for the workbench that the last one shows."""
    lab.open(*cells)
    for index in range(len(cells)):
        lab.run(index)
        assert "Error" not in lab.text(index), lab.text(index)
    lab.page.locator(f'{WORKBENCH}[data-ready="1"]').last.wait_for()
    return lab.page


def settled(page: Page) -> None:
    """Wait until nothing runs and every click has been answered."""
    page.locator(f'{WORKBENCH}[data-running="0"][data-pending="0"]').first.wait_for()


def act(page: Page, action: str) -> None:
    page.locator(f'[data-action="{action}"]').first.click()
    settled(page)


def states(page: Page) -> int:
    return page.locator("[data-state]").count()


def expect_state(page: Page, number: int) -> None:
    expect(page.locator(f'[data-state="{number}"]')).to_have_attribute("aria-current", "step")


def select(page: Page, edge: str) -> None:
    page.locator(f'[data-edge="{edge}"] rect').click()
    page.locator(f'[data-inspector="{edge}"] [data-form]').first.wait_for()
    settled(page)


def law_of(lab: Lab) -> str:
    return lab.evaluate("print(session.law())").strip()


def walk_to_the_law(page: Page) -> None:
    act(page, "fit")
    expect_state(page, 1)
    act(page, "prune")
    expect_state(page, 2)
    for number, edge in enumerate(("0.0.0", "0.1.0", "1.0.0"), start=3):
        select(page, edge)
        act(page, "fix")
        expect_state(page, number)


def test_the_paper_s_walk_by_clicks(lab: Lab, tmp_path: Path) -> None:
    page = show(lab, *PAPER)
    walk_to_the_law(page)

    assert law_of(lab) == LAW
    assert float(lab.evaluate("print(session.law().error)")) <= 1e-12
    expect(page.locator("[data-law] math")).to_be_visible()

    for number in reversed(range(5)):
        act(page, "undo")
        expect_state(page, number)
    expect(page.locator('[data-action="undo"]')).to_be_disabled()
    for number in range(1, 6):
        act(page, "redo")
        expect_state(page, number)
    assert law_of(lab) == LAW

    script = tmp_path / "investigation.py"
    export(page, "script", script)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.splitlines()[0] == LAW

    report = tmp_path / "report.html"
    export(page, "html", report)
    read_report(page, report)


def export(page: Page, kind: str, place: Path) -> None:
    page.locator('[data-action="export"]').click()
    with page.expect_download() as download:
        page.locator(f'[data-export="{kind}"]').click()
    download.value.save_as(place)


def read_report(page: Page, report: Path) -> None:
    """The report shows diagram, curves and law, alone on a page."""
    page.goto(report.as_uri())
    page.locator(f'{WORKBENCH}[data-ready="1"]').wait_for()
    assert page.locator("[data-edge]").count() == 3
    expect(page.locator("[data-law] math")).to_be_visible()
    page.locator('[data-edge="0.0.0"] rect').click()
    expect(page.locator('[data-inspector="0.0.0"]')).to_be_visible()


def test_stop_answers_while_a_cell_is_busy(lab: Lab) -> None:
    page = show(lab, *PAPER, LONG_FIT)
    page.locator(f'{WORKBENCH}[data-running="1"]').wait_for()
    page.wait_for_timeout(
        2500
    )  # JupyterLab opens the thread that is free while a cell runs after the first message
    run_aside(page, BUSY)
    page.wait_for_timeout(500)
    page.locator('[data-action="stop"]').click()
    page.locator(f'{WORKBENCH}[data-running="0"]').wait_for()
    assert not page.evaluate("() => window.asideIsDone"), "Stop was answered only after the cell had ended"
    page.wait_for_function("() => window.asideIsDone")


def run_aside(page: Page, code: str) -> None:
    """Run code in the kernel without waiting; `window.asideIsDone` tells when it has ended."""
    page.evaluate(
        """(code) => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            window.asideIsDone = false;
            kernel.requestExecute({code, silent: false, store_history: false}).done.then(() => {
                window.asideIsDone = true;
            });
        }""",
        code,
    )


def test_two_views_show_the_same(lab: Lab) -> None:
    page = show(lab, *PAPER, "session")
    expect(page.locator(WORKBENCH)).to_have_count(2)
    page.locator(f'{WORKBENCH} [data-edge="0.0.0"] rect').first.click()
    expect(page.locator('[data-inspector="0.0.0"]')).to_have_count(2)


def test_python_and_browser_are_one(lab: Lab) -> None:
    page = show(lab, *PAPER, "session.remove((0, 0, 1))\nNone")
    expect_state(page, 1)
    act(page, "undo")
    assert lab.evaluate("print(session.state.number)").strip() == "0"


def test_a_refused_wish_is_one_sentence_on_the_page(lab: Lab) -> None:
    page = show(lab, *PAPER)
    select(page, "0.0.0")
    page.locator('[data-action="own-form"]').fill("sine(x")
    page.locator('[data-action="own-form"]').press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert states(page) == 1


def test_a_typed_formula_is_ranked_and_fixed(lab: Lab) -> None:
    page = show(lab, *PAPER)
    select(page, "0.0.0")
    page.locator('[data-action="own-form"]').fill("x*exp(-x)")
    page.locator('[data-action="compare"]').click()
    expect(page.locator('tr[data-form="x*exp(-x)"][data-picked]')).to_be_visible()
    page.locator('[data-action="own-form"]').press("Enter")
    expect_state(page, 1)
    assert "x*exp(-x)" in lab.evaluate("print(session.actions[-1].code())")


def test_keys_stay_out_of_the_notebook(lab: Lab) -> None:
    page = show(lab, *PAPER)
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    page.locator('[data-edge="0.0.0"] rect').click()
    page.keyboard.press("b")
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length") == cells


def test_the_law_is_shown_in_dark(lab: Lab) -> None:
    page = show(lab, *PAPER)
    light = page.locator(WORKBENCH).first.evaluate("el => getComputedStyle(el).backgroundColor")
    page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    page.wait_for_function(
        """([selector, light]) =>
            getComputedStyle(document.querySelector(selector)).backgroundColor !== light""",
        arg=[WORKBENCH, light],
    )
    assert re.match(r"rgb", light)
