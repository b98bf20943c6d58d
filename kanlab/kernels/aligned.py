"""Memory for vectors: one of 512 bits that crosses a cache line takes two loads."""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

import numpy as np

from .blocks import Floats, compiled

LINE = 64


@compiled
def aligned_empty(count: int, like: Floats) -> Floats:
    """`count` numbers of the type of `like` that begin with a cache line; their values mean nothing."""
    whole = np.empty(count + LINE // like.itemsize, dtype=like.dtype)
    start = (-whole.ctypes.data % LINE) // like.itemsize
    return whole[start : start + count]


@compiled
def aligned_zeros(count: int, like: Floats) -> Floats:
    """The same, all zero."""
    out = aligned_empty(count, like)
    out[:] = 0
    return out
