"""Published discoveries with their claims: `kanlab reproduce` carries them out, a notebook tells each as a story."""

from __future__ import annotations

from ..errors import ActionError, did_you_mean
from ..session import Session
from .case import Case, Figures, Scale, Step
from .catalog import find, names
from .claim import Bound, Claim, Equal, around, at_least, at_most
from .story import Story

__all__ = [
    "Bound",
    "Case",
    "Claim",
    "Equal",
    "Figures",
    "Scale",
    "Step",
    "Story",
    "around",
    "at_least",
    "at_most",
    "find",
    "names",
    "play",
]


def play(case: str, story: str, *, until: int | None = None) -> Session:
    """The session of a story of a case, after all of its actions or the first `until` of them.

    Raises:
        ActionError: there is no such case or story.
    """
    told = {held.name: held for held in find(case).stories}
    if story not in told:
        raise ActionError(
            f"The case {case!r} has no story {story!r}; there are {', '.join(told) or 'none'}."
            + did_you_mean(story, told)
        )
    return told[story].play(until=until)
