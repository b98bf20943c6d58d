"""The table of rivals. A new one is a row: a name and how it builds a layer and a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

from .work import Work

REFERENCE = "pykan"


@dataclass(frozen=True)
class Rival:
    """A row.

    Attributes:
        name: as shown.
        layer, network: "module:function" in this folder, called with a shape and a dtype; empty where it has none.
        layer_note, network_note: what a reader must know.
    """

    name: str
    layer: str = ""
    network: str = ""
    layer_note: str = ""
    network_note: str = ""


RIVALS: Mapping[str, Rival] = MappingProxyType(
    {
        rival.name: rival
        for rival in (
            Rival("kanlab", "own:layer", "own:network", "", "torch module, autograd"),
            Rival("kanlab, compiled", "", "own:compiled", "", "loss_and_gradient, which its training calls"),
            Rival("pykan", "pykan:layer", "pykan:network", "", "speed(), as fit(lamb=0) does"),
            Rival(
                "pykan, as constructed", "", "pykan:as_constructed", "", "symbolic branch, stored activations"
            ),
            Rival(
                "pykan, fit(lamb>0)", "", "pykan:regularized", "", "stored activations and the regularizer"
            ),
            Rival("inkan", "inkan:layer", "inkan:network", "eager", "eager"),
            Rival("inkan, torch.compile", "inkan:compiled_layer", "", "as it comes"),
            Rival("flashkan", "flashkan:layer", "flashkan:network", "eager", "eager"),
            Rival("flashkan, torch.compile", "flashkan:compiled_layer", "", "as it comes"),
            Rival("jaxkan", "jaxkan:layer", "jaxkan:network", "spline layer, jit", "spline layers, jit"),
            Rival("MLP", "mlp:layer", "mlp:network", "SiLU, as many parameters", "SiLU, as many parameters"),
        )
    }
)


def build(
    kind: str, shape: Any, dtype: str, rivals: Iterable[Rival] = RIVALS.values()
) -> tuple[dict[str, Work], dict[str, str]]:
    """The work of every rival that has this kind ("layer" or "network"), and the reason for each that fails.

    Each call is tried once, so that a rival that cannot run drops out here, with its reason in words.
    """
    works: dict[str, Work] = {}
    failed: dict[str, str] = {}
    for rival in rivals:
        where = getattr(rival, kind)
        if not where:
            continue
        module, function = where.split(":")
        try:
            work = getattr(import_module(f"{__package__}.{module}"), function)(shape, dtype)
            work.call()
        except Exception as problem:  # noqa: BLE001  whatever a rival raises is its reason
            failed[rival.name] = reason(problem)
        else:
            works[rival.name] = work
    return works, failed


def reason(problem: Exception) -> str:
    """The first line of what was raised."""
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0][:160]}" if lines else type(problem).__name__
