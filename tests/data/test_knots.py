"""The tables of knots: what mathematics says of their columns, and rows divided so that nothing leaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from kanlab.data import columns, load

NAMES = ("knots", "knots-deepmind")
MIRROR = (
    "chern_simons",
    "meridinal_translation_real",
    "short_geodesic_imag_part",
    "signature",
    "slope",
    "tau",
)


@dataclass(frozen=True)
class Knots:
    name: str
    columns: dict[str, np.ndarray]
    digits: float
    """Relations between columns hold to this relative accuracy: nine digits, or float32."""

    def __getitem__(self, name):
        return self.columns[name]

    @property
    def slope(self):
        real, imag = self["meridinal_translation_real"], self["meridinal_translation_imag"]
        return self["longitudinal_translation"] * real / (real**2 + imag**2)


@pytest.fixture(scope="module", params=NAMES)
def knots(request):
    return Knots(request.param, columns(request.param), 1e-8 if request.param == "knots" else 1e-6)


@pytest.fixture(scope="module")
def own():
    return Knots("knots", columns("knots"), 1e-8)


def shared(values, split):
    """How many values occur in more than one part."""
    parts = [set(values[rows].tolist()) for rows in split.parts().values()]
    return sum(len(one & other) for number, one in enumerate(parts) for other in parts[:number])


@pytest.mark.parametrize("seed", [0, 5])
def test_no_volume_is_in_two_parts(knots, seed):
    data = load(knots.name, seed=seed)
    volumes = np.round(knots["volume"], 4)
    assert shared(volumes, data.split) == 0
    sizes = np.array([rows.size for rows in data.split.parts().values()]) / data.rows
    np.testing.assert_allclose(sizes, [0.64, 0.16, 0.2], atol=0.02)
    assert sum(rows.size for rows in data.split.parts().values()) == data.rows
    assert shared(volumes, load(knots.name, split="random", seed=seed).split) > 500


def test_split_of_the_paper():
    files = columns("knots-deepmind")["split"]
    split = load("knots-deepmind", split="paper").split
    assert set(files[split.test]) == {"test"}
    assert set(files[split.fit]) == {"train"}
    assert (split.train.size, split.validation.size, split.test.size) == (8000, 2000, 5000)


@pytest.mark.parametrize("name", NAMES)
def test_inputs_and_target(name):
    data = load(name)
    assert len(data.names) == 17
    assert not {"slope", "signature"} & set(data.names)
    assert not np.any(data.targets % 2)
    classes = load(name, task="classification")
    assert classes.task == "classification"
    assert "0" in classes.classes
    assert "-0" not in classes.classes
    signature = np.array([float(label) for label in classes.classes])
    np.testing.assert_array_equal(signature[classes.targets[:, 0].astype(int)], data.targets[:, 0])


def test_mirror_is_tossed_for_each_row(own):
    other = Knots("knots", columns("knots", seed=1), 1e-8)
    for column, values in own.columns.items():
        if column in MIRROR:
            np.testing.assert_array_equal(np.abs(values), np.abs(other[column]))
        else:
            np.testing.assert_array_equal(values, other[column])
    chiral = own["meridinal_translation_real"] != 0
    turned = own["meridinal_translation_real"][chiral] != other["meridinal_translation_real"][chiral]
    # 33,496 coins: half of them, within five standard deviations.
    assert abs(turned.mean() - 0.5) < 0.014
    for column in ("slope", "signature", "tau"):
        moved = own[column][chiral] != other[column][chiral]
        np.testing.assert_array_equal(moved, turned & (own[column][chiral] != 0))


def test_mirror_leaves_no_hand_preferred(own):
    assert abs(own["signature"].mean()) < 5 * own["signature"].std() / np.sqrt(own["signature"].size)
    assert abs(np.mean(own["meridinal_translation_real"] > 0) - 0.5) < 0.014


def test_slope_and_signature_have_one_sign(knots):
    both = (np.abs(knots.slope) > 4) & (knots["signature"] != 0)
    assert both.mean() > 0.3
    np.testing.assert_array_equal(np.sign(knots.slope[both]), np.sign(knots["signature"][both]))
    assert np.abs(2 * knots["signature"] - knots.slope).max() < 7
    assert np.corrcoef(knots.slope, knots["signature"])[0, 1] > 0.96


def test_slope_is_that_of_the_translations(own):
    np.testing.assert_allclose(own["slope"], own.slope, atol=3e-8)


def test_cusp_volume_is_the_area_of_the_torus(knots):
    area = knots["longitudinal_translation"] * knots["meridinal_translation_imag"]
    np.testing.assert_allclose(knots["cusp_volume"], area, rtol=knots.digits)


def test_injectivity_radius_is_that_of_geodesic_or_meridian(knots):
    meridian = np.hypot(knots["meridinal_translation_real"], knots["meridinal_translation_imag"])
    radius = np.minimum(knots["short_geodesic_real_part"] / 2, np.arcsinh(meridian / 2))
    np.testing.assert_allclose(knots["injectivity_radius"], radius, atol=knots.digits)


def test_ranges_of_the_invariants(knots):
    # The figure-eight knot has the smallest volume of all, twice that of the regular ideal tetrahedron.
    assert knots["volume"].min() == pytest.approx(2.029883213, abs=1e-7)
    assert np.abs(knots["chern_simons"]).max() <= 0.25
    assert np.abs(knots["short_geodesic_imag_part"]).max() <= np.pi + 1e-6
    assert knots["meridinal_translation_imag"].min() > 0
    assert knots["longitudinal_translation"].min() > 0


def test_genus_bounds(own):
    assert np.all(np.abs(own["signature"]) <= 2 * own["genus"])
    assert np.all(np.abs(own["tau"]) <= own["genus"])
    np.testing.assert_array_equal(own["hyperbolic_torsion_degree"], 4 * own["genus"] - 2)
    adjoint = 6 * own["genus"] - 3 - own["hyperbolic_adjoint_torsion_degree"]
    assert set(adjoint.tolist()) == {0, 2, 4}
    assert np.count_nonzero(adjoint) == 746
    alternating = own["alternating"] == 1
    np.testing.assert_array_equal(own["signature"][alternating], -2 * own["tau"][alternating])


def test_amphicheiral_knots_are_their_own_mirror_images(own):
    own_image = own["amphicheiral"] == 1
    assert own_image.sum() == 225
    for column in ("signature", "slope", "tau"):
        assert not own[column][own_image].any()


def test_every_knot_is_there_once(own):
    assert len(set(own["name"])) == own["name"].size == 33721
    counts = {number: int(np.sum(own["crossings"] == number)) for number in range(4, 15)}
    assert counts[4] == 1  # the figure-eight knot; the trefoil is no hyperbolic knot
    assert counts[13] == 5467
    assert counts[14] == 25284
