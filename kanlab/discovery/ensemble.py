"""Many starts of one fit: what they agree on, and how much they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..errors import ActionError, ShapeError
from ..network import KAN, EdgeId
from ..sparsity import prune
from ..training import FitOptions, Rows
from ..training.ensemble import EnsembleProgress, fit_together_steps
from .actions import THRESHOLD, Fit
from .alignment import Masks, Skeleton, align, laid_on, masks_of, skeleton_of
from .bands import EdgeBand, edge_bands
from .fitting import fit_phases
from .setup import first_network, rows_of


class Prediction(NamedTuple):
    """Mean and standard deviation over the members, [rows, outputs] each."""

    mean: Array
    spread: Array


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Networks of one shape fitted to the same rows from different starts.

    Attributes:
        networks: the fitted members.
        pruned: the same without the edges below the attribution threshold.
        seeds, sparsities: of each member.
        train, validation: root mean squared error of each member in the user's units; without validation rows the
            two are the same.
        inputs: the training inputs [N, n], on which members are compared.
    """

    networks: tuple[KAN, ...]
    pruned: tuple[KAN, ...]
    seeds: tuple[int, ...]
    sparsities: tuple[float, ...]
    train: tuple[float, ...]
    validation: tuple[float, ...]
    inputs: Array

    def __len__(self) -> int:
        return len(self.networks)

    @property
    def best(self) -> KAN:
        """The member with the lowest validation error."""
        return self.networks[int(np.argmin(self.validation))]

    @cached_property
    def skeletons(self) -> tuple[tuple[Skeleton, int], ...]:
        """The skeletons that the pruned members have, each with how many have it, the most frequent first."""
        return tuple(Counter(self._skeletons).most_common())

    @cached_property
    def reference(self) -> KAN:
        """Of the pruned members with the most frequent skeleton the one whose fit had the lowest validation error."""
        return self.pruned[self._agreeing[0]]

    @cached_property
    def edge_frequency(self) -> dict[EdgeId, float]:
        """The share of the pruned members that have each edge of the reference, or one that the reference lacks.

        Hidden nodes of a member are laid on those of the reference that they are most like. Edges of nodes that the
        reference does not have are not counted.
        """
        found = [self._laid(network) for network in self.pruned]
        shares = [np.mean([masks[number] for masks in found], axis=0) for number in range(len(found[0]))]
        return {
            EdgeId(number, int(i), int(j)): float(share[i, j])
            for number, share in enumerate(shares)
            for i, j in np.argwhere(share > 0)
        }

    def bands(self, *, points: int = 101) -> dict[EdgeId, EdgeBand]:
        """The curve of every edge of the reference with its spread over the members that have its skeleton."""
        agreeing = [self.pruned[s] for s in self._agreeing]
        return edge_bands(agreeing, self.reference, self.inputs, points=points)

    def predict(self, inputs: Any) -> Prediction:
        """Mean and standard deviation of the members' outputs at inputs [rows, n].

        Raises:
            ShapeError: the inputs do not have one column for each input.
        """
        outputs = np.stack(
            [network.predict(np.asarray(inputs, dtype=np.float64)) for network in self.networks]
        )
        return Prediction(outputs.mean(axis=0), outputs.std(axis=0))

    def __repr__(self) -> str:
        (_, most), *_ = self.skeletons
        best = min(self.validation)
        return (
            f"Ensemble({len(self)} members, best error {best:.3g}, skeleton found in {most} of {len(self)})"
        )

    @cached_property
    def _skeletons(self) -> list[Skeleton]:
        return [skeleton_of(masks_of(network)) for network in self.pruned]

    @cached_property
    def _agreeing(self) -> list[int]:
        """Members with the most frequent skeleton, the best first."""
        wanted = self.skeletons[0][0]
        same = [s for s, own in enumerate(self._skeletons) if own == wanted]
        return sorted(same, key=lambda s: self.validation[s])

    def _laid(self, network: KAN) -> Masks:
        alignment = align(network, self.reference, self.inputs)
        return laid_on(masks_of(network), alignment.order)


