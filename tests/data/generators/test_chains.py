"""Electrons on a chain against closed forms: free particles, waves on a ring, one site, known mobility edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import eval_chebyu

from kanlab.data.generators.chains import GOLDEN, MODELS, States, eigenstates, hamiltonian, participation
from kanlab.errors import DataError

PARAMETERS = {
    "mm2": {"lam": 1.5, "phi": 0.3},
    "mm3": {"lam": 1.5, "phi": 0.3},
    "gaam": {"alpha": 0.4, "lam": 0.9, "phi": 0.3},
    "maam": {"lam": 1.5, "p": 1.4, "phi": 0.3},
}


def test_a_free_chain_has_the_energies_of_a_string():
    sites = 89
    found = eigenstates("mm2", {"lam": 0.0, "phi": 0.0}, sites=sites)
    number = np.arange(sites, 0, -1)
    np.testing.assert_allclose(found.energy, 2 * np.cos(np.pi * number / (sites + 1)), atol=1e-13)
    # u_n ~ sin(pi k n / (N + 1)), for which IPR = 3 / (2 (N + 1)) where 4 k is no multiple of 2 (N + 1)
    np.testing.assert_allclose(found.ipr[number != (sites + 1) // 2], 1.5 / (sites + 1), rtol=1e-10)


def test_a_free_ring_has_the_energies_of_plane_waves():
    sites = 55
    found = eigenstates("mm2", {"lam": 0.0, "phi": 0.0}, sites=sites, boundary="periodic")
    np.testing.assert_allclose(
        found.energy, np.sort(2 * np.cos(2 * np.pi * np.arange(sites) / sites)), atol=1e-13
    )


def test_long_hops_on_a_ring_have_the_energies_of_a_geometric_series():
    # sum over d != 0 of exp(p - p |d|) cos(k d), with k = 2 pi j / N, for a ring much longer than 1 / p
    p, sites = 1.0, 201
    found = eigenstates("maam", {"lam": 0.0, "p": p, "phi": 0.0}, sites=sites, boundary="periodic")
    k = 2 * np.pi * np.arange(sites) / sites
    wave = np.exp(-p + 1j * k)
    np.testing.assert_allclose(found.energy, np.sort(2 * np.exp(p) * np.real(wave / (1 - wave))), atol=1e-10)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("boundary", ["open", "periodic"])
def test_states_solve_the_equation(name, boundary):
    found = eigenstates(name, PARAMETERS[name], sites=60, boundary=boundary)
    matrix = hamiltonian(name, PARAMETERS[name], sites=60, boundary=boundary)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_allclose(matrix @ found.wave, found.wave * found.energy, atol=1e-12)
    np.testing.assert_allclose(found.wave.T @ found.wave, np.eye(60), atol=1e-12)
    assert np.all(np.diff(found.energy) >= 0)


def test_potentials_are_those_of_the_paper():
    cosine = np.cos(2 * np.pi * GOLDEN * np.arange(1, 7) + 0.3)
    diagonals = {name: np.diag(hamiltonian(name, PARAMETERS[name], sites=6)) for name in MODELS}
    np.testing.assert_allclose(diagonals["mm2"], 1.5 * cosine * [0, 1, 0, 1, 0, 1], atol=1e-15)
    np.testing.assert_allclose(diagonals["mm3"], 1.5 * cosine * [0, 0, 1, 0, 0, 1], atol=1e-15)
    np.testing.assert_allclose(diagonals["gaam"], 1.8 * cosine / (1 - 0.4 * cosine), atol=1e-15)
    np.testing.assert_allclose(diagonals["maam"], 1.5 * cosine, atol=1e-15)
    assert hamiltonian("maam", PARAMETERS["maam"], sites=6)[0, 3] == pytest.approx(np.exp(1.4 - 3 * 1.4))


def test_participation():
    sites = 64
    delta, uniform = np.eye(sites)[:, 7], np.full(sites, 0.3)
    np.testing.assert_allclose(participation(np.column_stack([delta, uniform])), [1.0, 1.0 / sites])


def test_participation_of_boxes():
    # boxes of 2, 2 and 1 sites, with weights 1/2, 1/4, 1/4 of the whole
    wave = np.sqrt([[0.5], [0.0], [0.1], [0.15], [0.25]]) * 3
    np.testing.assert_allclose(participation(wave, box=2), 1 / 4 + 1 / 16 + 1 / 16)
    states = eigenstates("gaam", PARAMETERS["gaam"], sites=55)
    np.testing.assert_array_equal(states.dimension_of_boxes(1), states.dimension)


def test_in_boxes_a_state_on_every_second_site_reaches_as_far_as_any():
    # of a free ring, E = 0 has states on every second site only; a wave of height 1 there has D = 1 in boxes of 2
    sites = 64
    comb = np.tile([1.0, 0.0], sites // 2)[:, None]
    held = States(np.zeros(1), comb)
    assert held.dimension[0] == pytest.approx(1 - np.log(2) / np.log(sites))
    assert held.dimension_of_boxes(2)[0] == pytest.approx(1.0)
    assert held.dimension_of_boxes(8)[0] == pytest.approx(1.0)
    with pytest.raises(DataError, match="box=33 leaves less than two boxes on 64 sites; give at most 32"):
        held.dimension_of_boxes(33)


def test_boxes_on_a_ring_put_the_mosaic_edge_where_theory_has_it():
    # nearer than 10 % of lam, single sites on an open chain are wrong more often
    wrong = {}
    for boundary, box in (("periodic", 25), ("open", 1)):
        missed = []
        for seed in range(4):
            lam = float(np.random.default_rng(seed).uniform(1.0, 2.1))
            states = eigenstates("mm2", {"lam": lam, "phi": 0.4}, sites=610, boundary=boundary)
            side = np.log(lam * np.abs(states.energy) / 2)
            near = np.abs(side) < 0.1
            missed.append((states.dimension_of_boxes(box)[near] < 0.5) != (side[near] > 0))
        wrong[boundary] = np.concatenate(missed).mean()
    assert wrong["periodic"] < 0.6 * wrong["open"], wrong


def test_a_strong_potential_localizes_and_a_weak_one_does_not():
    strong = eigenstates("gaam", {"alpha": 0.0, "lam": 20.0, "phi": 0.1}, sites=233)
    weak = eigenstates("gaam", {"alpha": 0.0, "lam": 0.1, "phi": 0.1}, sites=233)
    assert strong.dimension.max() < 0.15
    # An open chain has a few states at its ends as well, whatever the potential.
    assert np.mean(weak.dimension > 0.85) > 0.95


def test_edges_are_the_published_formulas():
    energy, lam, alpha, p = np.random.default_rng(0).uniform(0.5, 2.0, (4, 50))
    columns = {"energy": energy - 1.0, "lam": lam, "alpha": alpha, "p": p}
    for period in (2, 3):
        known = lam * np.abs(eval_chebyu(period - 1, columns["energy"] / 2)) / 2 - 1
        np.testing.assert_allclose(MODELS[f"mm{period}"].localized(columns), known, atol=1e-14)
    np.testing.assert_allclose(
        MODELS["gaam"].localized(columns), alpha * columns["energy"] + 2 * (lam - 1), atol=1e-14
    )
    known = lam * np.cosh(p) - columns["energy"] - np.exp(p)
    np.testing.assert_allclose(MODELS["maam"].localized(columns), known, atol=1e-14)


def test_refused():
    with pytest.raises(
        DataError, match=r"no chain 'gam'; there are mm2, mm3, gaam, maam\. Did you mean 'gaam'"
    ):
        eigenstates("gam", {})
    with pytest.raises(DataError, match="are alpha, lam, phi, and lam came"):
        eigenstates("gaam", {"lam": 1.0})
    with pytest.raises(DataError, match="boundary='closed'"):
        eigenstates("mm2", PARAMETERS["mm2"], boundary="closed")
