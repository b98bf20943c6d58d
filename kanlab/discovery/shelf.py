"""The laws of one dataset on the front of error against complexity, and those that come close to the best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..data import Dataset
from ..network import KAN
from ..symbolic.description import description_length
from ..symbolic.law import Law, table_of
from ..symbolic.polish import weighted_error
from .checks import whole
from .readable import Parts, Readable
from .stability import Stability, stability

EXACT = 1e-11
"""Held-out error, relative to the spread of the target, below which a law counts as exact."""
MOST_SEARCHES = 1000
NEAR = 5.0
"""A law with a description so many nats longer than that of the best, or less, is shown also beside the front."""
NO_LAW = "No law was found: nothing describes the target better than its mean."


@dataclass(frozen=True, eq=False)
class Scored:
    """A law with its description length on the rows it was fitted to; low is good."""

    law: Law
    score: float


@dataclass(frozen=True, eq=False)
class ShelfRow:
    """A law as it stands on the shelf.

    Attributes:
        behind: by how many nats its description of the fitted rows is longer than the shortest.
        on_front: whether every simpler law has a larger error on the fitted rows; else it is a runner-up.
        best: whether it is the best law of the shelf.
    """

    law: Law
    behind: float
    on_front: bool
    best: bool


@dataclass(frozen=True, eq=False, repr=False)
class Shelf(Readable):
    """Laws on the front, simple to complex: each has a lower error than all simpler ones. Printed it is a table.

    Attributes:
        laws: the front.
        best: the law with the shortest description of the data, or None when no law beats the constant.
        network: the network of the best law, or None.
        seed, trials: where the search started and how many trials it made; they make the search again.
        finished: False when the time limit or a person ended the search.
        seconds: how long it took.
        forms: what was tried besides the usual forms.
        scored: the laws of the front, and those within a few nats of the best, with their description lengths.
        noise: estimated scatter of the target about any law, in its unit; None where nothing tells.
        notes: what else there is to know of the best law, in sentences.
    """

    laws: tuple[Law, ...]
    best: Law | None
    network: KAN | None
    seed: int
    trials: int
    finished: bool
    seconds: float
    forms: tuple[str, ...] = ()
    scored: tuple[Scored, ...] = ()
    noise: float | None = None
    notes: tuple[str, ...] = ()

    def rows(self) -> tuple[ShelfRow, ...]:
        """The front and the runners-up beside it, simple to complex."""
        least = min((one.score for one in self.scored), default=0.0)
        front, best = {str(law) for law in self.laws}, str(self.best)
        return tuple(
            ShelfRow(one.law, one.score - least, str(one.law) in front, str(one.law) == best)
            for one in self.scored
        )

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that the best law does without, as spelled in laws; none where there is no law."""
        return () if self.best is None else unused(self.best)

    def stability(
        self,
        data: Dataset,
        *,
        resamples: int = 20,
        searches: int = 0,
        seed: int = 0,
        time_limit: float | None = 60.0,
    ) -> Stability:
        """How often each law of the shelf is the best on other rows, and how often other seeds find it.

        The forms stay as they are and all measured constants are fitted again on bootstrap resamples of the fitted
        rows: as many rows as there are, with replacement; the law with the shortest description wins. A search starts
        from another seed, and another split of all rows; two laws are the same up to the values of their constants.

        Args:
            data: the dataset that was searched.
            searches: how many searches are made again, each of which takes as long as the first.
            time_limit: of each search, in seconds.

        Raises:
            ActionError: a number or the seed is no such whole number, or the columns are others.
        """
        whole(searches, "number of searches", least=0, most=MOST_SEARCHES)

        def again() -> Sequence[Law | None]:
            from .searches import best_laws

            return best_laws(data, searches=searches, seed=seed, forms=self.forms, time_limit=time_limit)

        laws = [row.law for row in self.rows()]
        return stability(laws, data, resamples=resamples, seed=seed, again=again)

    def parts(self) -> Parts:
        """What a reader sees."""
        heading = NO_LAW if self.best is None else f"The best law is {self.best}."
        error = self.laws[0].error_label if self.laws else "error"
        columns = ("law", "complexity", error, "nats behind", "")
        rows = tuple(
            (
                str(row.law),
                str(row.law.complexity),
                f"{row.law.error:.3g}",
                f"{row.behind:.1f}",
                "best" if row.best else "" if row.on_front else "runner-up",
            )
            for row in self.rows()
        )
        return Parts(heading, columns, rows, self.notes)


def unused(law: Law) -> tuple[str, ...]:
    """Columns that a law does without."""
    return tuple(name for name in law.printed.names if name not in law.inputs_used)


def without(best: Law | None) -> tuple[str, ...]:
    """The sentence that names the columns that the best law does without, if there are any."""
    names = () if best is None else unused(best)
    return (f"The law does without {', '.join(names)}.",) if names else ()


def score_law(law: Law, dataset: Dataset) -> Scored:
    """A law with its description length on the fitted rows, in nats."""
    return Scored(law, description_length(law.tree, table_of(dataset, "fit")))


def front(found: Iterable[Scored], dataset: Dataset) -> tuple[Law, ...]:
    """Laws that no other law beats in both complexity and error on the fitted rows."""
    rows = table_of(dataset, "fit")
    best = float("inf")
    kept: list[Law] = []
    errors = {id(one): weighted_error(one.law.tree, rows) for one in found}
    for one in sorted(found, key=lambda one: (one.law.complexity, errors[id(one)])):
        if np.isfinite(one.score) and errors[id(one)] < best * 0.99 - 1e-300:
            kept.append(one.law)
            best = errors[id(one)]
    return tuple(kept)


def shown(found: Iterable[Scored], laws: Iterable[Law], best: Law | None) -> tuple[Scored, ...]:
    """The laws of the front, the best, and those within `NEAR` nats of the shortest description, each text once."""
    ordered = sorted(found, key=lambda one: one.score)
    near = ordered[0].score + NEAR if ordered else 0.0
    always = {str(law) for law in (*laws, best)}
    kept: dict[str, Scored] = {}
    for one in ordered:
        text = str(one.law)
        if one.score <= near or text in always:
            kept.setdefault(text, one)
    return tuple(sorted(kept.values(), key=lambda one: (one.law.complexity, one.score)))


def is_exact(law: Law, dataset: Dataset) -> bool:
    """Whether nothing but rounding is left of the error."""
    spread = float(np.std(dataset.part("fit").targets))
    return law.complete and law.error <= EXACT * spread and spread > 0
