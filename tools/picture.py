"""Take the picture of the workbench for the README and the tutorial, in a real JupyterLab.

python -m tools.picture
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser.labserver import CHROMIUM_FLAGS, Lab, serve

from .chromium import ADVICE, find_chromium

PLACE = Path(__file__).resolve().parent.parent / "docs" / "workbench.png"
CELLS = (
    "import kanlab as kl",
    'session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0)\nsession',
)
WORKBENCH = '[data-kanlab="workbench"]'
SETTLED = f'{WORKBENCH}[data-ready="1"][data-running="0"][data-pending="0"]'
FIXED, SHOWN = ("1.0.0", "0.1.0"), "0.0.0"
SIZE: ViewportSize = {"width": 1300, "height": 1000}
SHARPNESS, COLORS = 2, 128


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(ADVICE + "\n")
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport=SIZE, device_scale_factor=SHARPNESS)
        lab = Lab(page, server)
        lab.open(*CELLS)
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
        for index in range(len(CELLS)):
            lab.run(index)
        _walk(page)
        shot = page.locator(WORKBENCH).screenshot()
        browser.close()
    _write(shot)
    return 0


def _walk(page: Page) -> None:
    """Everything but the sine: what is left to do shows on the page."""
    for action in ("fit", "prune"):
        _act(page, action)
    for edge in FIXED:
        _select(page, edge)
        _act(page, "fix")
    _select(page, SHOWN)
    page.mouse.move(0, 0)
    page.wait_for_timeout(1000)  # pictures move to their places


def _act(page: Page, action: str) -> None:
    page.locator(SETTLED).wait_for()
    page.locator(f'[data-action="{action}"]').first.click()
    page.locator(SETTLED).wait_for()


def _select(page: Page, edge: str) -> None:
    page.locator(f'[data-edge="{edge}"] rect').click()
    page.locator(f'[data-inspector="{edge}"] [data-form]').first.wait_for()
    page.locator(SETTLED).wait_for()


def _write(shot: bytes) -> None:
    """Few colors make a small file, and the workbench has few."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(PLACE, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
