"""What each action does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..data import Dataset
from ..errors import ActionError
from ..network import KAN, lock_edge, refine, release_edge, remove_edges, remove_node, share_edges
from ..network.edit import edge_status
from ..sparsity import merge_twins, prune
from ..symbolic.suggest import fix
from ..training import Progress
from .actions import (
    Action,
    Discover,
    Fit,
    Fix,
    Lock,
    Merge,
    Prune,
    Refine,
    Release,
    RemoveEdge,
    RemoveNode,
    Share,
    Unlock,
)
from .discover import last_trial, search
from .fitting import check_loss, fit_action
from .observer import Observer, Report
from .setup import rows_of
from .shelf import NO_LAW

Result = tuple[KAN, Action]


def apply(network: KAN, action: Action, dataset: Dataset, observer: Observer) -> Result:
    """The network after an action, and the action as it really was (stopped by hand, say).

    Raises:
        KanlabError: the action makes no sense here; nothing is changed.
    """
    done, real = HANDLERS[type(action)](network, action, dataset, observer)
    return done, real


def _fit(network: KAN, action: Fit, dataset: Dataset, observer: Observer) -> Result:
    check_loss(action, dataset)
    last: Progress | None = None
    for progress in fit_action(network, rows_of(dataset), action):
        last = progress
        observer.report(
            Report(
                action.name,
                progress.phase,
                progress.step,
                progress.steps,
                progress.train,
                progress.validation,
                lambda here=progress: here.network,
                measure=progress.measure,
            )
        )
        replayed = action.stop_after is not None and progress.step >= action.stop_after
        if replayed or (progress.phase != "done" and observer.stopping()):
            return progress.kept, replace(action, stop_after=progress.step)
    return (last.network if last else network), action


def _prune(network: KAN, action: Prune, dataset: Dataset, observer: Observer) -> Result:
    del observer
    return prune(network, dataset.part("train").inputs, action.threshold), action


def _merge(network: KAN, action: Merge, dataset: Dataset, observer: Observer) -> Result:
    del observer
    merged = merge_twins(network, dataset.part("train").inputs, tolerance=action.tolerance)
    if merged is network:
        raise ActionError(
            f"No two hidden nodes correlate by {1 - action.tolerance:g} or more, so there is nothing to merge; "
            "a larger tolerance merges what is less alike, and a fit afterwards makes up for it."
        )
    return merged, action


def _refine(network: KAN, action: Refine, dataset: Dataset, observer: Observer) -> Result:
    del dataset, observer
    return refine(network, action.intervals), action


def _remove_edge(network: KAN, action: RemoveEdge, dataset: Dataset, observer: Observer) -> Result:
    del observer
    if edge_status(network, action.edge) == "removed":
        raise ActionError(f"Edge {tuple(action.edge)} was removed before.")
    return remove_edges(network, [action.edge], dataset.part("train").inputs), action


def _remove_node(network: KAN, action: RemoveNode, dataset: Dataset, observer: Observer) -> Result:
    del observer
    return remove_node(network, action.node, dataset.part("train").inputs), action


def _fix(network: KAN, action: Fix, dataset: Dataset, observer: Observer) -> Result:
    del observer
    return fix(network, action.edge, action.form, rows_of(dataset)), action


def _release(network: KAN, action: Release, dataset: Dataset, observer: Observer) -> Result:
    del dataset, observer
    return release_edge(network, action.edge), action


def _lock(network: KAN, action: Lock | Unlock, dataset: Dataset, observer: Observer) -> Result:
    del dataset, observer
    if edge_status(network, action.edge) == "removed":
        raise ActionError(f"Edge {tuple(action.edge)} was removed, so it cannot be locked.")
    return lock_edge(network, action.edge, isinstance(action, Lock)), action


def _share(network: KAN, action: Share, dataset: Dataset, observer: Observer) -> Result:
    del observer
    return share_edges(network, action.edges, dataset.part("train").inputs), action


def _discover(network: KAN, action: Discover, dataset: Dataset, observer: Observer) -> Result:
    del network
    last = last_trial(
        search(dataset, seed=action.seed, forms=action.forms, observer=observer),
        lambda trial: trial.number == action.trials or observer.stopping(),
    )
    if last is None or last.best_network is None:
        raise ActionError(_NOTHING[observer.stopping()])
    complete = last.number in (action.trials, last.total)
    return last.best_network, action if complete else replace(action, trials=last.number)


_NOTHING = {
    False: f"{NO_LAW.removesuffix('.')}; nothing was changed.",
    True: "The search was stopped before it found a law; give it more time.",
}


HANDLERS: dict[type[Any], Callable[[KAN, Any, Dataset, Observer], Result]] = {
    Fit: _fit,
    Prune: _prune,
    Merge: _merge,
    Refine: _refine,
    RemoveEdge: _remove_edge,
    RemoveNode: _remove_node,
    Fix: _fix,
    Release: _release,
    Lock: _lock,
    Unlock: _lock,
    Share: _share,
    Discover: _discover,
}
