"""The report page: complete, offline, and safe whatever the names are."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from kanlab.errors import FileError
from kanlab.report.html import embed_json, html, mounting
from kanlab.report.svg import network_svg
from tests.investigations import exp_sin

EVIL = '</script><script>alert("1")</script>&\'\u2028'


def hand_made(**changes: Any) -> dict[str, Any]:
    """A small payload."""
    return {
        "mode": "workbench",
        "dataset": {
            "title": "t",
            "rows": 9,
            "inputs": [{"name": "x1", "unit": "m"}, {"name": "b", "unit": ""}],
            "target": {"name": "y", "unit": ""},
            "split": {"train": 9, "validation": 9, "test": 9},
            "notices": ["Column b is constant."],
        },
        "graph": {
            "shape": "[2, 1]",
            "parameters": 7,
            "rmse": {"train": 0.25, "validation": None, "test": None},
            "measure": "rmse",
            "layers": [],
            "edges": [],
        },
        "curves": b"\x00\x00\x80\x3f",
        "law": {
            "mathml": '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>y</mi></math>',
            "text": "y = x1 < 2",
            "error": 0.125,
            "error_label": "held-out rmse",
            "notes": ["not used: b"],
            "constants": [{"name": "c1", "value": "3.14", "error": "0.01", "snapped": "pi"}],
        },
        "history": {
            "nodes": [
                {"code": "Session(shape=[2, 1])", "note": "7 parameters", "onpath": True},
                {"code": 'fix((0, 0, 0), "sin")', "note": "rmse 1 → 2", "onpath": False},
            ]
        },
        "loss": float("nan"),
        **changes,
    }


def made(payload: dict[str, Any] | None = None, **changes: str) -> str:
    held = exp_sin()
    told = {
        "title": "A title",
        "svg": network_svg(held.network, held.dataset),
        "script": "print(1 < 2)",
        **changes,
    }
    return html(payload or hand_made(), {"0.0.0": {"edge": "0.0.0"}}, **told)


class Reader(HTMLParser):
    """Texts of the elements, scripts and styles apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opened: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts.setdefault(self.inside[-1], []).append(data)


def test_everything_is_there_without_a_script() -> None:
    page = Reader(made())
    told = " ".join(
        text for tag, texts in page.texts.items() if tag not in {"script", "style"} for text in texts
    )
    for part in (
        "A title",
        "9 rows · x1 [m], b → y · network [2, 1] · 7 parameters",
        "y = x1 < 2",
        "held-out rmse 0.125 · not used: b",
        "3.14",
        "± 0.01",
        "Session(shape=[2, 1])",
        'fix((0, 0, 0), "sin")',
        "Column b is constant.",
        "print(1 < 2)",
        "0.25",
    ):
        assert part in told, part
    assert {"svg", "math", "table", "ol", "details"} <= {tag for tag, _ in page.opened}


def test_nothing_is_asked_for() -> None:
    page = Reader(made())
    for tag, attributes in page.opened:
        assert not {"src", "href", "srcset", "action", "data"} & set(attributes), tag
        assert tag not in {"link", "iframe", "img", "object", "base"}
    policy = next(
        held["content"] for _, held in page.opened if held.get("http-equiv") == "Content-Security-Policy"
    )
    assert (policy or "").startswith("default-src 'none'")
    assert "@import" not in "".join(page.texts["style"])


def test_the_payload_survives() -> None:
    page = Reader(made(hand_made(selection=EVIL)))
    data = json.loads(next(text for text in page.texts["script"] if text.startswith("{")))
    assert data["selection"] == EVIL
    assert base64.b64decode(data["curves"]) == b"\x00\x00\x80\x3f"
    assert data["loss"] is None
    assert data["inspectors"] == {"0.0.0": {"edge": "0.0.0"}}


def test_names_cannot_break_out() -> None:
    payload = hand_made()
    payload["dataset"]["inputs"][0]["name"] = EVIL
    payload["dataset"]["notices"] = [EVIL]
    payload["law"]["text"] = EVIL
    payload["history"]["nodes"][0]["code"] = EVIL
    clean, page = Reader(made()), Reader(made(payload, title=EVIL, script=EVIL))
    assert [tag for tag, _ in page.opened] == [tag for tag, _ in clean.opened]
    assert page.texts["h1"] == [EVIL]


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "\u2028\u2029", "a&b", "é"])
def test_json_in_a_script_element(text: str) -> None:
    shown = embed_json({"a": [text, 1.5, True, None]})
    assert not re.search("[<>&\u2028\u2029]", shown)
    assert json.loads(shown) == {"a": [text, 1.5, True, None]}


def test_values_that_json_lacks() -> None:
    assert embed_json({"a": (float("inf"), -0.5), "b": memoryview(b"ab")}) == '{"a":[null,-0.5],"b":"YWI="}'


@pytest.mark.parametrize(
    ("bundle", "called"),
    [
        ("let a=1;export{b as default,Mu as mount};\n", "Mu"),
        ("export { mount, x as default }", "mount"),
        ("export{$a as mount}", "$a"),
    ],
)
def test_mounting(bundle: str, called: str) -> None:
    assert mounting(bundle, "MOUNT(1)").endswith(f"{called}(1)")
    assert "export" not in mounting(bundle, "MOUNT(1)")


@pytest.mark.parametrize("bundle", ["let a=1;", "export{a as default};"])
def test_a_bundle_without_mount_is_refused(bundle: str) -> None:
    with pytest.raises(FileError, match="exports no mount"):
        mounting(bundle, "MOUNT(1)")


def test_a_bundle_cannot_end_its_element() -> None:
    page = Reader(made())
    scripts = [attributes for tag, attributes in page.opened if tag == "script"]
    assert [held.get("type") for held in scripts] == ["application/json", "module"]


def test_no_law_yet() -> None:
    page = made(hand_made(law=None))
    assert "<h2>Law</h2>" not in page
    assert "<svg" in page
