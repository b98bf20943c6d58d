"""Records of structure, as tables and as pictures."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import kanlab as kl
from kanlab.report.structure import Separability, Symmetry
from kanlab.symbolic.surrogate import Surrogate

SIGNED, POSITIVE = (-1.0, 1.0), (0.5, 2.0)


@pytest.fixture(scope="module")
def surrogate() -> Surrogate:
    return Surrogate.of_function(
        lambda a, b, c: a * np.exp(-((b - c) ** 2)),
        [POSITIVE, SIGNED, SIGNED],
        names=("a|1", "b", "c"),
    )


def test_records_are_tables(surrogate: Surrogate) -> None:
    sums, pairs = kl.separability(surrogate), kl.symmetry(surrogate)
    assert isinstance(sums, Separability)
    assert isinstance(pairs, Symmetry)
    assert "log f = g(a|1) + h(b, c)" in str(sums)
    assert "only through b - c" in repr(pairs)
    for record, rows in ((sums, 6), (pairs, 3)):
        lines = [line for line in record._repr_markdown_().splitlines() if line.startswith("|")]
        assert len(lines) == rows + 2
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


def test_records_are_pictures(surrogate: Surrogate) -> None:
    sums, pairs = kl.separability(surrogate), kl.symmetry(surrogate)
    for record, panels in ((sums, 6), (pairs, 3)):
        made = record.figure()
        made.draw_without_rendering()
        assert len(made.axes) == panels
        assert {axis.get_yscale() for axis in made.axes} == {"log"}
    bars = [cast(Rectangle, patch).get_height() for patch in pairs.figure().axes[0].patches]
    assert bars == [max(one.size, 1e-12) for one in min(pairs.pairs, key=lambda p: p.found is None).residuals]


def test_a_variable_that_does_not_act_has_a_panel_without_bars() -> None:
    idle = Surrogate.of_function(lambda a, b: a + 0 * b, [SIGNED, SIGNED])
    found = kl.symmetry(idle)
    assert found.claim(found.pairs[0]) == "one of the two is not seen to act"
    found.figure().draw_without_rendering()
    assert kl.separability(idle).splits[0].verdict == "one side only"


def test_a_rough_surrogate_says_that_it_is() -> None:
    def law(a: Any, b: Any) -> Any:
        return np.exp(a * b) + a

    sums = kl.separability(Surrogate.of_function(law, [SIGNED, SIGNED], error=0.1))
    assert "too rough" in sums.claim(sums.splits[0])
    pairs = kl.symmetry(Surrogate.of_function(law, [SIGNED, SIGNED], error=0.01))
    assert "too rough" in pairs.claim(pairs.pairs[0])
