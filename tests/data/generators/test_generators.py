"""Computed tables by name: every one, its options, its seeds, and the sentences of those that are refused."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import numpy as np
import pytest

from kanlab.data import Dataset, available, columns, load
from kanlab.data.generators import GENERATORS
from kanlab.errors import DataError

INFOS = {info.name: info for info in available() if info.name in GENERATORS}
ROWS = 200
SMALL = {name: {"rows": ROWS} for name in GENERATORS}
SMALL |= {
    name: {"rows": ROWS, "states": 20, "sites": 40} for name in GENERATORS if name.startswith("anderson")
}


def test_names():
    assert {"anderson-mm2", "anderson-mm3", "anderson-gaam", "anderson-maam"} <= set(GENERATORS)
    assert sum(name.startswith("feynman-") for name in GENERATORS) == 27
    assert sum(name.startswith("special-") for name in GENERATORS) == 15
    toys = ["product", "quotient", "digits", "bessel", "transition", "distance", "unsupervised", "exp-sin"]
    assert {f"toy-{name}" for name in toys} <= set(GENERATORS)
    assert set(INFOS) == set(GENERATORS)


@pytest.mark.parametrize("name", GENERATORS)
def test_every_table(name, monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    info, options = INFOS[name], SMALL[name]
    data = load(name, **options)
    assert (data.rows, data.names, ", ".join(data.target_names)) == (ROWS, info.inputs, info.target)
    assert data.title == info.title
    assert info.source
    assert info.licence == "CC0-1.0"
    assert "rows" in info.options
    assert data.split.held_out
    assert data.same_as(load(name, **options))
    assert not data.same_as(load(name, seed=1, **options))
    again = eval(data.source.code(), {"kl": SimpleNamespace(Dataset=Dataset, load=load)})
    assert again.same_as(data)
    table = columns(name, **options)
    np.testing.assert_array_equal(np.column_stack([table[column] for column in data.names]), data.inputs)


def test_rows_by_default():
    assert load("toy-product").rows == INFOS["toy-product"].rows == 1000


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("toy-product", {"row": 5}, r"has no option 'row'; its options are rows\. Did you mean 'rows'\?"),
        ("toy-product", {"rows": 0}, r"rows=0 is not what 'toy-product' takes; give a whole number from 1"),
        ("toy-product", {"rows": 10**12}, r"a whole number from 1 to 10000000"),
        ("toy-product", {"rows": True}, r"rows=True is not what"),
        ("toy-product", {"split": "draw"}, r"'toy-product' has no split 'draw'; its splits are random"),
        ("toy-product", {"inputs": ["x3"]}, r"no column 'x3'; its columns are 'x1', 'x2', 'y'"),
        ("special-jv", {"domain": "wider"}, r"domain='wider' is not what .+ give 'unit' or 'wide'"),
        ("anderson-gaam", {"alpha": (0.5, 1.5)}, r"give a pair \(low, high\) from -0.99 to 0.99"),
        ("anderson-gaam", {"lam": (1.0, 0.5)}, r"give a pair \(low, high\)"),
        ("anderson-gaam", {"p": (1.0, 2.0)}, r"has no option 'p'"),
        ("anderson-mm2", {"threshold": float("nan")}, r"give a number from 0 to 1"),
        ("anderson-mm2", {"boundary": "closed"}, r"give 'open' or 'periodic'"),
        ("anderson-mm2", {"rows": 20, "sites": 10}, r"needs at least 3 groups, and there are 2"),
        ("anderson", {}, r"no dataset 'anderson'.+Did you mean 'anderson-"),
        ("feynman-I.6.3", {}, r"no dataset.+Did you mean 'feynman-I.6.2"),
    ],
)
def test_refused(name, options, message):
    with pytest.raises(DataError, match=message):
        load(name, **options)


def test_a_folder_of_ones_own_has_no_computed_tables(tmp_path):
    with pytest.raises(DataError, match="no dataset 'toy-product'"):
        load("toy-product", folder=tmp_path)
    assert available(folder=tmp_path) == ()
