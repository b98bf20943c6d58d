"""Networks that pykan saved: `model.saveckpt("mark")` writes `mark_config.yml`, `mark_state` and `mark_cache_data`.

A layer of pykan (0.2, `MultKAN.forward`) is, with M the masks of its two branches,

    subnode_j = q_j sum_i (M_ij (w_ij b(x_i) + s_ij sum_m c_ijm B_im(x_i)) + M'_ij (c f(a x_i + b) + d)) + p_j
    node      = S (subnode, or the product of some) + P

Everything affine is folded into our coefficients and biases, exactly; the scale of a product goes into its first
factor. What is left over, a product with a constant added to it and an edge that holds a spline and a form at once,
goes through a layer of straight lines put before the layer that reads it.

The files are data. The configuration is read by our own reader, no path in it is followed, and of the state only
tensors are read, of the shapes that the widths ask for. The cache of inputs is not opened.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import FileError, KanlabError, did_you_mean
from ..forms import Form, resolve
from ..kernels import EdgeForm, LayerArrays, NetworkArrays
from ..splines import open_knots, uniform_knots
from .network import KAN
from .pykan_config import Value, read_config
from .scaling import Scaling

MOST_BYTES = 2**30
MOST_NODES = 10_000
MOST_LAYERS = 100

FORMS: Mapping[str, str] = {
    name: name
    for name in (
        *(
            "x",
            "x^2",
            "x^3",
            "x^4",
            "x^5",
            "1/x",
            "1/x^2",
            "1/x^3",
            "sqrt",
            "exp",
            "log",
            "abs",
            "sin",
            "cos",
        ),
        *("tan", "tanh", "sgn", "arcsin", "arccos", "arctan", "arctanh", "gaussian"),
    )
} | {
    "1/x^4": "1/x**4",
    "1/x^5": "1/x**5",
    "x^0.5": "sqrt",
    "x^1.5": "x^(3/2)",
    "1/sqrt(x)": "1/sqrt",
    "1/x^0.5": "1/sqrt",
}
"""pykan's names of functions (`SYMBOLIC_LIB`) and ours; its "0" leaves a constant behind and no edge."""

BASES: Mapping[Value, str] = {
    "silu": "silu",
    "identity": "identity",
    "zero": "zero",
    # prune_input writes the module instead of its name, and pykan cannot read its own file then
    "!!python/object:torch.nn.modules.activation.SiLU": "silu",
    "!!python/object:torch.nn.modules.linear.Identity": "identity",
}


def from_pykan(path: str | Path, *, outside: str = "zero") -> KAN:
    """The network that pykan's `saveckpt(path)` wrote, with the same outputs.

    After pykan's `prune_input` the file does not say which columns were kept; the network takes those alone, in order.

    Args:
        path: what was given to `saveckpt`; the name of one of its files does as well.
        outside: what splines do outside of their grids: "zero" as in pykan, where they fall to zero within k
            intervals, which takes 2 k + 2 more intervals; or "continue" as everywhere in kanlab, where the outermost
            pieces go on and the grids stay as they were.

    Returns:
        A float64 network in pykan's own units.

    Raises:
        FileError: a file is missing, damaged, hostile or too large, or holds a function that kanlab does not know.
    """
    if outside not in ("zero", "continue"):
        raise FileError(f'outside={outside!r} is not known; it is "zero" or "continue".')
    stem = str(path)
    for ending in ("_config.yml", "_state", "_cache_data"):
        stem = stem.removesuffix(ending)
    name = Path(stem).name
    try:
        config = read_config(_text(Path(f"{stem}_config.yml")))
        widths = _widths(config)
        state = _state(Path(f"{stem}_state"))
        layers = [_layer(number, widths, config, state) for number in range(len(widths) - 1)]
    except KanlabError as problem:
        raise FileError(f"The pykan checkpoint {name!r} cannot be read: {_lower(str(problem))}") from problem
    return _assembled(layers, padded=outside == "zero")


@dataclass(frozen=True)
class _Nodes:
    """Sum nodes and the arities of the product nodes after them."""

    sums: int
    products: tuple[int, ...]

    @property
    def nodes(self) -> int:
        return self.sums + len(self.products)

    @property
    def subnodes(self) -> int:
        return self.sums + sum(self.products)


