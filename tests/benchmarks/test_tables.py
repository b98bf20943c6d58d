"""The rows of the paper's tables, and what is made of their figures."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from scipy.special import jv

from benchmarks import tables
from benchmarks.scaling import slope
from benchmarks.tables import factor_of, paper_row, paper_table, sampled, shapes_for, written
from kanlab.data.generators import feynman, special
from kanlab.network import NetworkSpec

PI = np.pi


def test_all_rows_are_there() -> None:
    assert len({row.name for row in special.TABLE}) == 15
    assert len({row.name for row in feynman.TABLE}) == 27


@pytest.mark.parametrize("row", [*special.TABLE, *feynman.TABLE], ids=lambda row: row.name)
def test_rows_are_finite_on_their_domain(row: special.SpecialFunction) -> None:
    data = sampled(row.function, row.box)
    assert data.inputs.shape == (2000, len(row.box))
    assert np.isfinite(data.targets).all()
    assert np.abs(data.targets).max() < 30
    assert 0 < row.kan < 0.01
    assert 0 < row.mlp < 0.02


def test_harmonics_are_those_of_the_textbook() -> None:
    rows = {row.name: row.function for row in special.TABLE}
    azimuth, polar = np.random.default_rng(0).uniform(0, 3, (2, 50))
    known = {
        "m=0 n=1": np.sqrt(3 / (4 * PI)) * np.cos(polar),
        "m=1 n=1": -np.sqrt(3 / (8 * PI)) * np.sin(polar) * np.cos(azimuth),
        "m=0 n=2": np.sqrt(5 / (16 * PI)) * (3 * np.cos(polar) ** 2 - 1),
        "m=1 n=2": -np.sqrt(15 / (8 * PI)) * np.sin(polar) * np.cos(polar) * np.cos(azimuth),
        "m=2 n=2": np.sqrt(15 / (32 * PI)) * np.sin(polar) ** 2 * np.cos(2 * azimuth),
    }
    for name, values in known.items():
        np.testing.assert_allclose(rows[f"spherical harmonic {name}"](azimuth, polar), values, atol=1e-14)


def test_bessel_of_half_order_is_elementary() -> None:
    x = np.linspace(1, 10, 30)
    half = np.full_like(x, 0.5)
    found = next(row for row in special.TABLE if row.name == "Bessel 1st").function(half, x)
    np.testing.assert_allclose(found, np.sqrt(2 / (PI * x)) * np.sin(x), atol=1e-14)
    np.testing.assert_allclose(found, jv(half, x))


@pytest.mark.parametrize(
    ("name", "names", "formula"),
    [
        ("I.6.2b", "t t1 s", "exp(-(t-t1)**2/(2*s**2))/sqrt(2*pi*s**2)"),
        ("I.15.3x", "a b", "(1-a)/sqrt(1-b**2)"),
        ("I.29.16", "a t1 t2", "sqrt(1+a**2-2*a*cos(t1-t2))"),
        ("II.35.18", "n a", "n/(exp(a)+exp(-a))"),
        ("III.9.52", "a b c", "a*sin((b-c)/2)**2/((b-c)/2)**2"),
    ],
)
def test_equations_are_those_of_the_paper(name: str, names: str, formula: str) -> None:
    row = next(row for row in feynman.TABLE if row.name == name)
    symbols = sp.symbols(names)
    known = sp.lambdify(symbols, sp.parse_expr(formula, {str(s): s for s in symbols}), "numpy")
    generator = np.random.default_rng(0)
    columns = [generator.uniform(low, high, 20) for low, high in row.box]
    np.testing.assert_allclose(row.function(*columns), known(*columns), rtol=1e-10)


def test_a_power_law_has_its_exponent() -> None:
    grids = [5, 10, 20, 50]
    assert slope(grids, [3.0 * grid**-4.0 for grid in grids]) == pytest.approx(4.0)
    with pytest.raises(ValueError, match="two points"):
        slope([5], [1.0])


@pytest.mark.parametrize(("kan", "mlp"), [(1e-4, 1e-3), (1e-3, 1e-4)])
def test_the_paper_is_represented_by_its_lowest_column(kan: float, mlp: float) -> None:
    assert factor_of({"test_rmse": 1e-5, "paper_kan": kan, "paper_mlp": mlp}) == pytest.approx(10.0)


def test_domains_are_written_in_parts_of_pi() -> None:
    assert written(((0.0, 1.0), (0.4 * PI, 2 * PI))) == "[0, 1] × [0.4π, 2π]"
    assert written(((-0.9, 0.9), (0.0, PI))) == "[-0.9, 0.9] × [0, π]"


def test_shapes_are_networks() -> None:
    for shape in shapes_for(3):
        assert (NetworkSpec.of(shape).inputs, NetworkSpec.of(shape).outputs) == (3, 1)


def test_the_table_counts_the_rows_that_are_better() -> None:
    shared = {
        "domain": "d",
        "relative": 1e-3,
        "shape": "[2, 1]",
        "intervals": 5,
        "cpu_s": 1.0,
        "budget_s": 6.0,
    }
    rows = {
        "a": {**shared, "test_rmse": 1e-5, "paper_kan": 1e-4, "paper_mlp": 1e-3, "mlp": {"test": 1e-3}},
        "b": {**shared, "test_rmse": 4e-4, "paper_kan": 1e-4, "paper_mlp": 1e-3, "mlp": {"test": 1e-3}},
        "c": {**shared, "test_rmse": 4e-4, "paper_kan": 1e-3, "paper_mlp": 2e-4, "mlp": {"test": 1e-4}},
    }
    block, note = paper_table(rows)
    assert len(block.splitlines()) == 5
    assert "on 1 of 3 rows; the factor has a median of 0.5 and a least of 0.25" in note
    assert "MLP beside it on 2 rows (median factor 2.5)" in note


@pytest.mark.parametrize("budget", [None, 0.5])
def test_a_row_tells_its_budget_and_can_be_printed(
    budget: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BUDGET", 1.0)  # the bench's own, where none is asked for
    monkeypatch.setattr(tables, "SEEDS", (0,))
    row = special.TABLE[0]
    measured = paper_row(sampled(row.function, row.box), kan=row.kan, mlp=row.mlp, budget=budget)
    assert measured["budget_s"] == (budget or 1.0)
    assert f"at most {budget or 1:g} CPU s" in paper_table({row.name: {"domain": "here", **measured}})[1]
