"""A network as tensors and plain data, for files. No pickle, and nothing in a record is ever executed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from .._typing import Array
from ..errors import FileError, KanlabError
from ..forms import resolve
from ..kernels import EdgeForm, LayerArrays, NetworkArrays
from .network import KAN
from .scaling import Scaling
from .spec import NetworkSpec

_TENSORS = ("knots", "coefficients", "base_scale", "bias", "affine")
_MASKS = ("splines", "locked")
_DTYPES = {"float64": torch.float64, "float32": torch.float32}
LEAST_SCALE, MOST = 1e-100, 1e100
"""A scale below and a number beyond are no result of a fit, and what is computed of them would not be finite."""
_SCALING = ("input_center", "input_scale", "output_center", "output_scale")


def to_record(network: KAN) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The network as JSON-able data and named arrays; `from_record` gives it back bit for bit."""
    arrays = network.arrays()
    tensors: dict[str, np.ndarray] = {name: getattr(network.scaling, name) for name in _SCALING}
    for number, layer in enumerate(arrays.layers):
        for name in _TENSORS:
            tensors[f"{number}.{name}"] = getattr(layer, name)
        for name in _MASKS:
            tensors[f"{number}.{name}"] = getattr(layer, name).astype(np.uint8)
    record: dict[str, Any] = {
        "spec": network.spec.to_json(),
        "dtype": str(network.dtype).removeprefix("torch."),
        "forms": [
            [[edge.source, edge.target, edge.form.name] for edge in layer.forms] for layer in arrays.layers
        ],
    }
    if any(layer.ties for layer in arrays.layers):
        record["ties"] = [[[list(edge) for edge in group] for group in layer.ties] for layer in arrays.layers]
    return record, tensors


def from_record(record: dict[str, Any], tensors: dict[str, np.ndarray]) -> KAN:
    """The inverse of `to_record`.

    Raises:
        FileError: the record does not describe a network, or its arrays do not fit it.
    """
    try:
        spec = NetworkSpec.from_json(record["spec"])
        dtype = _DTYPES[record.get("dtype", "float64")]
        scaling = _scaling(spec, tensors)
        count = len(spec.intervals)
        ties = record.get("ties", [[]] * count)
        layers = [
            _tied(_layer(number, spec, record["forms"][number], tensors), ties[number])
            for number in range(count)
        ]
    except (KeyError, IndexError, TypeError, ValueError) as problem:
        if isinstance(problem, FileError):
            raise
        detail = (
            str(problem) if isinstance(problem, KanlabError) else f"the entry {problem} is missing or wrong."
        )
        raise FileError(f"The file does not hold a network that kanlab can read: {detail}") from problem
    return KAN.from_arrays(NetworkArrays(tuple(layers)), scaling=scaling, dtype=dtype)


def _scaling(spec: NetworkSpec, tensors: dict[str, np.ndarray]) -> Scaling:
    lengths = (spec.inputs, spec.inputs, spec.outputs, spec.outputs)
    held = Scaling(*(_numbers(tensors[name], (size,)) for name, size in zip(_SCALING, lengths, strict=True)))
    if not ((held.input_scale > LEAST_SCALE).all() and (held.output_scale > LEAST_SCALE).all()):
        raise FileError(
            "The file holds a scale that is not positive; it was damaged or not written by kanlab."
        )
    return held


def _layer(number: int, spec: NetworkSpec, forms: list[Any], tensors: dict[str, np.ndarray]) -> LayerArrays:
    inputs, width = spec.widths[number].nodes, spec.widths[number + 1]
    outputs, order = width.subnodes, spec.order[number]
    bases = spec.intervals[number] + order
    shapes: dict[str, tuple[int | None, ...]] = {
        "knots": (inputs, bases + order + 1),
        "coefficients": (inputs, bases, outputs),
        "base_scale": (inputs, outputs),
        "bias": (outputs,),
        "affine": (inputs, outputs, 4),
        "splines": (inputs, outputs),
        "locked": (inputs, outputs),
    }
    held = {name: _numbers(tensors[f"{number}.{name}"], shape) for name, shape in shapes.items()}
    if (np.diff(held["knots"], axis=1) <= 0).any():
        raise FileError("The file holds knots that do not increase; it was damaged or not written by kanlab.")
    edges = tuple(EdgeForm(int(i), int(j), resolve(str(name))) for i, j, name in forms)
    places = {(edge.source, edge.target) for edge in edges}
    if any(not (0 <= edge.source < inputs and 0 <= edge.target < outputs) for edge in edges):
        raise FileError(
            "The file holds a symbolic edge outside its network; it was damaged or not written by kanlab."
        )
    if len(places) < len(edges) or any(held["splines"][place] for place in places):
        raise FileError("The file holds two curves for one edge; it was damaged or not written by kanlab.")
    return LayerArrays(
        order=order,
        knots=held["knots"],
        coefficients=held["coefficients"],
        base_scale=held["base_scale"],
        bias=held["bias"],
        affine=held["affine"],
        splines=held["splines"].astype(np.bool_),
        locked=held["locked"].astype(np.bool_),
        forms=edges,
        base=spec.base[number],
        products=width.products,
    )


def _tied(layer: LayerArrays, groups: list[Any]) -> LayerArrays:
    """The layer with edges that share a curve, if they do: same grid, same coefficients, same base scale."""
    ties = tuple(tuple((int(i), int(j)) for i, j in group) for group in groups)
    edges = [edge for group in ties for edge in group]
    inside = all(0 <= i < layer.inputs and 0 <= j < layer.outputs and layer.splines[i, j] for i, j in edges)
    if not inside or len(set(edges)) < len(edges) or any(len(group) < 2 for group in ties):
        raise FileError("The file holds a shared curve of edges that cannot share one; it was damaged.")
    for group in ties:
        sources, targets = np.transpose(group)
        for part in (
            layer.knots[sources],
            layer.coefficients[sources, :, targets],
            layer.base_scale[sources, targets],
            layer.locked[sources, targets],
        ):
            if (part != part[0]).any():
                raise FileError("The file holds edges that share a curve and differ; it was damaged.")
    return replace(layer, ties=ties)


def _numbers(values: np.ndarray, shape: tuple[int | None, ...]) -> Array:
    fits = values.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, values.shape, strict=False)
    )
    if not fits:
        raise FileError(f"The file holds an array of shape {values.shape} where {shape} was expected.")
    if values.dtype.kind not in "fiub":
        raise FileError(f"The file holds {values.dtype} where numbers were expected.")
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    # NaN is not below the limit either
    if not (np.abs(numbers) < MOST).all():
        raise FileError(
            "The file holds numbers that are not finite; it was damaged or not written by kanlab."
        )
    return numbers
