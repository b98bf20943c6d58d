"""Random law trees, and laws built by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from kanlab.forms import get
from kanlab.symbolic.simplify import add, affine, apply, constant, variable
from kanlab.symbolic.tree import ONE, Apply, Factor, Power, Product, Sum, Term, Variable

INPUTS = np.random.default_rng(5).uniform(-1.5, 1.5, (25, 2))
TAME = ("sin", "cos", "tanh", "arctan", "gaussian", "sigmoid", "x^2", "exp")
NUMBERS = st.floats(-2, 2).filter(lambda value: abs(value) > 1e-3)


def _sums(terms: st.SearchStrategy[Term], *, most: int = 3) -> st.SearchStrategy[Sum]:
    pairs = st.lists(st.tuples(st.one_of(NUMBERS, st.just(ONE)), terms), min_size=1, max_size=most)
    return st.builds(lambda shift, rows: Sum(shift, tuple(rows)), NUMBERS, pairs)


def _grow(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    inner = _sums(terms, most=2)
    applied = st.builds(lambda name, argument: Apply(get(name), argument), st.sampled_from(TAME[:6]), inner)
    # 3 + c sin(...) is positive
    power = st.builds(
        lambda share, argument, exponent: Power(Sum(3.0, ((share, Apply(get("sin"), argument)),)), exponent),
        st.floats(-1, 1),
        inner,
        NUMBERS,
    )
    factors: st.SearchStrategy[Factor] = st.one_of(
        st.builds(Variable, st.integers(0, 1)), applied, power, inner
    )
    product = st.builds(lambda parts: Product(tuple(parts)), st.lists(factors, min_size=2, max_size=3))
    return st.one_of(applied, power, product)


LEAVES: st.SearchStrategy[Term] = st.one_of(
    st.builds(Variable, st.integers(0, 1)),
    st.builds(
        lambda name, a, b, index: Apply(get(name), Sum(b, ((a, Variable(index)),))),
        st.sampled_from(TAME),
        NUMBERS,
        NUMBERS,
        st.integers(0, 1),
    ),
)
TREES: st.SearchStrategy[Sum] = _sums(st.recursive(LEAVES, _grow, max_leaves=5))


def decay(scale: float, rate: float, offset: float) -> Sum:
    """scale * exp(rate * x) + offset."""
    return add([affine(scale, apply(get("exp"), affine(rate, variable(0), 0.0)), 0.0), constant(offset)])