@dataclass(frozen=True, eq=False)
class _Layer:
    """A layer with all that can be folded folded in.

    Attributes:
        arrays: splines, base and bias; forms are not among them yet.
        forms: a form with a, b, c for each symbolic edge; an edge may hold a spline too.
        shift: [nodes], what is added to the product nodes.
    """

    arrays: LayerArrays
    forms: Mapping[tuple[int, int], tuple[Form, tuple[float, float, float]]]
    shift: Array


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * MOST_NODES * 100:
            raise FileError(f"{path.name} has {path.stat().st_size} bytes, which is more than is read.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError(
            f"there is no file {path.name}; give the path that saveckpt was given, and keep its files together."
        ) from None
    except UnicodeDecodeError:
        raise FileError(f"{path.name} is not text; it was damaged or not written by pykan.") from None
    except (OSError, ValueError) as problem:
        raise FileError(f"{path.name} cannot be opened; check its name and its permissions.") from problem


def _state(path: Path) -> dict[str, Tensor]:
    """The tensors of the file, still on disk."""
    if not path.is_file():
        raise FileError(f"there is no file {path.name}; keep the files of a checkpoint together.")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileError(f"{path.name} has {size} bytes, and at most {MOST_BYTES} are read.")
    damaged = FileError(f"{path.name} is damaged, or holds more than tensors.")
    if not zipfile.is_zipfile(path):
        raise damaged
    try:
        # a mapped file cannot be read beyond its end, whatever lengths it claims
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except Exception as problem:  # a hostile file can make the reader raise anything
        raise damaged from problem
    if not isinstance(held, dict) or not all(isinstance(tensor, Tensor) for tensor in held.values()):
        raise damaged
    tensors = {str(name): tensor for name, tensor in held.items()}
    if sum(tensor.numel() * tensor.element_size() for tensor in tensors.values()) > size:
        raise damaged
    return tensors


def _widths(config: Mapping[str, Value]) -> list[_Nodes]:
    given = config.get("width")
    if not isinstance(given, tuple) or not 2 <= len(given) <= MOST_LAYERS:
        raise FileError(f"its width is {str(given)[:40]!r}, where a list of node counts was expected.")
    arity = config.get("mult_arity", 2)
    widths: list[_Nodes] = []
    for number, entry in enumerate(given):
        counts = (entry, 0) if isinstance(entry, int) else entry
        if not isinstance(counts, tuple) or len(counts) != 2 or not all(_is_count(count) for count in counts):
            raise FileError(
                f"its width holds {str(entry)[:40]!r}, where one or two node counts were expected."
            )
        sums, products = (int(count) for count in counts)  # type: ignore[arg-type]
        arities = (arity,) * products if isinstance(arity, int) else _listed(arity, number)
        if len(arities) != products or not all(_is_count(one) and one >= 2 for one in arities):  # type: ignore[operator]
            raise FileError(f"its mult_arity does not fit the {products} products of layer {number}.")
        nodes = _Nodes(sums, tuple(int(one) for one in arities))  # type: ignore[arg-type]
        if not 1 <= nodes.nodes <= nodes.subnodes <= MOST_NODES:
            raise FileError(f"its layer {number} has {nodes.subnodes} nodes; 1 to {MOST_NODES} are read.")
        widths.append(nodes)
    if widths[0].products:
        raise FileError("its first layer holds products, where only inputs were expected.")
    return widths


def _listed(arity: Value, number: int) -> tuple[Value, ...]:
    rows = arity if isinstance(arity, tuple) else ()
    row = rows[number] if number < len(rows) else ()
    return row if isinstance(row, tuple) else ()


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NODES


def _layer(
    number: int, widths: Sequence[_Nodes], config: Mapping[str, Value], state: Mapping[str, Tensor]
) -> _Layer:
    inputs, target = widths[number].nodes, widths[number + 1]
    outputs = target.subnodes
    order = _order(config, number)
    knots = _numbers(state, f"act_fun.{number}.grid", (inputs, None))
    bases = knots.shape[1] - order - 1
    if bases <= order:
        raise FileError(f"its layer {number} has {knots.shape[1]} knots, too few for order {order}.")
    coefficients = _numbers(state, f"act_fun.{number}.coef", (inputs, outputs, bases)).transpose(0, 2, 1)
    mask = _numbers(state, f"act_fun.{number}.mask", (inputs, outputs))
    base = mask * _numbers(state, f"act_fun.{number}.scale_base", (inputs, outputs))
    scale = mask * _numbers(state, f"act_fun.{number}.scale_sp", (inputs, outputs))
    knots, scale = _increasing(knots, scale, number)
    factor, offset, shift = _affine(number, target, state)
    forms, constants = _forms(number, (inputs, outputs), config, state)
    arrays = LayerArrays(
        order=order,
        knots=knots,
        coefficients=coefficients * (scale * factor)[:, None, :],
        base_scale=base * factor,
        bias=constants * factor + offset,
        affine=np.zeros((inputs, outputs, 4)),
        splines=mask != 0,
        locked=np.zeros((inputs, outputs), dtype=np.bool_),
        forms=(),
        base=_base(config),
        products=target.products,
    )
    scaled = {(i, j): (form, (a, b, float(c * factor[j]))) for (i, j), (form, (a, b, c)) in forms.items()}
    return _Layer(arrays, scaled, shift)


