"""Every kind of table gives the right answer or one sentence, through a dataset, a session and the estimators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import kanlab as kl
from kanlab.errors import DataError
from tests.sentences import refused

ROWS = 60
FLOATS = np.random.default_rng(0).uniform(-1, 1, (ROWS, 2))
WHOLE = np.random.default_rng(1).integers(-5, 6, (ROWS, 2))
TRUTH = np.random.default_rng(2).random((ROWS, 2)) > 0.5


def named(values: Any, dtype: Any = None) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=["a", "b"])
    return table if dtype is None else table.astype(dtype)


RIGHT: dict[str, tuple[Any, np.ndarray]] = {
    "float64": (FLOATS, FLOATS),
    "float32": (FLOATS.astype(np.float32), FLOATS.astype(np.float32)),
    "float16": (FLOATS.astype(np.float16), FLOATS.astype(np.float16)),
    "big-endian": (FLOATS.astype(">f8"), FLOATS),
    "Fortran order": (np.asfortranarray(FLOATS), FLOATS),
    "ints": (WHOLE, WHOLE),
    "unsigned bytes": ((WHOLE + 5).astype(np.uint8), WHOLE + 5),
    "bools": (TRUTH, TRUTH),
    "lists": (FLOATS.tolist(), FLOATS),
    "objects": (FLOATS.astype(object), FLOATS),
    "torch": (torch.from_numpy(FLOATS.astype(np.float32)), FLOATS.astype(np.float32)),
    "frame": (named(FLOATS), FLOATS),
    "frame of float32": (named(FLOATS, "float32"), FLOATS.astype(np.float32)),
    "frame of ints": (named(WHOLE), WHOLE),
    "frame of bools": (named(TRUTH), TRUTH),
    "nullable floats": (named(FLOATS, "Float64"), FLOATS),
    "nullable float32": (named(FLOATS, "Float32"), FLOATS.astype(np.float32)),
    "nullable ints": (named(WHOLE, "Int64"), WHOLE),
    "nullable bools": (named(TRUTH, "boolean"), TRUTH),
    "frame of objects": (named(FLOATS.astype(object)), FLOATS),
    "mixed": (
        pd.DataFrame({"a": FLOATS[:, 0], "b": TRUTH[:, 1]}),
        np.stack([FLOATS[:, 0], TRUTH[:, 1]], axis=1),
    ),
}


def holed(table: Any, value: Any, row: int = 7) -> Any:
    table = table.copy()
    table.loc[row, "b"] = value
    return table


WRONG: dict[str, tuple[pd.DataFrame, tuple[str, ...]]] = {
    "NaN": (holed(named(FLOATS), np.nan), ("'b'", "NaN", "row 7")),
    "two NaN": (holed(holed(named(FLOATS), np.nan), np.nan, 9), ("'b'", "NaN", "row 7", "and 1 ")),
    "infinite": (holed(named(FLOATS), np.inf), ("'b'", "inf", "row 7")),
    "nullable float": (holed(named(FLOATS, "Float64"), pd.NA), ("'b'", "NaN", "row 7")),
    "nullable int": (holed(named(WHOLE, "Int64"), pd.NA), ("'b'", "NaN", "row 7")),
    "nullable bool": (holed(named(TRUTH, "boolean"), pd.NA), ("'b'", "NaN", "row 7")),
    "None": (holed(named(FLOATS.astype(object)), None), ("'b'", "NaN", "row 7")),
    "categorical": (named(WHOLE).astype({"b": "category"}), ("'b'", "categorical", "one-hot")),
    "text categories": (
        named(FLOATS).assign(b=pd.Categorical(np.where(TRUTH[:, 0], "red", "blue"))),
        ("'b'", "categorical", "one-hot"),
    ),
    "text": (named(FLOATS).assign(b="red"), ("'b'", "'red'", "row 0")),
    "dates": (named(FLOATS).assign(b=pd.Timestamp("2020-01-01")), ("'b'", "dates")),
    "durations": (named(FLOATS).assign(b=pd.Timedelta("1h")), ("'b'", "durations")),
    "complex": (named(FLOATS).assign(b=FLOATS[:, 1] + 1j), ("'b'", "complex")),
}

TARGET = FLOATS @ np.array([1.0, 0.5])


def by_dataset(table: Any) -> np.ndarray:
    return kl.Dataset.from_arrays(table, TARGET).inputs


def by_frame(table: Any) -> np.ndarray:
    return kl.Dataset.from_frame(table.assign(y=TARGET), target="y").inputs


def by_session(table: Any) -> np.ndarray:
    data = kl.Dataset.from_arrays(table, TARGET)
    session = kl.Session(data, shape=[2, 1], seed=0, intervals=2).fit(steps=1, sparsity=0)
    assert np.array_equal(
        session.predict(np.asarray(data.inputs)), session.network.predict(data.inputs)[:, 0]
    )
    return session.data.inputs


def by_regressor(table: Any) -> np.ndarray:
    fitted = kl.KANRegressor(hidden=[], intervals=2, steps=2).fit(table, TARGET)
    same = kl.KANRegressor(hidden=[], intervals=2, steps=2).fit(plain(table), TARGET)
    assert np.array_equal(fitted.predict(table), same.predict(plain(table)))
    return plain(table)


def by_classifier(table: Any) -> np.ndarray:
    fitted = kl.KANClassifier(hidden=[], intervals=2, steps=2).fit(table, TARGET > 0)
    same = kl.KANClassifier(hidden=[], intervals=2, steps=2).fit(plain(table), TARGET > 0)
    assert np.array_equal(fitted.predict_proba(table), same.predict_proba(plain(table)))
    return plain(table)


def plain(table: Any) -> np.ndarray:
    return np.asarray(kl.Dataset.from_arrays(table, TARGET).inputs)


WAYS: tuple[Callable[[Any], np.ndarray], ...] = (by_dataset, by_session, by_regressor, by_classifier)


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", RIGHT)
def test_what_can_be_numbers_is_read_right(kind: str, way: Callable[[Any], np.ndarray]) -> None:
    table, wanted = RIGHT[kind]
    given = way(table)
    assert given.dtype == np.float64
    assert np.array_equal(given, np.asarray(wanted, dtype=np.float64))


@pytest.mark.parametrize("way", [*WAYS, by_frame])
@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_is_one_sentence(kind: str, way: Callable[[Any], np.ndarray]) -> None:
    table, words = WRONG[kind]
    refused(lambda: way(table), *words, kind=DataError)


@pytest.mark.parametrize("kind", [name for name in WRONG if "categor" not in name])
def test_predictions_refuse_what_fits_refuse(kind: str) -> None:
    table, words = WRONG[kind]
    for estimator, y in ((kl.KANRegressor, TARGET), (kl.KANClassifier, TARGET > 0)):
        fitted = estimator(hidden=[], intervals=2, steps=1).fit(named(FLOATS), y)
        refused(lambda fitted=fitted: fitted.predict(table), *words, kind=DataError)


def test_missing_values_of_an_array_name_their_place() -> None:
    holes = FLOATS.copy()
    holes[3, 1] = np.nan
    for fit in (kl.KANRegressor(steps=1).fit, kl.KANClassifier(steps=1).fit):
        refused(lambda fit=fit: fit(holes, TARGET > 0), "'x2'", "row 3", kind=DataError)
    target = TARGET.copy()
    target[[4, 5]] = np.nan
    refused(lambda: kl.KANRegressor().fit(FLOATS, target), "'y'", "row 4", "1 such", kind=DataError)
    refused(lambda: kl.Dataset.from_arrays(FLOATS, target), "'y'", "row 4", kind=DataError)


def test_missing_values_may_be_left_out_of_a_dataset() -> None:
    table = holed(named(FLOATS, "Float64"), pd.NA)
    data = kl.Dataset.from_arrays(table, TARGET, missing="drop")
    assert data.rows == ROWS - 1
    assert np.array_equal(data.inputs, np.delete(FLOATS, 7, axis=0))
