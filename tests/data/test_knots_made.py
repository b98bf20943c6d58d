"""The table of knots is what its script computes, and what KnotInfo knows."""

from __future__ import annotations

import csv
import gzip
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.knots
PLACE = Path(__file__).resolve().parents[2] / "datasets" / "knots"
ROWS = 200


@pytest.fixture(scope="module")
def stored():
    with gzip.open(PLACE / "hyperbolic_knots.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def make():
    """The script as a module, with those that lie beside it."""
    if find_spec("snappy") is None:
        pytest.skip("needs kanlab[knots]")
    before, known = list(sys.path), set(sys.modules)
    sys.path.insert(0, str(PLACE))
    yield import_module("make")
    sys.path[:] = before
    for name in {"make", "invariants", "geodesic", "geometry", "torsion"} - known:
        sys.modules.pop(name, None)


@pytest.mark.slow
def test_rows_computed_again(make, stored):
    names = np.random.default_rng(0).choice(sorted(stored), ROWS, replace=False)
    wrong = [
        line for name in names for line in make.differences(make.invariants(str(name)), stored[str(name)])
    ]
    assert not wrong


def test_rows_of_small_knots(make, stored):
    for name in ("K4a1", "K5a1", "K8n1", "K12n242"):
        row = make.invariants(name)
        assert not make.differences(row, stored[name])
        changed = {**stored[name], "signature": str(row["signature"] + 2), "volume": "2.5"}
        assert [line.split()[1] for line in make.differences(row, changed)] == ["volume", "signature"]
    assert make.invariants("K3a1") is None  # the trefoil is a torus knot


def test_the_trefoil_has_the_signature_of_the_convention(make):
    # (2, 3) with positive crossings is the right-handed trefoil, whose signature is -2 where V + V^T is taken.
    trefoil = make.snappy.Link(braid_closure=[1, 1, 1])
    assert trefoil.writhe() == 3
    assert import_module("invariants").signature(trefoil) == -2


@pytest.mark.slow
def test_names_are_those_of_the_table(make, stored):
    names = make.names()
    assert len(names) == len(set(names)) == 59_937
    left_out = set(names[: len(stored) + 10]) - set(stored)
    torus = {"K3a1", "K5a2", "K7a7", "K8n3", "K9a41", "K10n21", "K11a367"}
    assert left_out == torus | {"K14n22180", "K14n6422", "K14a12459"}


def test_numbers_are_written_as_in_the_table(make):
    row = {"a": "-1e-16", "b": "1.23456789012", "c": "3", "d": "Z/2 + Z/2", "e": "-0.25", "f": "0"}
    known = {
        "a": "0.000000000",
        "b": "1.234567890",
        "c": "3",
        "d": "Z/2 + Z/2",
        "e": "-0.250000000",
        "f": "0",
    }
    assert make._written(row) == known


def test_knotinfo_agrees(stored):
    if find_spec("database_knotinfo") is None:
        pytest.skip("needs kanlab[knots]")
    known = {knot["name"]: knot for knot in import_module("database_knotinfo").link_list()[2:]}
    common = [(row, known[row["knotinfo_name"]]) for row in stored.values() if row["knotinfo_name"]]
    assert len(common) == 8437
    for row, knot in common:
        assert abs(float(row["volume"]) - float(knot["volume"])) < 1e-8
        assert abs(int(row["signature"])) == abs(int(knot["signature"]))
        assert row["genus"] == knot["three_genus"]
        assert (row["fibered"] == "1") == (knot["fibered"] == "Y")
        assert (row["alternating"] == "1") == (knot["alternating"] == "Y")
