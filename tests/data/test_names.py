"""Names are kept as they are; formulas get a spelling of their own."""

from __future__ import annotations

import keyword

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Dataset, identifier, identifiers


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("x1", "x1"),
        ("_a", "_a"),
        ("semi-major axis (au)", "semi_major_axis_au"),
        ("λ", "lambda_"),
        ("Δt", "Deltat"),
        ("Λ", "Lambda"),
        ("α_s", "alpha_s"),
        ("v²", "v2"),
        ("Größe", "Gro_e"),
        ("2nd", "x_2nd"),
        ("%", "x"),
        ("class", "class_"),
        ("pi", "pi_"),
        ("E", "E_"),
    ],
)
def test_spelling(name, spelling):
    assert identifier(name) == spelling


@given(st.text(min_size=1))
def test_spelling_is_an_identifier(name):
    text = identifier(name)
    assert text.isidentifier()
    assert text.isascii()
    assert not keyword.iskeyword(text)
    assert identifier(text) == text


@given(st.lists(st.text(max_size=4), unique=True, max_size=8))
def test_spellings_never_meet(names):
    spellings = identifiers(names)
    assert list(spellings) == names
    assert len(set(spellings.values())) == len(names)


def test_real_names_win():
    assert identifiers(["a b", "a_b", "a-b"]) == {"a b": "a_b_2", "a_b": "a_b", "a-b": "a_b_3"}


def test_reserved_words_can_be_named():
    assert identifier("pi", reserved=()) == "pi"
    assert identifier("sin", reserved=("sin",)) == "sin_"


def test_dataset_keeps_names_that_are_no_identifiers():
    names = ("a b", "1", "λ [nm]", "x/y", 'say "hi"')
    X = np.random.default_rng(0).normal(size=(20, 5))
    data = Dataset.from_arrays(X, X[:, 0], names=names, target_name="out put")
    assert data.names == names
    assert Dataset.from_text(data.to_text()).names == names
