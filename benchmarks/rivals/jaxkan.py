"""jaxkan: spline layers on flax, compiled as a whole by XLA; compile time is not measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..roofline import LayerShape
from .work import NetworkShape, Work, layer_inputs, network_data


def layer(shape: LayerShape, dtype: str) -> Work:
    """`jaxkan` "spline" layer: gradients of input and parameters of a fixed linear function of the output."""
    jax = _jax(dtype)
    from jaxkan.layers import get_layer

    module = get_layer("spline")(
        n_in=shape.inputs, n_out=shape.outputs, k=shape.order, G=shape.intervals, seed=0
    )
    x = jax.numpy.asarray(layer_inputs(shape, dtype))
    pull = jax.numpy.asarray(
        np.linspace(-1, 1, shape.batch * shape.outputs).reshape(shape.batch, shape.outputs).astype(dtype)
    )
    return _work(module, dtype, lambda built, at: (built(at) * pull).sum(), x, with_input=True)


def network(shape: NetworkShape, dtype: str) -> Work:
    """`jaxkan.models.KAN` with spline layers: mean squared error and its gradient."""
    jax = _jax(dtype)
    from jaxkan.models.KAN import KAN

    module = KAN(list(shape.widths), "spline", {"k": shape.order, "G": shape.intervals}, seed=0)
    x, y = (jax.numpy.asarray(part) for part in network_data(shape, dtype))
    return _work(module, dtype, lambda built, at: ((built(at) - y) ** 2).mean(), x, with_input=False)


def _work(module: Any, dtype: str, loss: Callable[[Any, Any], Any], x: Any, *, with_input: bool) -> Work:
    import jax
    from flax import nnx

    graph, parameters, rest = nnx.split(module, nnx.Param, ...)
    parameters = jax.tree.map(lambda leaf: leaf.astype(dtype), parameters)

    def value(trained: Any, at: Any) -> Any:
        return loss(nnx.merge(graph, trained, rest), at)

    compiled = (
        jax.jit(jax.value_and_grad(value, argnums=(0, 1) if with_input else 0)).lower(parameters, x).compile()
    )
    count = sum(leaf.size for leaf in jax.tree.leaves(parameters))

    def peak() -> float:
        seen = compiled.memory_analysis()
        return float(seen.temp_size_in_bytes + seen.output_size_in_bytes)

    return Work(lambda: jax.block_until_ready(compiled(parameters, x)), count, peak)


def _jax(dtype: str) -> Any:
    import jax

    jax.config.update("jax_enable_x64", dtype == "float64")
    return jax
