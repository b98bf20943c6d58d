"""The fit of a scientist: a plain one, or one that looks for the skeleton of the law first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..network import KAN
from ..sparsity import GroupSparsity
from ..training import FitOptions, Progress, Rows, fit_steps
from .actions import SPARSITY, Action, Fit

WARM_STEPS, SPARSE_STEPS, FINISH_STEPS = 15, 60, 50
FINISH_SHARE, FINISH_FLOOR = 0.05, 1e-4


def fit_phases(action: Fit) -> tuple[tuple[str, FitOptions], ...]:
    """The fits that a Fit action is made of, in order.

    A sparse fit has three: without the penalty, so that there is something to be sparse about; with the group
    penalty, which clears whole edges; and with the log-sum penalty, which finishes off what is small and frees what
    is large of the shrinkage.
    """
    plain = FitOptions(
        steps=action.steps,
        grids=action.grids,
        smoothness=action.smoothness,
        optimizer=action.optimizer,
    )
    if action.sparsity <= 0:
        return (("fit", plain),)
    warm = replace(plain, steps=min(WARM_STEPS, action.steps), grids=())
    sparse = replace(
        warm,
        steps=max(SPARSE_STEPS, action.steps),
        penalties=(GroupSparsity(action.sparsity),),
        tolerance=0.0,
    )
    finish = replace(
        warm,
        steps=FINISH_STEPS,
        penalties=(GroupSparsity(FINISH_SHARE * action.sparsity, floor=FINISH_FLOOR, power=2),),
        tolerance=0.0,
    )
    phases = [("warm up", warm), ("sparse", sparse), ("finish", finish)]
    if action.grids:
        phases.append(("refine", plain))
    return tuple(phases)


def fit_action(network: KAN, rows: Rows, action: Fit) -> Iterator[Progress]:
    """All phases as one stream; steps are counted through."""
    phases = fit_phases(action)
    total = sum(options.steps * max(1, len(options.grids)) for _, options in phases)
    taken = 0
    progress: Progress | None = None
    for name, options in phases:
        for progress in fit_steps(network, rows, options):
            if progress.phase != "done":
                yield replace(progress, step=taken + progress.step, steps=total, phase=name)
        if progress is not None:
            taken += progress.step
            network = progress.network
    if progress is not None:
        yield replace(progress, step=taken, steps=total)


def suggested_fit(network: KAN, actions: Sequence[Action]) -> Fit:
    """What a plain "fit" means: sparse until the first edit, to find the skeleton; after that a plain fit.

    What was done decides, not the shape: a pruned network is made compact and looks whole again.
    """
    untouched = all(isinstance(action, Fit) for action in actions)
    return Fit(sparsity=SPARSITY) if untouched and len(network.arrays().layers) > 1 else Fit()
