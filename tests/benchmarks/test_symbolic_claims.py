"""Every law that is kept of kanlab's search has the error that it claims, whoever reads its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from benchmarks.results import read
from benchmarks.rivals.discover import dataset_of
from benchmarks.symbolic import ROWS, Trial
from benchmarks.symbolic_laws import LISTS
from benchmarks.symbolic_numeric import values_of
from benchmarks.symbolic_score import symbols_of
from kanlab.data import Dataset, identifiers
from tests.readers import READERS, by_grammar, check_claim

KEPT: Mapping[str, dict[str, Any]] = {
    key: row for key, row in read("symbolic")["rows"].items() if row["tool"] == "kanlab"
}


def trial_of(row: Mapping[str, Any]) -> Trial:
    """The search that a row was made by."""
    (law,) = (law for law in LISTS[row["laws"]] if law.name == row["equation"])
    return Trial(row["laws"], law, row["noise"], row["seed"], row["budget_s"], row["tool"])


def check_row(row: Mapping[str, Any], data: Dataset) -> None:
    """The law chosen by both readers, and all that are offered by the grammar, on the rows that the search held out."""
    offered = row.get("front_claims")
    if not offered or (row["law"] and row.get("claim") is None):
        raise AssertionError(
            "The row states no error that its law claims; measure it again with `make bench "
            f'BENCH="symbolic --laws {row["laws"]} --budget {row["budget_s"]:g} --tools kanlab --again"`.'
        )
    names, test = tuple(identifiers(data.names).values()), data.part("test")
    target = test.targets[:, 0]
    if row["law"]:
        check_claim(row["law"], names, test.inputs, target, row["claim"])
    for text, claim in zip(row["front"], offered, strict=True):
        check_claim(text, names, test.inputs, target, claim, readers=(by_grammar,))


@pytest.mark.parametrize("row", KEPT.values(), ids=list(KEPT))
def test_a_kept_law_has_the_error_that_it_claims(row: Mapping[str, Any]) -> None:
    check_row(row, dataset_of(trial_of(row).task))


@pytest.mark.parametrize("row", [row for row in KEPT.values() if row["law"]], ids=lambda row: row["equation"])
def test_a_kept_law_has_the_error_of_the_table(row: Mapping[str, Any]) -> None:
    # fresh rows without noise, where a text without a value has no error
    law = trial_of(row).equation
    rows = law.rows(ROWS, seed=3000 + row["seed"])
    truth = values_of(law.expression, symbols_of(law), rows)
    for reader in READERS:
        values = reader(row["law"], tuple(identifiers(law.columns).values()), rows)
        error = float(np.sqrt(np.mean((values - truth) ** 2)) / np.std(truth))
        told = row["test_nrmse"]
        assert not np.isfinite(error) if told is None else error == pytest.approx(told, rel=1e-6, abs=1e-12)


def test_a_row_without_a_claim_or_with_another_fails() -> None:
    data = Dataset.from_arrays(np.linspace(0, 1, 40)[:, None], np.linspace(0, 2, 40))
    row = {"laws": "feynman", "budget_s": 60.0, "law": "2*x1", "front": ["2*x1", "1"]}
    with pytest.raises(AssertionError, match="states no error"):
        check_row(row, data)
    target = data.part("test").targets[:, 0]
    honest = float(np.sqrt(np.mean((target - 1) ** 2)))
    check_row({**row, "claim": 0.0, "front_claims": [0.0, honest]}, data)
    for claim, offered in ((1e-3, [0.0, honest]), (0.0, [0.0, 1.001 * honest])):
        with pytest.raises(AssertionError):
            check_row({**row, "claim": claim, "front_claims": offered}, data)
