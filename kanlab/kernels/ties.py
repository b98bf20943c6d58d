"""Spline edges of a layer that share one curve: a group has one set of coefficients and one base scale.

Every edge holds its own copy of both, so that forward passes know nothing of it; what keeps the copies equal is that
the edges of a group have the same columns in the flat vector that optimizers see, and that grids are laid for their
sources together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np

from .._typing import BoolArray

Edge: TypeAlias = tuple[int, int]
Ties: TypeAlias = tuple[tuple[Edge, ...], ...]
"""Groups of at least two edges (source, target), each in order; an edge is in one group at most."""


def tied_mask(ties: Ties, shape: tuple[int, int]) -> BoolArray:
    """[inputs, outputs], true where an edge shares its curve."""
    mask = np.zeros(shape, dtype=np.bool_)
    for group in ties:
        mask[tuple(np.transpose(group))] = True
    return mask


def joined(ties: Ties, edges: Iterable[Edge]) -> Ties:
    """The groups with one that holds these edges and all that they were tied to before."""
    wanted = set(edges)
    apart: list[tuple[Edge, ...]] = []
    for group in ties:
        if wanted & set(group):
            wanted |= set(group)
        else:
            apart.append(group)
    return tuple(sorted([*apart, tuple(sorted(wanted))]))


def renamed(ties: Ties, name: Callable[[Edge], Edge | None]) -> Ties:
    """The groups with other names for their edges; edges without one leave, and who is left alone is free."""
    groups = [tuple(sorted(fresh for edge in group if (fresh := name(edge)) is not None)) for group in ties]
    return tuple(sorted(group for group in groups if len(group) > 1))


def linked_sources(ties: Ties) -> list[list[int]]:
    """Sources that need the same grid because edges that leave them share a curve; lists of at least two."""
    links: list[set[int]] = []
    for group in ties:
        own = {source for source, _ in group}
        touching = [link for link in links if link & own]
        links = [link for link in links if not link & own] + [own.union(*touching)]
    return [sorted(link) for link in links if len(link) > 1]