def _order(config: Mapping[str, Value], number: int) -> int:
    given = config.get("k")
    order = given[number] if isinstance(given, tuple) and number < len(given) else given
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= 10:
        raise FileError(
            f"its order k is {str(order)[:40]!r}, where a whole number from 1 to 10 was expected."
        )
    return order


def _base(config: Mapping[str, Value]) -> str:
    name = config.get("base_fun_name", "silu")
    if isinstance(name, tuple) or name not in BASES:
        raise FileError(f"its base function {str(name)[:40]!r} is not known; silu, identity and zero are.")
    return BASES[name]


def _increasing(knots: Array, scale: Array, number: int) -> tuple[Array, Array]:
    """Knots that increase. Those of a node that was constant all coincide, and pykan's bases are zero there."""
    flat = knots[:, -1] - knots[:, 0] == 0
    ones = np.ones(int(flat.sum()))
    count = knots.shape[1] - 1
    knots = knots.copy()
    knots[flat] = uniform_knots(-ones, ones, count, 0)
    if (np.diff(knots, axis=1) <= 0).any():
        raise FileError(
            f"its layer {number} has knots that do not increase; fit the model again without NaN."
        )
    return knots, np.where(flat[:, None], 0.0, scale)


def _affine(number: int, target: _Nodes, state: Mapping[str, Tensor]) -> tuple[Array, Array, Array]:
    """Factor and offset of each subnode, and what is added to each product node."""
    factor = _numbers(state, f"subnode_scale_{number}", (target.subnodes,)).copy()
    offset = _numbers(state, f"subnode_bias_{number}", (target.subnodes,)).copy()
    scale = _numbers(state, f"node_scale_{number}", (target.nodes,))
    shift = _numbers(state, f"node_bias_{number}", (target.nodes,)).copy()
    first = target.sums + np.cumsum([0, *target.products[:-1]], dtype=np.int64)[: len(target.products)]
    ends = np.concatenate([np.arange(target.sums), first]).astype(np.int64)
    factor[ends] *= scale
    offset[ends] *= scale
    offset[: target.sums] += shift[: target.sums]
    shift[: target.sums] = 0.0
    return factor, offset, shift


def _forms(
    number: int, size: tuple[int, int], config: Mapping[str, Value], state: Mapping[str, Tensor]
) -> tuple[dict[tuple[int, int], tuple[Form, tuple[float, float, float]]], Array]:
    """The symbolic edges, and the constants that they add to the subnodes."""
    inputs, outputs = size
    mask = _numbers(state, f"symbolic_fun.{number}.mask", (outputs, inputs))
    affine = _numbers(state, f"symbolic_fun.{number}.affine", (outputs, inputs, 4))
    constants = np.zeros(outputs)
    forms: dict[tuple[int, int], tuple[Form, tuple[float, float, float]]] = {}
    if config.get("symbolic_enabled", True) is False:
        return forms, constants
    for j, i in np.argwhere(mask != 0):
        a, b, c, d = (float(value) for value in affine[j, i])
        name = _name(config.get(f"symbolic.funs_name.{number}"), int(j), int(i), number)
        constants[j] += mask[j, i] * d
        if name != "0":
            forms[int(i), int(j)] = (resolve(FORMS[name]), (a, b, float(mask[j, i]) * c))
    return forms, constants


def _name(names: Value, j: int, i: int, number: int) -> str:
    row = names[j] if isinstance(names, tuple) and j < len(names) else None
    name = row[i] if isinstance(row, tuple) and i < len(row) else None
    name = str(name) if isinstance(name, (str, int)) else None
    if name is None:
        raise FileError(
            f"its symbolic.funs_name.{number} does not name the function of edge {(number, i, j)}."
        )
    if name != "0" and name not in FORMS:
        near = did_you_mean(name, FORMS)
        raise FileError(
            f"edge {(number, i, j)} holds the function {name[:40]!r}, which is not one of pykan's own; "
            f"unfix it in pykan and save again.{near}"
        )
    return name


