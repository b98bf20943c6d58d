"""The limit of a layer, against the figures that were worked out by hand for the study of the peers."""

from __future__ import annotations

import pytest

from benchmarks.roofline import LayerShape, Rates, limit, operations, traffic

SMALL = LayerShape(2, 5, 5, 3, 1000)
WIDE = LayerShape(64, 64, 5, 3, 1024)
RATES = Rates(97e9, 30e9, 1.8e9)


@pytest.mark.parametrize(
    ("shape", "forward", "both"),
    [(SMALL, 0.16e6, 0.45e6), (WIDE, 43.9e6, 131e6), (LayerShape(256, 256, 5, 3, 1024), 679e6, 2033e6)],
)
def test_operations(shape: LayerShape, forward: float, both: float) -> None:
    assert operations(shape, backward=False) == pytest.approx(forward, rel=0.01)
    assert operations(shape, backward=True) == pytest.approx(both, rel=0.01)


@pytest.mark.parametrize(("shape", "forward", "both"), [(SMALL, 28e3, 57e3), (WIDE, 672e3, 1343e3)])
def test_traffic(shape: LayerShape, forward: float, both: float) -> None:
    assert traffic(shape, 4, backward=False) == pytest.approx(forward, rel=0.02)
    assert traffic(shape, 4, backward=True) == pytest.approx(both, rel=0.02)


@pytest.mark.parametrize(("shape", "seconds"), [(SMALL, 5.8e-6), (WIDE, 1.38e-3)])
def test_limit_of_arithmetic(shape: LayerShape, seconds: float) -> None:
    assert limit(shape, RATES, 4, backward=True) == pytest.approx(seconds, rel=0.02)


def test_a_slow_memory_becomes_the_limit() -> None:
    slow = Rates(97e9, 1e6, 1.8e9)
    assert limit(SMALL, slow, 4, backward=True) == traffic(SMALL, 4, backward=True) / 1e6
