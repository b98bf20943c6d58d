"""Array types shared by all rooms."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""A float64 array; its shape is given in the docstring of who takes or returns it."""

IntArray: TypeAlias = NDArray[np.int64]
"""An int64 array."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""A boolean array."""