def _numbers(state: Mapping[str, Tensor], name: str, shape: tuple[int | None, ...]) -> Array:
    tensor = state.get(name)
    if tensor is None:
        raise FileError(f"its state lacks {name}.")
    fits = tensor.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, tensor.shape, strict=True)
    )
    if not fits or not tensor.dtype.is_floating_point or tensor.layout != torch.strided:
        raise FileError(f"its {name} has shape {tuple(tensor.shape)}, where {shape} was expected.")
    numbers = tensor.detach().to(torch.float64).numpy().copy()
    if not np.isfinite(numbers).all():
        raise FileError(f"its {name} holds numbers that are not finite.")
    return numbers


def _assembled(layers: Sequence[_Layer], *, padded: bool) -> KAN:
    out: list[LayerArrays] = []
    shift = np.zeros(layers[0].arrays.inputs)
    for layer in layers:
        arrays = _padded(layer.arrays) if padded else layer.arrays
        both = sorted({i for i, j in layer.forms if arrays.splines[i, j]})
        place = {source: source for source in range(arrays.inputs)}
        if both or shift.any():
            out.append(_straight(arrays, shift, both))
            arrays = _with_sources(arrays, both)
            place |= {source: arrays.inputs - len(both) + n for n, source in enumerate(both)}
        out.append(_with_forms(arrays, layer.forms, place))
        shift = layer.shift
    scaling = Scaling.identity(out[0].inputs, len(shift))
    return KAN.from_arrays(NetworkArrays(tuple(out)), scaling=replace(scaling, output_center=shift))


def _padded(layer: LayerArrays) -> LayerArrays:
    """The same splines on all of pykan's knots, and zero beyond them: outside of its grid pykan has no more bases."""
    knots, order = layer.knots, layer.order
    first, last = knots[:, 1:2] - knots[:, :1], knots[:, -1:] - knots[:, -2:-1]
    breaks = np.concatenate([knots[:, :1] - first, knots, knots[:, -1:] + last], axis=1)
    coefficients = np.pad(layer.coefficients, ((0, 0), (order + 1, order + 1), (0, 0)))
    return replace(layer, knots=open_knots(breaks, order), coefficients=coefficients)


def _straight(like: LayerArrays, shift: Array, copied: Sequence[int]) -> LayerArrays:
    """A layer of straight lines that adds `shift` to every node and gives those in `copied` a second time."""
    sources = [*range(like.inputs), *copied]
    size = (like.inputs, len(sources))
    ones = np.ones(like.inputs)
    affine = np.zeros((*size, 4))
    affine[sources, range(len(sources))] = (1.0, 0.0, 1.0, 0.0)
    line = resolve("x")
    forms = sorted((source, target) for target, source in enumerate(sources))
    return LayerArrays(
        order=like.order,
        knots=uniform_knots(-ones, ones, 1, like.order),
        coefficients=np.zeros((like.inputs, 1 + like.order, len(sources))),
        base_scale=np.zeros(size),
        bias=shift[sources],
        affine=affine,
        splines=np.zeros(size, dtype=np.bool_),
        locked=np.zeros(size, dtype=np.bool_),
        forms=tuple(EdgeForm(source, target, line) for source, target in forms),
        base=like.base,
    )


def _with_sources(layer: LayerArrays, copied: Sequence[int]) -> LayerArrays:
    """The layer with further sources that nothing leaves yet."""
    more = len(copied)

    def grown(array: np.ndarray) -> np.ndarray:
        return np.concatenate([array, np.zeros((more, *array.shape[1:]), dtype=array.dtype)])

    return replace(
        layer,
        knots=np.concatenate([layer.knots, layer.knots[list(copied)]]),
        coefficients=grown(layer.coefficients),
        base_scale=grown(layer.base_scale),
        affine=grown(layer.affine),
        splines=grown(layer.splines),
        locked=grown(layer.locked),
    )


def _with_forms(
    layer: LayerArrays,
    forms: Mapping[tuple[int, int], tuple[Form, tuple[float, float, float]]],
    place: Mapping[int, int],
) -> LayerArrays:
    affine = layer.affine.copy()
    held: list[EdgeForm] = []
    for (source, target), (form, constants) in forms.items():
        # `place` leads to the copy of the source where the edge itself holds a spline
        at = place[source] if layer.splines[source, target] else source
        affine[at, target, :3] = constants
        held.append(EdgeForm(at, target, form))
    held.sort(key=lambda edge: (edge.source, edge.target))
    return replace(layer, affine=affine, forms=tuple(held))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
