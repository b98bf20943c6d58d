"""The session: one investigation in the hands of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any, Literal, cast, overload

import numpy as np
import pandas as pd
from scipy.special import softmax

from ._typing import Array, BoolArray
from .data import Dataset
from .discovery import Action, Investigation, Runner, State, edge_of
from .discovery.actions import (
    THRESHOLD,
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
from .discovery.checks import node_of
from .discovery.fitting import suggested_fit
from .discovery.runner import Work
from .errors import DataError
from .forms import Form
from .network import KAN, EdgeId
from .progress import Bar, in_notebook
from .report.export import export, write_text
from .report.figure import figure
from .report.svg import network_svg
from .report.tables import edges_table, features_table, interactions_table
from .sparsity import TOLERANCE
from .symbolic.law import Law
from .symbolic.suggest import Candidate
from .widgets import Workbench


class Session:
    """An investigation of a dataset: fit, look, prune, fix forms, read off the law; with undo, and as a script.

    As the last line of a notebook cell it shows the workbench. Everything a click does there is one of the methods
    here, and everything done here is seen there.

    Args:
        data: the dataset.
        shape: layer widths such as [2, 5, 1]; None lets kanlab choose. (3, 2) in a layer means 3 sum nodes and 2
            products of two factors.
        seed: where the random numbers of the first network start.
        order: degree k of the splines, one number or one for each layer.
        intervals: grid intervals G, one number or one for each layer.
        base: base function of the edges, one name or one for each layer; `kanlab.kernels.BASE_FUNCTIONS` lists them.
        start: "dense" for all edges, or "sparse" for a random few: every node sends one to a random target and takes
            one from a random source.

    Raises:
        KanlabError: the shape does not fit the data, or the data cannot be fitted.
    """

    def __init__(  # noqa: PLR0913  keywords are the public face
        self,
        data: Dataset,
        shape: Sequence[Any] | None = None,
        *,
        seed: int = 0,
        order: int | Sequence[int] = 3,
        intervals: int | Sequence[int] = 5,
        base: str | Sequence[str] = "silu",
        start: str = "dense",
    ) -> None:
        if not isinstance(data, Dataset):
            raise DataError(
                f"A session needs a kanlab Dataset and got {type(data).__name__}; make one with "
                "kl.Dataset.from_frame(frame, target=...), from_csv, from_arrays, or kl.load(name)."
            )
        self._adopt(
            Investigation.start(
                data, shape=shape, seed=seed, order=order, intervals=intervals, base=base, start=start
            )
        )

    def _adopt(self, investigation: Investigation) -> None:
        self._investigation = investigation
        self._runner = Runner(investigation)
        self._workbench: Workbench | None = None

    @classmethod
    def open(cls, path: str | Path) -> Session:
        """A session from a file that `save` wrote.

        Raises:
            FileError: the file is missing, damaged or something else.
        """
        session = cls.__new__(cls)
        session._adopt(Investigation.open(path))  # noqa: SLF001  its own class
        return session

    # what is there

    @property
    def data(self) -> Dataset:
        """The dataset."""
        return self._investigation.dataset

    @property
    def investigation(self) -> Investigation:
        """The core of the session, which knows no pictures."""
        return self._investigation

    @property
    def network(self) -> KAN:
        """The present network, a torch module; treat it as a value."""
        self.wait()
        return self._investigation.network

    @property
    def state(self) -> State:
        """The present state: network, errors before and after, the action that led here."""
        self.wait()
        return self._investigation.state

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions from the first state to the present one."""
        self.wait()
        return self._investigation.actions

    @property
    def workbench(self) -> Workbench:
        """The widget; it is made when it is first asked for, and anew when it was closed."""
        if self._workbench is None:
            self._workbench = Workbench(self._investigation, self._runner)
        elif self._workbench.closed:
            self._workbench = Workbench(self._investigation, self._runner, typed=self._workbench.typed)
        return self._workbench

    @property
    def running(self) -> bool:
        """Whether an action is on its way in the background."""
        return self._runner.running

    @overload
    def predict(self, inputs: Any, *, return_in_domain: Literal[False] = False) -> Array: ...

    @overload
    def predict(self, inputs: Any, *, return_in_domain: Literal[True]) -> tuple[Array, BoolArray]: ...

    def predict(self, inputs: Any, *, return_in_domain: bool = False) -> Array | tuple[Array, BoolArray]:
        """Outputs for an array [rows, inputs] or a DataFrame with the columns of the data; one target gives [rows].

        Of a classification they are the names of the most probable classes, [rows].

        Args:
            return_in_domain: also give a mask [rows], true where every input lies in the range of the rows that
                the network was fitted to. Elsewhere the splines are carried on and may be far from the truth.

        Raises:
            DataError, ShapeError: columns are missing or do not fit.
        """
        table = _table(inputs, self.data.names)
        values = self.network.predict(table)
        outputs: Any = values[:, 0] if values.shape[1] == 1 else values
        if self.data.classes:
            outputs = np.asarray(self.data.classes)[values.argmax(axis=1)]
        if not return_in_domain:
            return outputs
        seen = self.data.part("fit").inputs
        return outputs, ((table >= seen.min(axis=0)) & (table <= seen.max(axis=0))).all(axis=1)

    def predict_proba(self, inputs: Any) -> Array:
        """Probabilities of the classes, [rows, classes], in the order of `data.classes`.

        Raises:
            DataError: the data are no classification, or columns are missing.
        """
        if not self.data.classes:
            raise DataError("The data are no classification, so there are no classes; use predict.")
        return softmax(self.network.predict(_table(inputs, self.data.names)), axis=1)

    def suggest(
        self, edge: Sequence[int], *, forms: Sequence[str | Form] | None = None
    ) -> tuple[Candidate, ...]:
        """Ranked candidates for an edge: form, constants, complexity, and the error of the whole network with it.

        Args:
            forms: names, formulas in x, or `kl.forms.add(...)` to choose from; None for the whole library.
        """
        self.wait()
        return self._investigation.suggest(edge_of(edge), forms=forms)

    def law(self) -> Law:
        """The law of the present network.

        Raises:
            ActionError: no edge is symbolic yet.
        """
        self.wait()
        return self._investigation.law()

    def attribution(self) -> pd.DataFrame:
        """Every edge with its score (share of the outputs' variation) and its magnitude (mean absolute value)."""
        return edges_table(self.network, self.data.part("train").inputs)

    def features(self) -> pd.DataFrame:
        """Every input with its effect (share of the outputs' variance), its score and its magnitude."""
        return features_table(self.network, self.data.part("train").inputs, self.data.names)

    def interactions(self) -> pd.DataFrame:
        """For each two inputs the share of the outputs' variance that is there only because they act together."""
        return interactions_table(self.network, self.data.part("train").inputs, self.data.names)

    # what can be done

    def fit(  # noqa: PLR0913  keywords are the public face
        self,
        *,
        steps: int = 40,
        sparsity: float | None = None,
        grids: Sequence[int] = (),
        smoothness: float | None = None,
        optimizer: str = "lm",
        loss: str | None = None,
        batch: int | None = None,
        patience: int | None = None,
        stop_after: int | None = None,
        grid_blend: float = 0.0,
        wait: bool | None = None,
    ) -> Session:
        """Fit the network.

        Args:
            steps: the most steps in each phase.
            sparsity: weight of the sparsity penalty; None means 0.02 for a network that is still whole, which finds
                the skeleton of the law, and 0 after the first edit.
            grids: interval counts to refine through, for example (5, 10, 20, 50); validation decides where to stop.
            smoothness: weight of the roughness penalty relative to the loss; None lets the evidence choose it with
                "lm".
            optimizer: "lm" (Levenberg-Marquardt), "lbfgs" or "adam".
            loss: "squared-error" or "huber" for numbers, "cross-entropy" for classes; `kanlab.fit` takes any other.
            batch: rows in a batch of "adam"; None for all rows at once.
            patience: end when the validation error has not fallen for so many steps, and keep the best step.
            stop_after: end after so many steps, as a fit that was stopped by hand did.
            grid_blend: where the fit lays knots, from 0 (equally spaced) to 1 (quantiles of the rows, so that there are
                as many rows in every interval); for a sharp feature where the rows are dense.
            wait: block until done; None means: at once in a notebook, blocking elsewhere.
        """
        self.wait()
        action = Fit(
            steps=steps,
            sparsity=0.0 if sparsity is None else sparsity,
            grids=cast("tuple[int, ...]", grids),
            smoothness=smoothness,
            optimizer=optimizer,
            loss=loss,
            batch=batch,
            patience=patience,
            stop_after=stop_after,
            grid_blend=grid_blend,
        )
        if sparsity is None and not action.grids:
            action = replace(
                action,
                sparsity=suggested_fit(self._investigation.network, self._investigation.actions).sparsity,
            )
        return self._do(action, wait=wait)

    def prune(self, threshold: float = THRESHOLD) -> Session:
        """Remove all edges whose attribution is below the threshold; their means go into biases."""
        return self._do(Prune(threshold), wait=True)

    def merge(self, tolerance: float = TOLERANCE) -> Session:
        """Fold hidden nodes that are twins, affine functions of each other on the training rows, into one.

        Args:
            tolerance: twins correlate by at least 1 - this; at the default nothing is lost.

        Raises:
            ActionError: there are no twins.
        """
        return self._do(Merge(tolerance), wait=True)

    def refine(self, intervals: int) -> Session:
        """The same function on finer grids; fit afterwards to use them."""
        return self._do(Refine(intervals), wait=True)

    def remove(self, edge: Sequence[int]) -> Session:
        """Remove one edge."""
        return self._do(RemoveEdge(edge_of(edge)), wait=True)

    def remove_node(self, node: Sequence[int]) -> Session:
        """Remove one node with its edges."""
        return self._do(RemoveNode(node_of(node)), wait=True)

    def fix(self, edge: Sequence[int], form: str | Form) -> Session:
        """Make an edge symbolic: a form of the library, or a formula in x; then all that is free is fitted together."""
        return self._do(Fix(edge_of(edge), cast("str", form)), wait=True)

    def release(self, edge: Sequence[int]) -> Session:
        """Turn a symbolic edge back into a spline."""
        return self._do(Release(edge_of(edge)), wait=True)

    def lock(self, edge: Sequence[int]) -> Session:
        """Keep an edge out of training."""
        return self._do(Lock(edge_of(edge)), wait=True)

    def unlock(self, edge: Sequence[int]) -> Session:
        """Let training change an edge again."""
        return self._do(Unlock(edge_of(edge)), wait=True)

    def share(self, edges: Sequence[Sequence[int]]) -> Session:
        """Let spline edges of one layer share one curve, which then has all their rows: as in f(x1) + f(x2).

        Raises:
            ActionError, ShapeError: there are not two, they lie in different layers, or one is no spline or locked.
        """
        return self._do(Share(cast("tuple[EdgeId, ...]", edges)), wait=True)

    def discover(
        self,
        *,
        seed: int = 0,
        trials: int | None = None,
        forms: Sequence[str | Form] = (),
        wait: bool | None = None,
    ) -> Session:
        """Search for the law without hands and adopt the network of the best; stop it whenever you like.

        Args:
            forms: forms to try besides the usual ones: names such as "J0", formulas in x, or `kl.forms.add(...)`.
        """
        return self._do(Discover(seed, trials, cast("tuple[str, ...]", forms)), wait=wait)

    def replay(self, actions: Iterable[Action]) -> Session:
        """Carry out recorded actions one after the other, such as `session.actions` of another session."""
        for action in actions:
            self._do(action, wait=True)
        return self

    def undo(self) -> Session:
        """Back to the state before."""
        self.wait()
        self._investigation.undo()
        return self

    def redo(self) -> Session:
        """Forward to the state that was undone last."""
        self.wait()
        self._investigation.redo()
        return self

    def go(self, state: int) -> Session:
        """To any state of the history, by its number.

        Raises:
            ActionError: there is no such state.
        """
        self.wait()
        self._investigation.go(state)
        return self

    def stop(self) -> Session:
        """End what is running after its present step; what was reached is kept."""
        self._runner.stop()
        return self.wait()

    def wait(self) -> Session:
        """Wait until nothing is running. Interrupting the kernel stops the work and keeps what was reached."""
        work = self._runner.work
        if work is None:
            return self
        try:
            while not work.wait(0.05):
                pass
        except KeyboardInterrupt:
            work.stop()
            work.wait()
        return self

    # what to take away

    def save(self, path: str | Path) -> Path:
        """Write the whole investigation into one file; `kl.open` reads it."""
        self.wait()
        return self._investigation.save(path)

    def script(self) -> str:
        """The way to the present state as a Python script that gives the same law."""
        self.wait()
        return export(self._investigation, "script").text

    def report(self, path: str | Path) -> Path:
        """Write an interactive page that needs neither a network nor a kernel.

        Raises:
            FileError: it cannot be written there.
        """
        self.wait()
        return write_text(Path(path), export(self._investigation, "html").text)

    def figure(self) -> Any:
        """The network as a matplotlib figure."""
        self.wait()
        return figure(self._investigation.network, self.data)

    def same_as(self, other: Session) -> bool:
        """Same data, and the same way to bit for bit the same network; other branches of the history do not count."""
        mine, theirs = self._investigation, other._investigation
        return (
            mine.dataset.same_as(theirs.dataset)
            and mine.actions == theirs.actions
            and mine.state.same_as(theirs.state)
        )

    def __repr__(self) -> str:
        state = self._investigation.state
        return f"Session({self.data.title or 'data'}, shape={state.network.spec}, {state.metrics.text})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.workbench._repr_mimebundle_(**options)
        if isinstance(bundle, tuple):
            bundle[0]["image/svg+xml"] = network_svg(self._investigation.network, self.data)
        return bundle

    def _do(self, action: Action, *, wait: bool | None) -> Session:
        self.wait()
        blocking = not in_notebook() if wait is None else wait
        shown = None if self._workbench is None or self._workbench.closed else self._workbench
        work = self._runner.start(action) if shown is None else shown.start(action)
        if not blocking:
            if shown is None:
                Thread(target=_follow, args=(work, Bar(action.code())), daemon=True).start()
            return self
        if isinstance(action, Fit | Discover):
            _follow(work, Bar(action.code()))
        self.wait()
        if work.error is not None:
            raise work.error
        return self


def _follow(work: Work, bar: Bar) -> None:
    """Move a progress bar until the work ends; an interrupt stops the work and keeps what it reached."""
    try:
        with bar:
            while not work.wait(0.1):
                if work.latest is not None:
                    bar.show(work.latest)
    except KeyboardInterrupt:
        work.stop()


def _table(inputs: Any, names: Sequence[str]) -> Array:
    columns = getattr(inputs, "columns", None)
    if columns is not None:
        missing = [name for name in names if name not in columns]
        if missing:
            raise DataError(f"The table lacks the column {missing[0]!r}; it needs {', '.join(names)}.")
        inputs = inputs[list(names)].to_numpy()
    try:
        return np.asarray(inputs, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError("The inputs hold something that is not a number; give numbers only.") from None
