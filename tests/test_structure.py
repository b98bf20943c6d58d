"""Structure from tables through the public face, and how it reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import kanlab as kl
from kanlab.errors import DataError
from kanlab.report.structure import Separability, Symmetry
from kanlab.symbolic.surrogate import Surrogate

SIGNED, NEAR, POSITIVE = (-1.0, 1.0), (-0.8, 0.8), (0.5, 2.0)


def table(function: Callable[..., Any], *box: tuple[float, float], noise: float = 0.0) -> kl.Dataset:
    generator = np.random.default_rng(0)
    low, high = np.array(box).T
    inputs = generator.uniform(low, high, (1000, len(box)))
    values = function(*inputs.T)
    values = values + noise * values.std() * generator.normal(size=len(values))
    return kl.Dataset.from_arrays(inputs, values, names=list("abcd"[: len(box)]))


def test_a_sum_of_velocities_is_additive_under_artanh() -> None:
    """I.16.6; its residual is a thousandth of what the same shows without the transform."""
    found = kl.separability(table(lambda a, b: (a + b) / (1 + a * b), NEAR, NEAR))
    (split,) = found.splits
    assert found.claim(split) == "artanh y = g(a) + h(b)"
    assert not split.also
    assert split.best.size < 1e-2 * split.spectra[0].values[0]


def test_a_length_is_additive_under_the_square_and_a_symmetry() -> None:
    """III.10.19 from one session, and the record of each reads the same twice."""
    data = table(lambda a, b: np.sqrt(1 + a**2 + b**2), SIGNED, SIGNED)
    session = kl.Session(data, shape=[2, 4, 1], seed=0).fit(sparsity=0, grids=(5, 10, 20), wait=True)
    sums, pairs = kl.separability(session), kl.symmetry(session)
    assert [sums.claim(split) for split in sums.splits] == ["y^2 = g(a) + h(b)"]
    assert [pairs.claim(pair) for pair in pairs.pairs] == ["only through a^2 + b^2"]
    assert str(sums) == str(kl.separability(session))


def test_with_noise_a_flat_law_is_not_told_from_its_neighbors() -> None:
    """With 3 % noise sqrt(1 + a^2 + b^2) may be a sum itself or under several transforms, and this is said."""
    found = kl.separability(table(lambda a, b: np.sqrt(1 + a**2 + b**2), SIGNED, SIGNED, noise=0.03))
    (split,) = found.splits
    assert found.surrogate.noise > 0.02
    assert split.verdict == "none" or split.also
    assert "cannot be refuted" in str(found)


def test_with_noise_nothing_is_claimed_of_a_law_without_structure() -> None:
    data = table(lambda a, b: np.sin(3 * a * b) + np.exp(a - b**2) + a * b**2, SIGNED, SIGNED, noise=0.01)
    assert kl.separability(data).splits[0].verdict == "none"
    assert kl.symmetry(data, time_limit=60).pairs[0].found is None


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


def test_anything_else_is_refused() -> None:
    with pytest.raises(DataError, match="ndarray"):
        kl.separability(np.zeros((3, 2)))  # pyright: ignore[reportArgumentType]
