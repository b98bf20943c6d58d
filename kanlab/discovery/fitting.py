"""The fit of a scientist: a plain one, or one that looks for the skeleton of the law first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..data import Dataset
from ..errors import ActionError
from ..network import KAN
from ..sparsity import GroupSparsity, Shrinkage
from ..training import OBJECTIVES, Adam, FitOptions, Progress, Rows, fit_steps, objective_of
from .actions import SPARSITY, Action, Fit

WARM_STEPS, SPARSE_STEPS, FINISH_STEPS = 15, 60, 50
FINISH_SHARE, FINISH_FLOOR = 0.05, 1e-4
LOGIT_PRIOR = 1.0
"""C of a logistic regression with the same prior; divided by the number of rows, as the loss is a mean."""


def fit_phases(action: Fit, *, shrinkage: float = 0.0) -> tuple[tuple[str, FitOptions], ...]:
    """The fits that a Fit action is made of, in order.

    Args:
        shrinkage: weight of the ridge on the variance of every edge.

    A sparse fit has three: without the penalty, so that there is something to be sparse about; with the group
    penalty, which clears whole edges; and with the log-sum penalty, which finishes off what is small and frees what
    is large of the shrinkage.
    """
    ridge = (Shrinkage(shrinkage),) if shrinkage > 0 else ()
    plain = FitOptions(
        steps=action.steps,
        grids=action.grids,
        smoothness=action.smoothness,
        optimizer=action.optimizer if action.batch is None else Adam(batch=action.batch),
        objective=action.loss,
        penalties=ridge,
        patience=action.patience,
        grid_blend=action.grid_blend,
    )
    if action.sparsity <= 0:
        return (("fit", plain),)
    # the best step of a phase that makes the network sparse is its last, not the one with the lowest error; and the
    # evidence of a fit that is not done would smooth what the sparse phases still need
    warm = replace(
        plain,
        steps=min(WARM_STEPS, action.steps),
        grids=(),
        patience=None,
        smoothness=plain.relative_smoothness,
    )
    sparse = replace(
        warm,
        steps=max(SPARSE_STEPS, action.steps),
        penalties=(GroupSparsity(action.sparsity), *ridge),
        tolerance=0.0,
    )
    finish = replace(
        warm,
        steps=FINISH_STEPS,
        penalties=(GroupSparsity(FINISH_SHARE * action.sparsity, floor=FINISH_FLOOR, power=2), *ridge),
        tolerance=0.0,
    )
    phases = [("warm up", warm), ("sparse", sparse), ("finish", finish)]
    if action.grids:
        phases.append(("refine", plain))
    return tuple(phases)


def fit_action(network: KAN, rows: Rows, action: Fit) -> Iterator[Progress]:
    """All phases as one stream; steps are counted through."""
    named = objective_of(rows.objective if action.loss is None else action.loss).name
    phases = fit_phases(action, shrinkage=LOGIT_PRIOR / len(rows.inputs) if named == "cross-entropy" else 0.0)
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


def check_loss(action: Fit, dataset: Dataset) -> None:
    """Refuse a loss that does not fit the task.

    Raises:
        ActionError: outputs would not be what a session takes them for.
    """
    classes = dataset.task == "classification"
    fine = action.loss is None or (
        action.loss == "cross-entropy" if classes else OBJECTIVES[action.loss].scaled
    )
    if not fine:
        wanted = '"cross-entropy"' if classes else '"squared-error" or "huber"'
        raise ActionError(
            f"The loss {action.loss!r} does not fit a {dataset.task}, whose outputs are "
            f"{'logits of classes' if classes else 'values of the target'}; use {wanted}, or kanlab.fit."
        )


def suggested_fit(network: KAN, actions: Sequence[Action]) -> Fit:
    """What a plain "fit" means: sparse until the first edit, to find the skeleton; after that a plain fit.

    What was done decides, not the shape: a pruned network is made compact and looks whole again.
    """
    untouched = all(isinstance(action, Fit) for action in actions)
    return Fit(sparsity=SPARSITY) if untouched and len(network.arrays().layers) > 1 else Fit()
