"""Solving a boundary value problem with a network: damped Gauss-Newton on the residual, coarse grids first.

    F(theta) = sum_q w_q |R(x_q)|^2 + sum over conditions of weight * sum_q w_q |B(x_q)|^2,     sum_q w_q = 1.

The hidden grids are laid wide at first, on [-reach, reach], and are not fitted anew while the steps go on: a fit to
values spoils second derivatives and undoes the last steps. A finer grid takes the coarse function over exactly, and
lies where the nodes really are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from .._typing import Array
from ..errors import ActionError, ShapeError
from ..kernels import NetworkArrays, columns_of
from ..network import KAN, NetworkSpec, Scaling
from ..splines import uniform_knots
from .fields import Fields, check_network, fields
from .gauss_newton import errors_of, step
from .problem import Problem
from .regrid import finer
from .roughness import roughness_rows
from .rows import Term
from .state import State
from .terms import terms_of

NEXT_DAMPING = 1e-6
PATIENCE = 4


@dataclass(frozen=True)
class SolveOptions:
    """How to solve.

    Attributes:
        steps: the most steps on each grid.
        points: interior points along each axis (with random sampling: their number is this to the power n).
        boundary_points: points along each axis of a face.
        sampling: "gauss" (Gauss-Legendre), "chebyshev", "grid" or "random".
        boundary_weight: weight of the mean squared error on the boundary beside the mean squared residual.
        data_weight: the same for the data rows.
        damping: mu of the first step.
        smoothness: weight of the roughness of the edges; 0 leaves it out.
        reach: hidden grids cover [-reach, reach] at the start.
        tolerance: a grid is done when four steps in a row lower the objective by less than this fraction.
        base: base function of the edges.
    """

    steps: int = 150
    points: int = 24
    boundary_points: int = 40
    sampling: str = "gauss"
    boundary_weight: float = 1e3
    data_weight: float = 1e3
    damping: float = 1e-2
    smoothness: float = 0.0
    reach: float = 2.0
    tolerance: float = 1e-6
    base: str = "zero"

    def __post_init__(self) -> None:
        for name in ("steps", "points", "boundary_points"):
            if getattr(self, name) < 1:
                raise ActionError(f"The option {name} is {getattr(self, name)}; give at least 1.")
        for name in ("boundary_weight", "data_weight", "damping", "reach"):
            if not getattr(self, name) > 0:
                raise ActionError(f"The option {name} is {getattr(self, name)}; give a number above 0.")


@dataclass(frozen=True, eq=False)
class SolveProgress:
    """The state of a solution after a step.

    Attributes:
        step, steps: steps taken so far, and the most that will be taken.
        intervals: G at present.
        objective: F, without roughness.
        residual_rms: root mean square of the equation's residual.
        boundary_rms: the same over all conditions and data, unweighted; 0 without any.
        state: the network's numbers, and the constants.
        constants: the constants that are sought, as they are now.
    """

    step: int
    steps: int
    intervals: int
    objective: float
    residual_rms: float
    boundary_rms: float
    constants: Mapping[str, float]
    state: State = field(repr=False)
    origin: KAN = field(repr=False)

    @cached_property
    def network(self) -> KAN:
        """The network at this point."""
        return self.origin.replace(self.state.network)


@dataclass(frozen=True, eq=False)
class Solution:
    """A network that solves a problem.

    Attributes:
        network: the solution; `network.predict` takes points [N, n].
        history: every step.
    """

    network: KAN
    history: tuple[SolveProgress, ...]

    @property
    def residual_rms(self) -> float:
        """Root mean square of the residual at the interior points."""
        return self.history[-1].residual_rms

    @property
    def boundary_rms(self) -> float:
        """Root mean square of the conditions at the points of the faces."""
        return self.history[-1].boundary_rms

    @property
    def constants(self) -> Mapping[str, float]:
        """The constants that were sought with the solution."""
        return self.history[-1].constants

    def __call__(self, points: Array) -> Array:
        """u at points [N, n]: [N], or [N, m] for several unknowns."""
        found = self.network.predict(points)
        return found[:, 0] if found.shape[1] == 1 else found

    def fields(self, points: Array) -> Fields:
        """Value, gradient and Hessian at points [N, n]."""
        return fields(self.network, points)


def solve(
    problem: Problem,
    *,
    shape: Sequence[Any],
    order: int = 8,
    intervals: int | Sequence[int] = (4, 12),
    seed: int = 0,
    options: SolveOptions | None = None,
) -> Solution:
    """Solve a boundary value problem.

    Args:
        shape: widths such as [2, 4, 1]; product nodes are allowed.
        order: k, above the order of the derivatives in the equation. Smooth solutions want a high one.
        intervals: G, or one G after the other, coarse to fine.
        seed: of the network's start and of random points.

    Raises:
        ShapeError: the shape does not fit the problem, or the order is too low.
        DataError: a residual does not give one row for each point, or the data do not fit.
    """
    history = tuple(
        solve_steps(problem, shape=shape, order=order, intervals=intervals, seed=seed, options=options)
    )
    return Solution(history[-1].network, history)


def solve_steps(
    problem: Problem,
    *,
    shape: Sequence[Any],
    order: int = 8,
    intervals: int | Sequence[int] = (4, 12),
    seed: int = 0,
    options: SolveOptions | None = None,
) -> Iterator[SolveProgress]:
    """As `solve`, step by step; the first report is the start. Whoever stops keeps what was reached."""
    options = options or SolveOptions()
    grids = tuple(intervals) if isinstance(intervals, Sequence) else (intervals,)
    if not grids or any(fine <= coarse for coarse, fine in pairwise(grids)):
        raise ShapeError(
            f"The interval counts are {list(grids)}; give one, or several in increasing order such as (4, 12)."
        )
    network = _start(
        problem, NetworkSpec.of(shape, order=order, intervals=grids[0], base=options.base), options, seed
    )
    terms = terms_of(problem, network.scaling, options, seed)
    check_network(network.arrays(), 2 if any(term.pairs for term in terms) else 1)
    start = State(network.arrays(), np.array(list(problem.constants.values()), dtype=np.float64))
    return _run(_Reporter(network, tuple(terms), options.steps * len(grids)), start, grids, options)


def _run(
    reporter: _Reporter, state: State, grids: tuple[int, ...], options: SolveOptions
) -> Iterator[SolveProgress]:
    terms, taken = reporter.terms, 0
    places = np.concatenate([term.start.value for term in terms])
    yield reporter.report(state, errors_of(terms, state), taken)
    for count in grids:
        if count > state.network.layers[0].intervals:
            state = replace(state, network=finer(state.network, places, count))
        columns = columns_of(state.network)
        penalty = roughness_rows(state, columns, options.smoothness)
        damping, idle = min(NEXT_DAMPING, options.damping) if taken else options.damping, 0
        for _ in range(options.steps):
            done = step(terms, state, columns, penalty, damping=damping)
            state, damping, taken = done.state, done.damping, taken + 1
            yield reporter.report(state, done.errors, taken)
            idle = idle + 1 if done.gain < options.tolerance else 0
            if idle >= PATIENCE:
                break


@dataclass(frozen=True, eq=False)
class _Reporter:
    """What all reports of a solution have in common."""

    origin: KAN
    terms: tuple[Term, ...]
    total: int

    def report(self, state: State, errors: Sequence[float], taken: int) -> SolveProgress:
        inside = [error for error, term in zip(errors, self.terms, strict=True) if term.inside]
        outside = [
            error / term.weight for error, term in zip(errors, self.terms, strict=True) if not term.inside
        ]
        return SolveProgress(
            step=taken,
            steps=self.total,
            intervals=state.network.layers[0].intervals,
            objective=float(sum(errors)),
            residual_rms=float(np.sqrt(sum(inside))),
            boundary_rms=float(np.sqrt(np.mean(outside))) if outside else 0.0,
            constants=dict(zip(self.terms[0].constants, state.constants.tolist(), strict=True)),
            state=state,
            origin=self.origin,
        )


def _start(problem: Problem, spec: NetworkSpec, options: SolveOptions, seed: int) -> KAN:
    box = problem.domain
    if spec.inputs != box.inputs or spec.outputs != problem.unknowns:
        raise ShapeError(
            f"The shape {spec} has {spec.inputs} inputs and {spec.outputs} outputs; the problem has "
            f"{box.inputs} coordinates and {problem.unknowns} unknowns."
        )
    ends = np.stack([box.low, box.high])
    network = KAN(
        spec, seed=seed, scaling=Scaling.of(ends, np.array([[-1.0], [1.0]]).repeat(spec.outputs, 1))
    )
    arrays = network.arrays()
    low, high = network.scaling.scale_inputs(ends)
    layers = [
        replace(layer, knots=_knots(layer.inputs, low, high, spec, options.reach if number else None))
        for number, layer in enumerate(arrays.layers)
    ]
    return network.replace(NetworkArrays(tuple(layers)))


def _knots(nodes: int, low: Array, high: Array, spec: NetworkSpec, reach: float | None) -> Array:
    if reach is not None:
        low, high = np.full(nodes, -reach), np.full(nodes, reach)
    return uniform_knots(low, high, spec.intervals[0], spec.order[0])
