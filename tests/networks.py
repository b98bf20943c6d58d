"""Random networks of every kind that the tests need, and how close two numbers have to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from kanlab.forms import get
from kanlab.network import KAN, EdgeId, NetworkSpec, Scaling, lock_edge, set_form, share_edges
from kanlab.training import follow_activations

FORMS = ("sin", "exp", "x^2", "tanh", "gaussian", "x")
SHAPES: tuple[list[Any], ...] = (
    [1, 1],
    [2, 3, 1],
    [2, (1, 1), 2],
    [3, (2, [2, 3]), 1],
    [2, (0, [3]), (1, [2])],
    [2, 2, 2, 1],
)
SEEDS = st.integers(0, 2**31)


def random_network(
    shape: Sequence[Any],
    seed: int,
    *,
    order: int | Sequence[int] = 3,
    intervals: int = 4,
    base: str | Sequence[str] = "silu",
    forms: float = 0.0,
    locked: float = 0.0,
    scaling: Scaling | None = None,
    dtype: torch.dtype = torch.float64,
) -> KAN:
    """A network with random splines on grids that fit it, and a share of symbolic and of locked edges."""
    generator = np.random.default_rng(seed)
    spec = NetworkSpec.of(shape, order=order, intervals=intervals, base=base)
    network = KAN(spec, seed=seed, scaling=scaling, dtype=dtype)
    inputs = random_inputs(network, seed, 50)
    for edge in all_edges(network):
        if generator.random() < forms:
            form = get(FORMS[generator.integers(len(FORMS))])
            a, b, c, d = generator.normal(0, 0.7, 4)
            network = set_form(network, edge, form, (float(a), float(b), float(c), float(d)))
        if generator.random() < locked:
            network = lock_edge(network, edge)
    return network.replace(follow_activations(network.arrays(), network.scaling.scale_inputs(inputs)))


def shared_network(shape: Sequence[Any], seed: int, **options: Any) -> KAN:
    """A random network in which two or three spline edges of every layer that has so many share a curve."""
    network = random_network(shape, seed, **options)
    generator = np.random.default_rng([seed, 2])
    for number, layer in enumerate(network.arrays().layers):
        free = np.argwhere(layer.splines & ~layer.locked)
        if len(free) > 1:
            chosen = generator.permutation(free)[: generator.integers(2, 4)]
            edges = [EdgeId(number, int(i), int(j)) for i, j in chosen]
            network = share_edges(network, edges, random_inputs(network, seed, 60))
    return network


def all_edges(network: KAN) -> list[EdgeId]:
    """Every place where an edge may be."""
    return [
        EdgeId(number, i, j)
        for number, layer in enumerate(network.arrays().layers)
        for i in range(layer.inputs)
        for j in range(layer.outputs)
    ]


def random_inputs(network: KAN, seed: int, rows: int = 40, *, reach: float = 1.0) -> np.ndarray:
    """Inputs [rows, inputs] in the user's units; `reach` 1 stays on the grid."""
    columns = network.arrays().layers[0].inputs
    scaled = np.random.default_rng([seed, 1]).uniform(-reach, reach, (rows, columns))
    return network.scaling.input_center + network.scaling.input_scale * scaled


def miss(got: np.ndarray, wanted: np.ndarray) -> float:
    """Largest difference, relative to the largest number that was wanted."""
    size = max(float(np.max(np.abs(wanted), initial=0.0)), 1e-300)
    return float(np.max(np.abs(np.asarray(got) - wanted), initial=0.0)) / size
