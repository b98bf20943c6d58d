"""An investigation as a Python script."""

from __future__ import annotations

from typing import Any

from ..discovery import Investigation
from ..network import NetworkSpec
from ..network.spec import one_or_each


def script(investigation: Investigation) -> str:
    """Python that goes the way from the first state to the present one; running it gives the same law.

    A table that lives in memory only is written into the script itself.
    """
    lines = [
        f'"""{_title(investigation)}: an investigation with kanlab."""',
        "",
        "import kanlab as kl",
        "",
        f"data = {investigation.dataset.source.code()}",
        f"session = kl.Session(data, {', '.join(_arguments(investigation))})",
    ]
    lines += [f"session.{action.code()}" for action in investigation.actions]
    lines += ["session.wait()"]
    if any(layer.forms for layer in investigation.network.arrays().layers):
        lines += ["law = session.law()", "print(law)", 'print(f"{law.error_label} {law.error:.3g}")']
    return "\n".join(lines) + "\n"


def _title(investigation: Investigation) -> str:
    """The title as it can stand in a docstring: printable, without quotes and backslashes."""
    title = investigation.dataset.title or "data"
    shown = "".join(letter if letter.isprintable() and letter != "\\" else " " for letter in title)
    return shown.replace('"', "'")


def _arguments(investigation: Investigation) -> list[str]:
    spec = investigation.first_spec
    defaults = NetworkSpec.of([1, 1])
    arguments = [f"shape={spec}"]
    for name in ("order", "intervals", "base"):
        value: Any = one_or_each(getattr(spec, name))
        if value != one_or_each(getattr(defaults, name)):
            arguments.append(f"{name}={value!r}")
    if not all(layer.splines.all() for layer in investigation.history.states[0].network.arrays().layers):
        arguments.append("start='sparse'")
    return [*arguments, f"seed={investigation.seed}"]
