"""A published discovery as data: what is computed, what is claimed, and the investigations that tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import ActionError
from .claim import Claim
from .story import Story

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

_T = TypeVar("_T")

Figures = Mapping[str, Any]
"""What a step measured, by name: numbers, texts, truth values, and lists of them for the picture."""


@dataclass(frozen=True)
class Scale:
    """How much is computed. The same code runs in full and quickly, with fewer seeds and rows."""

    quick: bool = False

    def of(self, full: _T, quick: _T) -> _T:
        """One of two settings."""
        return quick if self.quick else full

    def seeds(self, full: int, quick: int = 1) -> range:
        """The seeds 0, 1, ..."""
        return range(self.of(full, quick))


@dataclass(frozen=True)
class Step:
    """A part of a case that is computed, kept and resumed as a whole, and depends on no other part.

    Attributes:
        name: a word, by which claims call it.
        measure: computes its figures at a scale.
        long: a quick run leaves it out, and its claims with it.
    """

    name: str
    measure: Callable[[Scale], Figures]
    long: bool = False


@dataclass(frozen=True)
class Case:
    """A published discovery.

    Attributes:
        name: what `kanlab reproduce` calls it.
        title: the question, in one line.
        source: where it was published: paper, section, figure or table.
        steps: what is computed.
        claims: what is claimed of the figures.
        stories: investigations that one can replay and open in the workbench.
        headline: the answer in one line; `{step.name}` stands for a figure.
        law: the figure that is the law, or empty.
        picture: draws the figures of all steps, by step.
        notebook: file that tells it.

    Raises:
        ActionError: two steps, stories or claims have one name, or a claim asks for a step that is not there.
    """

    name: str
    title: str
    source: str
    steps: Sequence[Step]
    claims: Sequence[Claim]
    stories: Sequence[Story] = ()
    headline: str = ""
    law: str = ""
    picture: Callable[[Mapping[str, Figures]], Picture] | None = None
    notebook: str = ""

    def __post_init__(self) -> None:
        steps = [step.name for step in self.steps]
        for what, names in (
            ("steps", steps),
            ("stories", [story.name for story in self.stories]),
            ("claims", [claim.text for claim in self.claims]),
        ):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ActionError(f"The case {self.name!r} has two {what} called {min(twice)!r}; rename one.")
        for claim in self.claims:
            if claim.step not in steps:
                raise ActionError(
                    f"The claim {claim.text!r} of the case {self.name!r} asks for the step {claim.step!r}; "
                    f"there are {', '.join(steps)}."
                )

    def measured(self, scale: Scale) -> tuple[Step, ...]:
        """The steps that a run at this scale carries out."""
        return tuple(step for step in self.steps if not (step.long and scale.quick))

    def step(self, name: str) -> Step:
        """The step of this name."""
        return next(step for step in self.steps if step.name == name)
