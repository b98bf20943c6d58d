"""The tree of states that an investigation has been through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral

from ..errors import ActionError
from .state import State


@dataclass(frozen=True, eq=False)
class History:
    """All states, and where one stands. Nothing is ever lost: going back and doing something else makes a branch.

    Attributes:
        states: by number; the first has no parent.
        current: number of the present state.
        undone: states that redo would go to, the next one last.
    """

    states: tuple[State, ...]
    current: int = 0
    undone: tuple[int, ...] = ()

    @property
    def state(self) -> State:
        """The present state."""
        return self.states[self.current]

    @property
    def path(self) -> tuple[State, ...]:
        """From the first state to the present one."""
        steps = [self.state]
        while steps[-1].parent is not None:
            steps.append(self.states[steps[-1].parent])
        return tuple(reversed(steps))

    @property
    def can_undo(self) -> bool:
        return self.state.parent is not None

    @property
    def can_redo(self) -> bool:
        return bool(self.undone)

    def add(self, state: State) -> History:
        """A new state after the present one."""
        return History((*self.states, state), state.number)

    def undo(self) -> History:
        """To the state before; the present one can be come back to by redo.

        Raises:
            ActionError: this is the first state.
        """
        if self.state.parent is None:
            raise ActionError("There is nothing to undo: this is the first state.")
        return replace(self, current=self.state.parent, undone=(*self.undone, self.current))

    def redo(self) -> History:
        """To the state that was undone last.

        Raises:
            ActionError: nothing was undone since the last action.
        """
        if not self.undone:
            raise ActionError("There is nothing to redo: no action was undone since the last one.")
        return replace(self, current=self.undone[-1], undone=self.undone[:-1])

    def go(self, number: int) -> History:
        """To any state; redo then leads on toward where one was, if that lies ahead.

        Raises:
            ActionError: there is no such state.
        """
        if not isinstance(number, Integral) or not 0 <= number < len(self.states):
            raise ActionError(
                f"There is no state {number!r}; the history has states 0 to {len(self.states) - 1}."
            )
        ahead: list[int] = []
        step: int | None = self.current
        while step is not None and step != number:
            ahead.append(step)
            step = self.states[step].parent
        return replace(self, current=int(number), undone=tuple(ahead) if step == number else ())
