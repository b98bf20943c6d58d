"""The terms of an objective: the equation inside, the conditions on the faces, the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch

from .._typing import Array
from ..errors import DataError
from ..network import Scaling
from .domain import Box, Points
from .fields import Fields
from .problem import Condition, Problem
from .rows import EQUATION, Term


class Sampling(Protocol):
    """Where a problem is looked at, and what its terms weigh."""

    @property
    def points(self) -> int: ...
    @property
    def boundary_points(self) -> int: ...
    @property
    def sampling(self) -> str: ...
    @property
    def boundary_weight(self) -> float: ...
    @property
    def data_weight(self) -> float: ...


def terms_of(problem: Problem, scaling: Scaling, options: Sampling, seed: int) -> list[Term]:
    """All terms with their points.

    Raises:
        DataError: a residual gives something else than one row for each point, or the data do not fit.
    """
    box = problem.domain
    inside = box.interior(options.points, sampling=options.sampling, seed=seed)
    terms = [
        Term.of(EQUATION, problem.residual, inside, weight=1.0, scaling=scaling, constants=problem.constants)
    ]
    for condition in problem.conditions:
        points = _on_faces(box, condition, options, seed)
        weight = options.boundary_weight * condition.weight
        terms.append(
            Term.of(
                "boundary",
                condition.residual,
                points,
                weight=weight,
                scaling=scaling,
                constants=problem.constants,
            )
        )
    if problem.data is not None:
        points, residual = _data(problem, *problem.data)
        terms.append(
            Term.of(
                "data",
                residual,
                points,
                weight=options.data_weight,
                scaling=scaling,
                constants=problem.constants,
            )
        )
    return terms


def _on_faces(box: Box, condition: Condition, options: Sampling, seed: int) -> Points:
    faces = box.faces if condition.faces is None else condition.faces
    if any(face not in box.faces for face in faces) or not faces:
        raise DataError(
            f"The condition is for the faces {list(faces)}; the box has {box.inputs} axes: "
            f"use faces such as {box.faces[-1]}."
        )
    held = [box.face(face, options.boundary_points, sampling=options.sampling, seed=seed) for face in faces]
    return Points(
        np.concatenate([points.x for points in held]),
        np.concatenate([points.weights for points in held]) / len(held),
        np.concatenate([points.normal for points in held]),
    )


def _data(problem: Problem, where: Array, what: Array) -> tuple[Points, Callable[[Fields], torch.Tensor]]:
    x = np.ascontiguousarray(where, dtype=np.float64)
    y = np.asarray(what, dtype=np.float64).reshape(len(what), -1)
    if x.ndim != 2 or x.shape[1] != problem.domain.inputs or y.shape != (len(x), problem.unknowns):
        raise DataError(
            f"The data have points of shape {np.shape(where)} and values of shape {np.shape(what)}; give points "
            f"[N, {problem.domain.inputs}] and values [N, {problem.unknowns}]."
        )
    if len(x) == 0 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataError("The data hold no rows, or numbers that are not finite; leave such rows out.")
    wanted = torch.from_numpy(y)
    weights = np.full(len(x), 1 / len(x))
    return Points(x, weights, np.zeros_like(x)), lambda u: u.values - wanted
