"""The compiled layer under autograd against SciPy, the torch path and finite differences."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.utils.parametrize
from scipy.interpolate import BSpline
from scipy.special import expit

from kanlab.kernels import BASE_FUNCTIONS, LayerArrays, forward, plain_layer, spline_layer, split_weights
from kanlab.kernels.grid_tables import grid_tables
from kanlab.kernels.layer_plan import BASES, lanes_for
from kanlab.kernels.passes import trace_layer
from kanlab.network import KAN, KANLayer, NetworkSpec
from kanlab.splines import breakpoints, open_knots, spline_sums, uniform_knots
from tests.networks import miss, random_inputs, random_network

SAME = 1e-12  # relative to the largest number; both ways are float64 and differ by rounding
SINGLE = 2e-5  # float32, where sums of some hundred terms and bases far outside the grid lose digits
ORDERS = pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
KINDS = pytest.mark.parametrize("kind", ["uniform", "nonuniform"])


def layer_of(
    order: int, kind: str, *, inputs: int = 3, outputs: int = 3, intervals: int = 6, base: str = "silu"
) -> LayerArrays:
    """A layer with random numbers; one edge is missing."""
    generator = np.random.default_rng([order, inputs, outputs])
    if kind == "uniform":
        knots = uniform_knots(np.full(inputs, -1.0), np.full(inputs, 1.5), intervals, order)
    else:
        breaks = np.cumsum(generator.uniform(0.05, 1.0, (inputs, intervals + 1)), axis=1) - 2
        knots = open_knots(breaks, order)
    splines = np.ones((inputs, outputs), dtype=np.bool_)
    splines[-1, 0] = outputs == 1
    return LayerArrays(
        order=order,
        knots=knots,
        coefficients=generator.normal(size=(inputs, intervals + order, outputs)) * splines[:, None],
        base_scale=generator.normal(size=(inputs, outputs)) * splines,
        bias=generator.normal(size=outputs),
        affine=np.zeros((inputs, outputs, 4)),
        splines=splines,
        locked=np.zeros((inputs, outputs), dtype=np.bool_),
        forms=(),
        base=base,
    )


def points_for(arrays: LayerArrays, rows: int = 150) -> torch.Tensor:
    """Points on the grid, outside it and exactly on its knots."""
    ends = breakpoints(arrays.knots, arrays.order)
    low, high = ends[:, 0], ends[:, -1]
    generator = np.random.default_rng(1)
    inside = generator.uniform(low - 0.4 * (high - low), high + 0.4 * (high - low), (rows, len(low)))
    return torch.from_numpy(np.concatenate([inside, ends.T, arrays.knots.T]))


def by_torch(layer: KANLayer, x: torch.Tensor) -> torch.Tensor:
    kind = (layer.order, layer.base)
    plain = plain_layer(x, layer.coefficients, layer.base_scale, layer.knots, layer.splines, kind)
    return layer.bias + plain


def gradients(layer: KANLayer, y: torch.Tensor, x: torch.Tensor) -> list[np.ndarray]:
    """Of y against a fixed random pull, by x, coefficients, base scales and biases."""
    pull = torch.from_numpy(np.random.default_rng(2).normal(size=y.shape)).to(y.dtype)
    on_x, on_weights = torch.autograd.grad(y, (x, layer.weights), pull)
    return [part.double().numpy() for part in (on_x, *split_weights(on_weights, x.shape[1]))]


@ORDERS
@KINDS
def test_values_and_slopes_equal_scipy(order: int, kind: str) -> None:
    arrays = layer_of(order, kind, base="zero")
    layer = KANLayer(arrays)
    x = points_for(arrays).requires_grad_()
    y = layer(x)
    edges = [
        BSpline(arrays.knots[i], arrays.coefficients[i], order, extrapolate=True)
        for i in range(arrays.inputs)
    ]
    points = x.detach().numpy()
    wanted = arrays.bias + sum(edge(points[:, i]) for i, edge in enumerate(edges))
    assert miss(y.detach().numpy(), wanted) <= SAME
    (slope,) = torch.autograd.grad(y[:, 1].sum(), x)
    for i, edge in enumerate(edges):
        assert miss(slope[:, i].numpy(), edge.derivative()(points[:, i])[:, 1]) <= SAME


@ORDERS
@KINDS
def test_loops_and_torch_give_the_same_values_and_gradients(order: int, kind: str) -> None:
    base = list(BASES)[order % len(BASES)]
    arrays = layer_of(order, kind, base=base)
    layer = KANLayer(arrays)
    x = points_for(arrays).requires_grad_()
    assert layer._planned()[0] is not None
    y, wanted = layer(x), by_torch(layer, x)
    assert type(y.grad_fn).__name__ == "_EdgesBackward"
    assert miss(y.detach().numpy(), wanted.detach().numpy()) <= SAME
    got = gradients(layer, y, x)
    for one, other in zip(got, gradients(layer, wanted, x), strict=True):
        assert miss(one, other) <= SAME
    assert not got[1][-1, :, 0].any()  # no edge, no gradient
    assert not got[2][-1, 0]
    with torch.no_grad():
        assert np.array_equal(layer(x).numpy(), y.detach().numpy())


@KINDS
@pytest.mark.parametrize("rows", [1, 3, 150])
def test_loops_for_few_outputs_and_those_for_many_give_the_same(kind: str, rows: int) -> None:
    arrays = layer_of(3, kind, outputs=5)
    layer = KANLayer(arrays)
    plan = layer._planned()[0]
    assert plan is not None
    assert plan.narrow
    x = points_for(arrays)[:rows].requires_grad_()
    y, wanted = (spline_layer(x, layer.weights, each) for each in (plan, replace(plan, narrow=False)))
    assert miss(y.detach().numpy(), wanted.detach().numpy()) <= SAME
    for one, other in zip(gradients(layer, y, x), gradients(layer, wanted, x), strict=True):
        assert miss(one, other) <= SAME


@pytest.mark.parametrize(
    ("outputs", "intervals", "narrow"), [(1, 5, True), (8, 32, True), (8, 33, False), (9, 5, False)]
)
def test_few_outputs_on_few_intervals_have_loops_of_their_own(
    outputs: int, intervals: int, narrow: bool
) -> None:
    plan = KANLayer(layer_of(3, "uniform", outputs=outputs, intervals=intervals))._planned()[0]
    assert plan is not None
    assert plan.narrow == narrow


@pytest.mark.parametrize("base", [name for name in BASE_FUNCTIONS if name not in BASES])
def test_a_base_that_the_loops_do_not_know_takes_the_plain_path(base: str) -> None:
    arrays = layer_of(3, "nonuniform", base=base)
    layer = KANLayer(arrays)
    x = points_for(arrays).requires_grad_()
    assert layer._planned()[0] is None
    y, wanted = layer(x), by_torch(layer, x)
    assert miss(y.detach().numpy(), wanted.detach().numpy()) <= SAME
    seen = trace_layer(x.detach().numpy(), arrays)
    assert miss(seen.subnodes, y.detach().numpy()) <= SAME
    for target in range(arrays.outputs):
        (slope,) = torch.autograd.grad(y[:, target].sum(), x, retain_graph=True)
        assert miss(seen.slope[:, :, target], slope.numpy()) <= SAME


@pytest.mark.parametrize(
    ("dtype", "outputs"),
    [
        (torch.float64, 1),
        (torch.float64, 7),
        (torch.float64, 8),
        (torch.float64, 70),
        (torch.float32, 5),
        (torch.float32, 14),
        (torch.float32, 64),
        (torch.float32, 130),
    ],
)
def test_every_width_of_tile_gives_the_same(dtype: torch.dtype, outputs: int) -> None:
    arrays = layer_of(3, "uniform", inputs=11, outputs=outputs)
    layer, exact = KANLayer(arrays, dtype=dtype), KANLayer(arrays)
    x = points_for(arrays).to(dtype).requires_grad_()
    truth = x.detach().double().requires_grad_()
    y, wanted = layer(x), by_torch(exact, truth)
    limit = SAME if dtype == torch.float64 else SINGLE
    assert y.dtype == dtype
    assert miss(y.detach().double().numpy(), wanted.detach().numpy()) <= limit
    for one, other in zip(gradients(layer, y, x), gradients(exact, wanted, truth), strict=True):
        assert miss(one, other) <= limit


@pytest.mark.parametrize("outputs", [5, 64])
def test_gradients_asked_for_one_by_one_equal_those_asked_for_together(outputs: int) -> None:
    arrays = layer_of(3, "uniform", outputs=outputs)
    layer = KANLayer(arrays)
    x = points_for(arrays)
    together = gradients(layer, layer(x.requires_grad_()), x)
    on_weights = np.concatenate([part.reshape(-1, outputs) for part in together[1:]])
    tensors = [x, layer.weights]
    for one, wanted in zip(tensors, (together[0], on_weights), strict=True):
        for tensor in tensors:
            tensor.requires_grad_(tensor is one)
        y = layer(x)
        pull = torch.from_numpy(np.random.default_rng(2).normal(size=y.shape))
        (got,) = torch.autograd.grad(y, one, pull)
        assert miss(got.numpy(), wanted) <= SAME


def test_a_layer_whose_parameters_torch_has_replaced_works() -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays)
    before = layer(x).detach()
    torch.nn.utils.parametrize.register_parametrization(layer, "weights", torch.nn.Identity())
    assert torch.equal(layer(x), before)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_of_a_layer_that_was_used_is_a_layer_of_its_own(
    copied: Callable[[KANLayer], KANLayer],
) -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays).requires_grad_()
    y = layer(x)
    wanted = gradients(layer, y, x)  # both loops are held by now
    other = copied(layer)
    again = other(x)
    assert torch.equal(again, y)
    assert type(again.grad_fn).__name__ == "_EdgesBackward"
    for one, same in zip(gradients(other, again, x), wanted, strict=True):
        assert np.array_equal(one, same)
    other.knots += 0.25
    assert not torch.equal(other(x), y)
    assert torch.equal(layer(x), y)


@pytest.mark.parametrize("frozen", ["x", "weights"])
def test_what_needs_no_gradient_gets_none_and_the_others_get_theirs(frozen: str) -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays).requires_grad_()
    tensors = {"x": x, **dict(layer.named_parameters())}
    fixed = tensors[frozen].requires_grad_(False)
    others = [tensors[name] for name in ("x", "weights") if name != frozen]
    pull = torch.from_numpy(np.random.default_rng(2).normal(size=(len(x), 3))).requires_grad_()

    def slopes(y: torch.Tensor) -> list[torch.Tensor]:
        first = torch.autograd.grad(y, others, pull, create_graph=True)
        bent = sum(((part**2).sum() for part in first), torch.zeros((), dtype=y.dtype))
        return [
            *first,
            *torch.autograd.grad(bent, [pull, *others], allow_unused=True, materialize_grads=True),
        ]

    for one, other in zip(slopes(layer(x)), slopes(by_torch(layer, x)), strict=True):
        assert miss(one.detach().numpy(), other.detach().numpy()) <= SAME
    layer(x).backward(pull.detach())
    assert fixed.grad is None
    assert all(tensor.grad is not None for tensor in others)


@ORDERS
def test_autograd_passes_its_own_checks_to_second_order(order: int) -> None:
    arrays = layer_of(order, "nonuniform", inputs=2, outputs=3, intervals=3)
    layer = KANLayer(arrays)
    x = points_for(arrays, 5)[:5].clone().requires_grad_()
    held = dict(layer.named_parameters())

    def run(x: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(layer, {**held, "weights": weights}, (x,))

    tensors = [x, held["weights"].detach().requires_grad_()]
    assert type(run(*tensors).grad_fn).__name__ == "_EdgesBackward"
    assert torch.autograd.gradcheck(run, tensors)
    assert torch.autograd.gradgradcheck(run, tensors)


def test_second_and_third_derivatives_of_a_network_equal_those_of_torch() -> None:
    network = random_network([2, 3, 1], 4, order=5)
    points = torch.from_numpy(random_inputs(network, 4, 9))

    def derivatives(run: object) -> list[torch.Tensor]:
        x = points.clone().requires_grad_()
        out = [run(x).sum()]  # type: ignore[operator]
        for _ in range(3):
            (slope,) = torch.autograd.grad(out[-1], x, create_graph=True)
            out.append((slope**2).sum())
        parameters = list(network.parameters())
        return [*out, *torch.autograd.grad(out[-1], parameters, allow_unused=True, materialize_grads=True)]

    def plain(x: torch.Tensor) -> torch.Tensor:
        x = (x - network.input_center) / network.input_scale
        for layer in network.layers:
            x = by_torch(layer, x)
        return network.output_center + network.output_scale * x

    for one, other in zip(derivatives(network), derivatives(plain), strict=True):
        assert miss(one.detach().numpy(), other.detach().numpy()) <= 1e-10


@KINDS
def test_nan_stays_nan_and_touches_no_other_row(kind: str) -> None:
    arrays = layer_of(3, kind)
    layer = KANLayer(arrays)
    x = points_for(arrays)
    clean = layer(x).detach()
    x[4, 1] = np.nan
    x.requires_grad_()
    y = layer(x)
    assert torch.isnan(y[4]).all()
    others = torch.arange(len(x)) != 4
    assert torch.equal(y.detach()[others], clean[others])
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert torch.isnan(slope[4, 1])
    assert torch.isfinite(slope[others]).all()


def test_two_runs_give_the_same_bits() -> None:
    arrays = layer_of(3, "uniform", inputs=5, outputs=9)
    layer = KANLayer(arrays, dtype=torch.float32)
    x = points_for(arrays, 1000).float().requires_grad_()
    first, second = gradients(layer, layer(x), x), gradients(layer, layer(x), x)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def test_silu_is_right_to_rounding_wherever_it_is_not_negligible() -> None:
    arrays = layer_of(3, "uniform", inputs=1, outputs=1)
    zero = replace(arrays, coefficients=0 * arrays.coefficients, base_scale=np.ones((1, 1)), bias=np.zeros(1))
    x = np.linspace(-700, 700, 20001)
    got = KANLayer(zero)(torch.from_numpy(x)[:, None]).detach().numpy()[:, 0]
    wanted = x * expit(x)
    assert np.abs(got - wanted).max() <= 1e-13
    near = np.abs(x) > 1e-9
    assert np.abs(got[near] / wanted[near] - 1).max() <= 2e-15


def test_float32_networks_are_right_to_rounding_and_take_any_numbers() -> None:
    exact = random_network([3, 4, 2], 1)
    single = KAN.from_arrays(exact.arrays(), scaling=exact.scaling, dtype=torch.float32)
    x = torch.from_numpy(random_inputs(exact, 1, 200))
    wanted = exact(x).detach().numpy()
    for given in (x, x.float()):
        got = single(given)
        assert got.dtype == torch.float32
        assert miss(got.detach().double().numpy(), wanted) <= SINGLE
    for whole in (torch.randint(-1, 2, (20, 3)), torch.ones(4, 3, dtype=torch.bool)):
        assert miss(single(whole).detach().numpy(), exact(whole.double()).detach().numpy()) <= SINGLE
        assert torch.equal(exact(whole), exact(whole.double()))


def test_tensors_need_not_be_contiguous_and_rows_may_be_missing() -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays)
    across = x.T.contiguous().T
    assert torch.equal(layer(across), layer(x))
    y = layer(across.requires_grad_())
    (slope,) = torch.autograd.grad(y.T.contiguous().sum(), across)
    assert miss(slope.numpy(), torch.autograd.grad(by_torch(layer, across).sum(), across)[0].numpy()) <= SAME
    empty = layer(torch.empty((0, 3), dtype=torch.float64).requires_grad_())
    assert empty.shape == (0, 3)
    empty.sum().backward()
    assert layer.weights.grad is not None
    assert not layer.weights.grad.any()


def test_a_change_of_knots_in_place_is_seen() -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays)
    before = layer(x)
    layer.knots += 0.25
    assert not torch.equal(layer(x), before)
    assert miss(layer(x).detach().numpy(), by_torch(layer, x).detach().numpy()) <= SAME


def test_other_ways_of_differentiation_go_through_torch() -> None:
    arrays = layer_of(3, "uniform")
    layer = KANLayer(arrays)
    x = points_for(arrays)[:6]
    _, moved = torch.func.jvp(layer, (x,), (torch.ones_like(x),))
    slope = torch.func.jacrev(lambda x: layer(x).sum(dim=0))(x)
    assert miss(slope.sum(dim=2).T.detach().numpy(), moved.detach().numpy()) <= SAME
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, torch.ones_like(x))
        tangent = torch.autograd.forward_ad.unpack_dual(layer(dual)).tangent
    assert miss(tangent.detach().numpy(), moved.detach().numpy()) <= SAME


def test_orders_that_the_loops_do_not_cover_go_through_torch() -> None:
    network = KAN(NetworkSpec.of([2, 3, 1], order=7), seed=2)
    assert network.layers[0]._planned()[0] is None
    x = random_inputs(network, 2)
    assert miss(network(torch.from_numpy(x)).detach().numpy(), forward(x, network.arrays())) <= SAME


@pytest.mark.parametrize("outputs", [1, 30])
def test_both_ways_of_torch_equal_scipy(outputs: int) -> None:
    arrays = layer_of(3, "nonuniform", outputs=outputs, intervals=20)
    x = points_for(arrays)
    got = spline_sums(x, torch.from_numpy(arrays.knots), torch.from_numpy(arrays.coefficients), 3)
    wanted = sum(
        BSpline(arrays.knots[i], arrays.coefficients[i], 3, extrapolate=True)(x[:, i].numpy())
        for i in range(arrays.inputs)
    )
    assert miss(got.numpy(), wanted) <= SAME


def test_grids_are_uniform_only_if_their_knots_are() -> None:
    even = uniform_knots(np.array([-1.0, 3.0]), np.array([2.0, 9.0]), 12, 3)
    assert grid_tables(even, 3, np.dtype(np.float64)).uniform
    assert not grid_tables(even, 1, np.dtype(np.float64)).uniform
    moved = even.copy()
    moved[1, 6] += 1e-9
    assert not grid_tables(moved, 3, np.dtype(np.float64)).uniform
    assert grid_tables(moved, 3, np.dtype(np.float32)).uniform


def test_tiles_hold_all_outputs_and_little_else() -> None:
    for outputs in (1, 3, 4, 5, 14, 16, 33, 64, 65, 80, 130, 256):
        lanes = 2 ** lanes_for(outputs, 4)
        padded = -(-outputs // lanes) * lanes
        assert padded >= outputs
        assert padded <= max(4, 2 * outputs)
