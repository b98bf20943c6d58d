"""What a refusal looks like to the person who gets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from kanlab.errors import KanlabError

ONE = re.compile(r"[^\n]+[.](?: Did you mean [^.]+\?)?")


def is_one_sentence(text: str) -> bool:
    """One line that ends with a period, at most a question after it, and no second sentence inside."""
    return (
        ONE.fullmatch(text) is not None and re.search(r"[a-z0-9'\")][.] [A-Z](?!id you mean)", text) is None
    )


def refused(make: Callable[[], Any], *parts: str, kind: type[KanlabError] = KanlabError) -> str:
    """`make()` raises an error of this kind with one sentence that holds every part."""
    with pytest.raises(kind) as caught:
        make()
    message = str(caught.value)
    assert is_one_sentence(message), message
    for part in parts:
        assert part in message, message
    return message
