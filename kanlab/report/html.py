"""A report as one HTML page that works offline, with and without JavaScript."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from math import isfinite
from typing import Any

from ..errors import FileError

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""The browser itself refuses whatever the page might ask for from outside."""

CAPTION = (
    "On every edge the function that it learned. Frames with corners are splines, round frames named forms; "
    "what matters little is pale."
)

START = """
const place = document.getElementById("workbench");
const payload = JSON.parse(document.getElementById("payload").textContent);
document.body.classList.add("live");
try {
  MOUNT(place, payload);
} catch (problem) {
  document.body.classList.remove("live");
  place.replaceChildren();
  console.error(problem);
}
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="generator" content="kanlab">
<title>{title}</title>
<style>{widget_style}</style>
<style>{style}</style>
</head>
<body>
<main class="report">
<h1>{title}</h1>
<p class="facts">{facts}</p>
<div id="workbench"></div>
<div class="still">
{still}
</div>
{appendix}
{script}
</main>
<script type="application/json" id="payload">{payload}</script>
<script type="module">{bundle}</script>
</body>
</html>
"""


def html(
    payload: Mapping[str, Any],
    inspectors: Mapping[str, Mapping[str, Any]],
    *,
    title: str,
    svg: str,
    script: str,
    appendix: str = "",
) -> str:
    """The page: diagram, law, constants and steps as plain HTML; the workbench replaces them where it runs.

    Args:
        payload: all traits of the workbench; bytes among them are written in base64.
        inspectors: for each edge name what its inspector shows.
        title: heading of the page.
        svg: the diagram for readers without JavaScript.
        script: the investigation as Python.
        appendix: HTML between the workbench and the script.
    """
    data = {**payload, "inspectors": inspectors}
    return PAGE.format(
        policy=POLICY,
        title=escape(title),
        widget_style=_in_style(_built("widget.css")),
        style=_in_style((files("kanlab") / "report" / "report.css").read_text("utf-8")),
        facts=escape(_facts(payload)),
        still=_still(payload, svg),
        script=_source(script),
        appendix=appendix,
        payload=embed_json(data),
        bundle=_in_script(mounting(_built("widget.js"), START)),
    )


def embed_json(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element or a line of JavaScript.

    Bytes become base64 text, numbers that JSON does not have become null.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def mounting(bundle: str, start: str) -> str:
    """A bundle with `start` after it, where MOUNT stands for what the bundle exports as `mount`.

    An inline module can export nothing to another script, so both become one.

    Raises:
        FileError: the bundle does not end with such an export.
    """
    found = re.search(r"export\s*\{([^{}]*)\}\s*;?\s*$", bundle)
    named = re.search(r"([\w$]+)\s+as\s+mount\b|\b(mount)\b", found[1]) if found else None
    if not found or not named:
        raise FileError("The browser bundle of this kanlab exports no mount; install kanlab again.")
    return bundle[: found.start()] + start.replace("MOUNT", named[1] or named[2])


def _built(name: str) -> str:
    """A file of the browser bundle, without importing the widgets."""
    try:
        return (files("kanlab") / "widgets" / "static" / name).read_text("utf-8")
    except OSError as problem:
        message = f"The browser bundle {name} is missing from this kanlab; install kanlab again."
        raise FileError(message) from problem


def _in_script(code: str) -> str:
    """Code that cannot end its element; in JavaScript strings the two spellings are the same."""
    code = re.sub(r"</(?=script)", r"<\\/", code, flags=re.IGNORECASE)
    return code.replace("<!--", r"\x3c!--")


def _in_style(code: str) -> str:
    return re.sub(r"</(?=style)", r"<\\/", code, flags=re.IGNORECASE)


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(held) for held in value]
    return None if isinstance(value, float) and not isfinite(value) else value


# the page without JavaScript


def _facts(payload: Mapping[str, Any]) -> str:
    data, graph = payload["dataset"], payload["graph"]
    inputs = data["inputs"]
    named = ", ".join(_with_unit(column) for column in inputs[:6])
    if len(inputs) > 6:
        named += f" and {len(inputs) - 6} more inputs"
    return (
        f"{data['rows']} rows · {named} → {_with_unit(data['target'])} · network {graph['shape']} · "
        f"{graph['parameters']} parameters"
    )


def _with_unit(column: Mapping[str, str]) -> str:
    return f"{column['name']} [{column['unit']}]" if column["unit"] else column["name"]


def _still(payload: Mapping[str, Any], svg: str) -> str:
    parts = [
        '<figure class="diagram">',
        svg[svg.index("<svg") :].rstrip(),
        f"<figcaption>{CAPTION}</figcaption></figure>",
        _errors(payload["graph"]["rmse"], payload["graph"]["measure"]),
        _law(payload["law"]) if payload.get("law") else "",
        _steps(payload["history"]),
        _notices(payload["dataset"]["notices"]),
    ]
    return "\n".join(part for part in parts if part)


def _errors(errors: Mapping[str, float | None], measure: str) -> str:
    known = [(name, value) for name, value in errors.items() if value is not None]
    if not known:
        return ""
    rows = [("rows", measure), *((name, f"{value:.3g}") for name, value in known)]
    return "<h2>Error of the network</h2>\n" + table(rows)


def _law(law: Mapping[str, Any]) -> str:
    error = "" if law["error"] is None else f"{law['error_label']} {law['error']:.3g}"
    notes = [part for part in (error, *law["notes"]) if part]
    constants = [
        (held["name"], held["value"], held["error"] and f"± {held['error']}", held["snapped"])
        for held in law["constants"]
    ]
    header = ("constant", "measured", "standard error", "in the law as")
    shown = table([header, *constants]) if constants else ""
    return (
        f'<h2>Law</h2>\n<div class="formula">{law["mathml"]}</div>\n'
        f'<p class="evidence"><code>{escape(law["text"])}</code><br>{escape(" · ".join(notes))}</p>\n{shown}'
    )


def _steps(history: Mapping[str, Any]) -> str:
    items = [
        f"<li class='{'step' if node['onpath'] else 'aside'}'><code>{escape(node['code'])}</code>"
        f"<small>{escape(node['note'])}</small></li>"
        for node in history["nodes"]
    ]
    return f'<h2>Steps</h2>\n<ol class="steps">{"".join(items)}</ol>'


def _notices(notices: Sequence[str]) -> str:
    if not notices:
        return ""
    return "<h2>About the data</h2>\n<ul>" + "".join(f"<li>{escape(text)}</li>" for text in notices) + "</ul>"


def _source(script: str) -> str:
    if not script:
        return ""
    code = f"<pre><code>{escape(script)}</code></pre>"
    return f"<details><summary>The same in Python</summary>\n{code}</details>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """The first row as header; numbers stand to the right."""
    head = "".join(f"<th{_side(i)}>{escape(cell)}</th>" for i, cell in enumerate(rows[0]))
    body = "".join(
        "<tr>" + "".join(f"<td{_side(i)}>{escape(cell)}</td>" for i, cell in enumerate(row)) + "</tr>"
        for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _side(column: int) -> str:
    return ' class="number"' if column else ""
