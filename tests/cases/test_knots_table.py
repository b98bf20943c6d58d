"""Mirror images, folds and samples of the table of knots."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.knots_table import MU_R, ODD, TRANSLATIONS, folded, knots, mirrored, some_rows
from kanlab.data import Dataset

NAMES = ("chern_simons", MU_R, "volume")


def small() -> Dataset:
    rows = [[0.1, 2.0, 5.0], [0.2, -1.0, 6.0], [-0.1, -3.0, 7.0], [0.0, 1.5, 8.0]]
    return Dataset.from_arrays(rows, [4.0, -2.0, 6.0, 0.0], names=NAMES)


def test_a_knot_is_folded_with_its_signature() -> None:
    data = folded(small())
    np.testing.assert_array_equal(
        data.inputs, [[0.1, 2.0, 5.0], [-0.2, 1.0, 6.0], [0.1, 3.0, 7.0], [0.0, 1.5, 8.0]]
    )
    np.testing.assert_array_equal(data.targets[:, 0], [4.0, 2.0, -6.0, 0.0])


def test_a_fold_forgets_which_image_it_was() -> None:
    data = small()
    other = Dataset.from_arrays(mirrored(NAMES, data.inputs), -data.targets[:, 0], names=NAMES)
    np.testing.assert_array_equal(folded(other).inputs, folded(data).inputs)
    np.testing.assert_array_equal(folded(other).targets, folded(data).targets)


def test_the_odd_inputs_are_those_that_the_record_mirrors() -> None:
    one, two = knots(seed=0), knots(seed=1)
    turned = np.flatnonzero(one.targets[:, 0] == -two.targets[:, 0])
    turned = turned[one.targets[turned, 0] != 0]
    back = mirrored(one.names, one.inputs[turned])
    np.testing.assert_array_equal(back, two.inputs[turned])
    assert set(ODD) < set(one.names)


@pytest.mark.parametrize("rows", [50, 100, 1000])
def test_some_rows_keep_their_parts(rows: int) -> None:
    generator = np.random.default_rng(0)
    data = Dataset.from_arrays(np.arange(200.0)[:, None] + generator.uniform(), np.arange(200.0))
    few = some_rows(data, rows)
    assert few.rows == pytest.approx(min(rows, 200), abs=2)
    for name in ("train", "validation", "test"):
        own = set(data.part(name).targets[:, 0])  # type: ignore[arg-type]
        assert set(few.part(name).targets[:, 0]) <= own  # type: ignore[arg-type]


def test_volume_groups_are_not_divided() -> None:
    data = knots(inputs=(*TRANSLATIONS, "volume"))
    volumes = [set(np.round(data.part(name).inputs[:, 3], 4)) for name in ("train", "validation", "test")]  # type: ignore[arg-type]
    assert not volumes[0] & volumes[2]
    assert not volumes[1] & volumes[2]
