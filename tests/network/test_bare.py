"""Whatever torch hangs around the forward of a module happens around a layer too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn.modules import module as of_all

from kanlab.network import KAN, KANLayer, NetworkSpec
from kanlab.network.bare import is_bare

WAYS: dict[str, Callable[[KANLayer, Callable[..., None]], Any]] = {
    "forward": lambda layer, hook: layer.register_forward_hook(hook),
    "before forward": lambda layer, hook: layer.register_forward_pre_hook(hook),
    "backward": lambda layer, hook: layer.register_full_backward_hook(hook),
    "before backward": lambda layer, hook: layer.register_full_backward_pre_hook(hook),
    "forward of all": lambda _, hook: of_all.register_module_forward_hook(hook),
    "before forward of all": lambda _, hook: of_all.register_module_forward_pre_hook(hook),
    "backward of all": lambda _, hook: of_all.register_module_full_backward_hook(hook),
    "before backward of all": lambda _, hook: of_all.register_module_full_backward_pre_hook(hook),
}


def layer_and_rows() -> tuple[KANLayer, torch.Tensor]:
    layer = KAN(NetworkSpec.of([2, 3], intervals=4, order=3), seed=0).layers[0]
    assert isinstance(layer, KANLayer)
    return layer, torch.linspace(-1, 1, 10, dtype=torch.float64).reshape(5, 2).requires_grad_()


@pytest.mark.parametrize("way", WAYS)
def test_a_hook_is_called_once_for_each_pass_until_it_is_removed(way: str) -> None:
    layer, x = layer_and_rows()
    seen: list[str] = []
    assert is_bare(layer)
    handle = WAYS[way](layer, lambda *_: seen.append(way))
    try:
        assert not is_bare(layer)
        y = layer(x)
        y.backward(torch.ones_like(y))
        assert seen == [way]
    finally:
        handle.remove()
    assert is_bare(layer)
    layer(x).sum().backward()
    assert seen == [way]


def test_a_hook_may_replace_what_a_layer_returns() -> None:
    layer, x = layer_and_rows()
    before = layer(x)

    def doubled(_layer: torch.nn.Module, _rows: Any, out: Any) -> torch.Tensor:
        return 2 * out

    layer.register_forward_hook(doubled)
    assert torch.equal(layer(x), 2 * before)


def test_a_call_compiled_in_place_is_the_one_that_is_made() -> None:
    layer, x = layer_and_rows()
    layer._compiled_call_impl = lambda x: x[:, :1]
    assert not is_bare(layer)
    assert torch.equal(layer(x), x[:, :1])