def ensemble(  # noqa: PLR0913  keywords are the public face
    dataset: Dataset,
    shape: Sequence[Any] | None = None,
    *,
    seeds: int | Sequence[int] = 20,
    sparsity: float | Sequence[float] = 0.0,
    steps: int = 40,
    grids: Sequence[int] = (),
    intervals: int | Sequence[int] = 5,
    threshold: float = THRESHOLD,
    progress: Callable[[EnsembleProgress], Any] | None = None,
) -> Ensemble:
    """Fit a shape from many starts at once.

    Args:
        shape: None lets kanlab choose.
        seeds: how many starts (seeds 0, 1, ...), or the seeds.
        sparsity: weight of the group penalty, as in `Session.fit`; with several, each seed is fitted with each.
        steps, grids, intervals: as in `Session.fit`.
        threshold: edges with an attribution below it are pruned before skeletons are compared.
        progress: called after every step.

    Raises:
        ActionError: no seeds, or options that make no sense.
        ShapeError: the shape does not fit the columns.
        DataError: the task is not one that networks can be fitted to.
    """
    starts = _listed(seeds, "seeds") if not _is_count(seeds) else list(range(_count(seeds)))
    weights: list[Any] = _listed(sparsity, "sparsity") if np.ndim(sparsity) else [sparsity]
    members = [(seed, weight) for weight in weights for seed in starts]
    rows = rows_of(dataset)
    fresh = {seed: first_network(dataset, shape, seed=seed, intervals=intervals) for seed in starts}
    if any(layer.products for layer in fresh[starts[0]].arrays().layers):
        raise ShapeError("An ensemble compares networks of sum nodes; give a shape without product nodes.")
    networks = [fresh[seed] for seed, _ in members]
    actions = [Fit(steps=steps, grids=tuple(grids), sparsity=weight) for _, weight in members]
    fitted = _fitted(networks, rows, actions, progress)
    pruned = tuple(prune(network, rows.inputs, threshold) for network in fitted)
    train = tuple(_rmse(network, rows.inputs, rows.targets) for network in fitted)
    checked = train
    if rows.validation_inputs is not None and rows.validation_targets is not None:
        checked = tuple(_rmse(network, rows.validation_inputs, rows.validation_targets) for network in fitted)
    seeds_of, weights_of = (tuple(own) for own in zip(*members, strict=True))
    return Ensemble(fitted, pruned, seeds_of, weights_of, train, checked, rows.inputs)


def _fitted(
    networks: list[KAN],
    rows: Rows,
    actions: list[Fit],
    progress: Callable[[EnsembleProgress], Any] | None,
) -> tuple[KAN, ...]:
    """All members with the same phases side by side, phase by phase."""
    out = list(networks)
    phases = [fit_phases(action) for action in actions]
    for names in dict.fromkeys(tuple(name for name, _ in own) for own in phases):
        group = [s for s, own in enumerate(phases) if tuple(name for name, _ in own) == names]
        for number, name in enumerate(names):
            options: list[FitOptions] = [phases[s][number][1] for s in group]
            last: EnsembleProgress | None = None
            for last in fit_together_steps([out[s] for s in group], rows, options):
                if progress is not None:
                    progress(replace(last, phase=name))
            if last is not None:
                for s, network in zip(group, last.networks, strict=True):
                    out[s] = network
    return tuple(out)


def _is_count(seeds: Any) -> bool:
    return np.ndim(seeds) == 0 and not isinstance(seeds, str)


def _count(seeds: Any) -> int:
    if isinstance(seeds, bool) or int(seeds) != seeds or seeds < 1:
        raise ActionError(
            f"The number of seeds is {seeds!r}; give a whole number of at least 1, or a list of seeds."
        )
    return int(seeds)


def _listed(values: Any, what: str) -> list[Any]:
    listed = [] if isinstance(values, str) else list(values)
    if not listed:
        raise ActionError(f"The {what} are {values!r}; give at least one number.")
    return listed


def _rmse(network: KAN, inputs: Array, targets: Array) -> float:
    return float(np.sqrt(np.square(network.predict(inputs) - targets).sum(axis=1).mean()))
