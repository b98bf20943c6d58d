"""Loops that go interval by interval against those that go row by row, and against sums in double precision."""

from __future__ import annotations

import numba
import numpy as np
import pytest
import torch

from kanlab.kernels import grouped_rows
from kanlab.kernels.aligned import aligned_empty, aligned_zeros
from kanlab.kernels.vector_rows import load_rows
from kanlab.kernels.vector_sums import dot_parts, row_totals
from kanlab.kernels.vectors import ROWS, load, store
from kanlab.network import KANLayer
from tests.kernels.test_fused_layer import by_torch, gradients, layer_of, points_for
from tests.networks import miss

WIDE = (0, 0, 0, 0)


@numba.njit
def _totals(numbers: np.ndarray, out: np.ndarray) -> None:
    store(out, 0, row_totals(load_rows(numbers, 0, WIDE, grouped_rows.SIXTEEN)))


@numba.njit
def _dots(a: np.ndarray, b: np.ndarray, out: np.ndarray, lanes: tuple[int, ...]) -> None:
    store(out, 0, dot_parts(load(a, 0, lanes), load(b, 0, lanes)))


@numba.njit
def _places(count: int, like: np.ndarray) -> tuple[int, int, int]:
    one, other = aligned_empty(count, like), aligned_zeros(count, like)
    return one.ctypes.data, other.ctypes.data, np.count_nonzero(other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_rows_and_of_parts_are_right(dtype: type) -> None:
    generator = np.random.default_rng(0)
    numbers, out = generator.normal(size=256).astype(dtype), np.zeros(16, dtype=dtype)
    _totals(numbers, out)
    close = 64 * np.finfo(dtype).eps
    assert np.allclose(out, numbers.astype(np.float64).reshape(16, 16).sum(axis=1), rtol=close, atol=close)
    for lanes in (2, 3, 4, 5, 6):
        a, b = (generator.normal(size=64).astype(dtype) for _ in range(2))
        _dots(a, b, out, (0,) * lanes)
        products = np.zeros(64)
        products[: 2**lanes] = a[: 2**lanes].astype(np.float64) * b[: 2**lanes]
        assert np.allclose(out, products.reshape(4, 16).sum(axis=0), rtol=close, atol=close)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 7, 1000])
def test_memory_begins_with_a_cache_line(dtype: type, count: int) -> None:
    one, other, filled = _places(count, np.empty(0, dtype=dtype))
    assert one % 64 == other % 64 == filled == 0


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("kind", ["uniform", "nonuniform"])
@pytest.mark.parametrize(("outputs", "intervals"), [(32, 6), (70, 3), (130, ROWS // grouped_rows.GROUP)])
def test_wide_layers_give_what_torch_gives(order: int, kind: str, outputs: int, intervals: int) -> None:
    arrays = layer_of(order, kind, inputs=11, outputs=outputs, intervals=intervals)
    layer = KANLayer(arrays)
    plan = layer._planned()[0]
    assert plan is not None
    assert not plan.narrow
    x = points_for(arrays, 300).requires_grad_()
    y, wanted = layer(x), by_torch(layer, x)
    assert miss(y.detach().numpy(), wanted.detach().numpy()) <= 1e-12
    got, truth = gradients(layer, y, x), gradients(layer, wanted, x)
    for one, other in zip(got, truth, strict=True):
        assert miss(one, other) <= 1e-12
    layer.weights.requires_grad_(False)
    pull = torch.from_numpy(np.random.default_rng(2).normal(size=y.shape))
    (alone,) = torch.autograd.grad(layer(x), x, pull)
    assert np.array_equal(alone.numpy(), got[0])
