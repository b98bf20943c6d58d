"""What all optimizers are: a start and a step, both of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..kernels import NetworkArrays
from .penalties import AnyPenalty
from .problem import Samples

M = TypeVar("M")


@dataclass(frozen=True, eq=False)
class Taken(Generic[M]):
    """A step that was taken.

    Attributes:
        network: where it led.
        memory: what the next step needs to know.
        gain: relative fall of what is made small; infinite when the optimizer does not know.
    """

    network: NetworkArrays
    memory: M
    gain: float


class Optimizer(Protocol[M]):
    """An optimizer is a value; all that changes while it runs is in its memory, which is a value too.

    So a fit can be stopped after any step and go on from there to the same bits.
    """

    @property
    def name(self) -> str: ...

    @property
    def smoothness(self) -> float:
        """Weight of the roughness penalty when nobody says one."""
        ...

    def start(self, network: NetworkArrays, samples: Samples, steps: int) -> M:
        """The memory before the first of `steps` steps."""
        ...

    def step(
        self, network: NetworkArrays, samples: Samples, penalties: Sequence[AnyPenalty], memory: M
    ) -> Taken[M]:
        """One step. Knots may have moved since the last one, the number of parameters stays."""
        ...
