"""Tables of localized states: theory agrees, chains stay together, rows do not depend on how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.data import columns, load
from kanlab.data.generators.anderson import GENERATORS
from kanlab.data.generators.chains import MODELS, eigenstates

SMALL = {"rows": 2000, "sites": 144}
LEAST = {"mm2": 0.95, "mm3": 0.89, "gaam": 0.95, "maam": 0.95}
"""Share of states on the side of the edge that the known formula says; at 144 sites 0.97, 0.92, 0.98 and 0.97."""


def agreement(name, table):
    return np.mean((MODELS[name].localized(table) > 0) == (table["localized"] == 1))


@pytest.mark.parametrize("name", MODELS)
def test_theory_and_states_agree(name):
    for seed in (0, 1):
        table = columns(f"anderson-{name}", seed=seed, **SMALL)
        assert agreement(name, table) >= LEAST[name]
        assert 0.35 < table["localized"].mean() < 0.65


@pytest.mark.parametrize("name", ["gaam", "maam"])
def test_the_sign_of_the_energy_matters(name):
    table = columns(f"anderson-{name}", **SMALL)
    assert agreement(name, {**table, "energy": -table["energy"]}) < 0.75


def test_longer_chains_agree_better():
    found = [agreement("mm3", columns("anderson-mm3", rows=1000, sites=sites)) for sites in (55, 377)]
    assert found[1] > found[0] + 0.03


def test_states_near_the_threshold_can_be_left_out():
    table = columns("anderson-gaam", margin=0.2, **SMALL)
    assert table["localized"].size == SMALL["rows"]
    assert np.abs(table["fractal_dimension"] - 0.5).min() >= 0.2
    assert agreement("gaam", table) >= 0.98


@pytest.mark.parametrize("name", MODELS)
def test_chains_stay_together(name):
    table = columns(f"anderson-{name}", **SMALL)
    split = load(f"anderson-{name}", **SMALL).split
    parts = [set(table["draw"][rows].tolist()) for rows in split.parts().values()]
    assert [len(part) for part in parts] == [26, 6, 8]
    assert len(set.union(*parts)) == 40
    assert len(set(table["phi"])) == 40
    mixed = load(f"anderson-{name}", split="random", **SMALL).split
    assert set(table["draw"][mixed.train]) & set(table["draw"][mixed.test])


def test_rows_are_states_of_their_chain():
    table = columns("anderson-gaam", rows=60, states=20, sites=55)
    for draw in range(3):
        rows = table["draw"] == draw
        parameters = {name: float(table[name][rows][0]) for name in ("alpha", "lam", "phi")}
        states = eigenstates("gaam", parameters, sites=55)
        place = np.searchsorted(states.energy, table["energy"][rows] - 1e-12)
        np.testing.assert_allclose(states.dimension[place], table["fractal_dimension"][rows], atol=1e-12)
        assert len(set(place)) == 20
    np.testing.assert_array_equal(table["localized"], table["fractal_dimension"] < 0.5)
    np.testing.assert_allclose(table["ipr"], 55 ** -table["fractal_dimension"])


def test_sites_can_count_in_boxes():
    table = columns("anderson-mm2", rows=60, states=20, sites=144, boundary="periodic", box=12)
    parameters = {name: float(table[name][0]) for name in ("lam", "phi")}
    states = eigenstates("mm2", parameters, sites=144, boundary="periodic")
    rows = table["draw"] == 0
    place = np.searchsorted(states.energy, table["energy"][rows] - 1e-12)
    np.testing.assert_allclose(
        states.dimension_of_boxes(12)[place], table["fractal_dimension"][rows], atol=1e-12
    )
    np.testing.assert_array_equal(table["localized"], table["fractal_dimension"] < 0.5)


def test_a_longer_table_begins_with_the_shorter_one():
    short, long = (columns("anderson-mm2", rows=rows, sites=55) for rows in (130, 300))
    for name, values in short.items():
        np.testing.assert_array_equal(values, long[name][:130])


def test_parameters_stay_in_their_ranges():
    for generator in GENERATORS:
        table = columns(generator.record.name, rows=3000, states=10, sites=20)
        for name, (low, high) in MODELS[generator.record.name.partition("-")[2]].ranges.items():
            assert low <= table[name].min() < low + 0.1 * (high - low)
            assert high - 0.1 * (high - low) < table[name].max() <= high
        assert 0 <= table["phi"].min() < 0.3
        assert 6 < table["phi"].max() < 2 * np.pi
    table = columns("anderson-gaam", rows=500, sites=20, alpha=(0.3, 0.3))
    np.testing.assert_array_equal(table["alpha"], 0.3)


def test_classes_and_the_dimension_as_a_number():
    data = load("anderson-maam", **SMALL)
    assert (data.task, data.classes) == ("classification", ("0", "1"))
    data = load("anderson-maam", target="fractal_dimension", **SMALL)
    assert (data.task, data.target_names) == ("regression", ("fractal_dimension",))
    assert data.names == ("energy", "lam", "p", "phi")
