"""The perceptron beside a KAN has as many parameters."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as some

from benchmarks.mlp import parameters_of, width_for

SIZES = some.integers(1, 20)


@given(SIZES, SIZES, some.integers(1, 4), some.integers(20, 20_000))
def test_no_other_width_is_nearer(first: int, last: int, layers: int, parameters: int) -> None:
    width = width_for(parameters, (first, last), layers=layers)
    found = abs(parameters_of(width, (first, last), layers) - parameters)
    for other in (width - 1, width + 1):
        if other >= 1:
            assert found <= abs(parameters_of(other, (first, last), layers) - parameters)


def test_parameters_are_those_of_torch() -> None:
    parts = [torch.nn.Linear(3, 7), torch.nn.Linear(7, 7), torch.nn.Linear(7, 2)]
    assert parameters_of(7, (3, 2), 2) == sum(p.numel() for part in parts for p in part.parameters())
