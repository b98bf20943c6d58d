"""Some rows of a dataset, as a fit or a score wants them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cells import Floats


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of a dataset: inputs [rows, columns], targets [rows, outputs], uncertainty [rows] or None."""

    inputs: Floats
    targets: Floats
    uncertainty: Floats | None = None
