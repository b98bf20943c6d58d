"""An investigation that is told: data, a first network, and the actions that lead to its law."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..data import Dataset
from ..discovery import Action
from ..session import Session


@dataclass(frozen=True)
class Story:
    """Data, a first network and actions.

    Attributes:
        name: a word.
        title: what happens in it, in one line.
        data: makes the dataset.
        shape: widths of the first network.
        actions: what is done to it, in order.
        settings: further options of `kl.Session`: seed, intervals, order, base.
    """

    name: str
    title: str
    data: Callable[[], Dataset]
    shape: Sequence[Any]
    actions: Sequence[Action]
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def play(self, *, until: int | None = None) -> Session:
        """A session in which the actions were done, or the first `until` of them.

        The last line of a notebook cell shows it as the workbench, where undo leads back through the actions.
        """
        session = Session(self.data(), shape=list(self.shape), **self.settings)
        return session.replay(self.actions[:until])
