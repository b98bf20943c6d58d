"""Tables of known formulas: their text, their function and, where there is one, SciPy say the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special as scipy_special

from kanlab.data import columns, load
from kanlab.data.generators.feynman import TABLE as FEYNMAN
from kanlab.data.generators.special import TABLE as SPECIAL
from kanlab.data.generators.toys import TOYS, contrast, digits, related
from kanlab.forms import grammar

CALLS = {
    "ellipj": lambda x, y: scipy_special.ellipj(x, y)[0],
    "ellipkinc": scipy_special.ellipkinc,
    "ellipeinc": scipy_special.ellipeinc,
    "jv": scipy_special.jv,
    "yv": scipy_special.yv,
    "kv": scipy_special.kv,
    "iv": scipy_special.iv,
    **{f"lpmv-{m}": lambda x, y, m=m: scipy_special.lpmv(m, x, y) for m in range(3)},
    **{
        f"sph-harm-{m}-{n}": lambda x, y, m=m, n=n: np.real(scipy_special.sph_harm_y(n, m, y, x))
        for m, n in ((0, 1), (1, 1), (0, 2), (1, 2), (2, 2))
    },
}


def by_text(text, names, table):
    return grammar.evaluate(grammar.parse(text, variables=names), {name: table[name] for name in names})


@pytest.mark.parametrize("row", FEYNMAN, ids=lambda row: row.name)
def test_feynman(row):
    table = columns(f"feynman-{row.name}", rows=500)
    np.testing.assert_allclose(table["y"], by_text(row.text, row.columns, table), rtol=1e-9, atol=1e-12)
    for name, (low, high) in zip(row.columns, row.box, strict=True):
        assert low <= table[name].min() < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < table[name].max() <= high


@pytest.mark.parametrize("row", SPECIAL, ids=lambda row: row.key)
@pytest.mark.parametrize("domain", ["unit", "wide"])
def test_special(row, domain):
    table = columns(f"special-{row.key}", rows=500, domain=domain)
    np.testing.assert_allclose(table["z"], CALLS[row.key](table["x"], table["y"]), rtol=1e-12)
    for name, (low, high) in zip("xy", row.box if domain == "unit" else row.wide, strict=True):
        assert low <= table[name].min() < table[name].max() <= high
        assert np.ptp(table[name]) > 0.9 * (high - low)


@pytest.mark.parametrize("name", TOYS)
def test_toys(name):
    table = columns(f"toy-{name}", rows=300)
    np.testing.assert_allclose(table["y"], by_text(TOYS[name].law, TOYS[name].names, table), rtol=1e-11)
    assert load(f"toy-{name}", rows=300).same_as(TOYS[name].dataset(300))


def test_digits():
    data = load("toy-digits", rows=500)
    assert data.classes == tuple("0123456789")
    np.testing.assert_array_equal(data.targets[:, 0], np.floor(10 * data.inputs[:, 0]))
    assert data.same_as(digits(500))


def test_unsupervised():
    data = load("toy-unsupervised", rows=600)
    assert data.same_as(contrast(related(300)))
    real, mixed = (data.inputs[data.targets[:, 0] == value] for value in (1, 0))
    for table, holds in ((real, True), (mixed, False)):
        third = np.exp(np.sin(np.pi * table[:, 0]) + table[:, 1] ** 2)
        assert np.allclose(table[:, 2], third) is holds
        assert np.allclose(table[:, 4], table[:, 3] ** 3) is holds
    np.testing.assert_array_equal(np.sort(real, axis=0), np.sort(mixed, axis=0))
    assert load("toy-unsupervised", rows=601).rows == 601
