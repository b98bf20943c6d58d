"""The estimators are scikit-learn's: its own checks, pipelines, searches, weights, labels of any kind."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import kanlab as kl
from kanlab import KANClassifier, KANRegressor
from kanlab.errors import KanlabError, ShapeError
from tests.sentences import refused

ROWS = 300


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.uniform(-1, 1, (ROWS, 2)), columns=["height", "age"])
    table["y"] = np.exp(np.sin(np.pi * table["height"]) + table["age"] ** 2)
    return table


def scikit_learn_s_checks() -> list[Any]:
    """All of its checks but the one of array types that SciPy has to be told of before it is imported."""
    pairs = [
        pair
        for estimator in (KANRegressor(steps=5), KANClassifier(steps=5))
        for pair in estimator_checks_generator(estimator)
    ]
    named = [
        (f"{type(estimator).__name__}-{check.func.__name__}", estimator, check) for estimator, check in pairs
    ]
    return [pytest.param(*pair, id=name) for name, *pair in named if "array_api" not in name]


@pytest.mark.parametrize(("estimator", "check"), scikit_learn_s_checks())
def test_scikit_learn_s_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def test_a_regression_is_as_good_as_a_session_s(frame: pd.DataFrame) -> None:
    regressor = KANRegressor().fit(frame[["height", "age"]], frame["y"])
    assert regressor.score(frame[["height", "age"]], frame["y"]) > 0.99999
    assert list(regressor.feature_names_in_) == ["height", "age"]
    assert regressor.target_names_ == ("y",)
    assert isinstance(regressor.network_, kl.KAN)
    with pytest.raises(ValueError, match="feature names"):
        regressor.predict(frame[["age", "height"]])


def test_the_domain_is_the_range_of_the_rows(frame: pd.DataFrame) -> None:
    X = frame[["height", "age"]]
    regressor = KANRegressor(steps=3).fit(X, frame["y"])
    values, inside = regressor.predict(X, return_in_domain=True)
    assert inside.all()
    assert np.array_equal(values, regressor.predict(X))
    far = pd.DataFrame({"height": [0.0, 5.0], "age": [0.0, 0.0]})
    assert regressor.predict(far, return_in_domain=True)[1].tolist() == [True, False]
    assert regressor.in_domain(far).tolist() == [True, False]


def test_a_law_may_be_asked_for(frame: pd.DataFrame) -> None:
    generator = np.random.default_rng(1)
    X = pd.DataFrame(generator.uniform(1, 3, (60, 1)), columns=["t"])
    regressor = KANRegressor(law_seconds=30).fit(X, X["t"] ** 2)  # a series that is called t too
    assert str(regressor.law_) == "y = t**2"
    assert np.allclose(regressor.predict(X), X["t"] ** 2, rtol=1e-12)
    again = pickle.loads(pickle.dumps(regressor))
    assert str(again.law_) == str(regressor.law_)
    assert np.array_equal(again.predict(X), regressor.predict(X))
    assert KANRegressor(steps=2).fit(frame[["age"]], frame["y"]).law_ is None


def test_several_targets(frame: pd.DataFrame) -> None:
    X, y = frame[["height", "age"]], frame[["height", "y"]].rename(columns={"height": "copy"})
    regressor = KANRegressor(hidden=[6]).fit(X, y)
    assert regressor.predict(X).shape == (ROWS, 2)
    assert regressor.target_names_ == ("copy", "y")
    assert regressor.score(X, y) > 0.9999


def test_layers_may_differ(frame: pd.DataFrame) -> None:
    regressor = KANRegressor(hidden=[3], order=[3, 2], intervals=[4, 6], base=["tanh", "zero"], steps=5)
    spec = regressor.fit(frame[["height", "age"]], frame["y"]).network_.spec
    assert (spec.order, spec.intervals, spec.base) == ((3, 2), (4, 6), ("tanh", "zero"))


def test_a_weight_is_a_repetition_and_the_order_of_rows_means_nothing(frame: pd.DataFrame) -> None:
    X, y = frame[["height", "age"]].to_numpy()[:60], frame["y"].to_numpy()[:60]
    weights = np.random.default_rng(2).integers(0, 4, 60)
    order = np.random.default_rng(3).permutation(weights.sum())
    for estimator, target in ((KANRegressor(steps=8), y), (KANClassifier(steps=8), y > 1)):
        weighted = clone(estimator).fit(X, target, sample_weight=weights)
        repeated = clone(estimator).fit(
            np.repeat(X, weights, axis=0)[order], np.repeat(target, weights)[order]
        )
        assert np.array_equal(weighted.network_.predict(X), repeated.network_.predict(X))


def test_weights_move_the_fit() -> None:
    x = np.linspace(-1, 1, 200)[:, None]
    x = np.concatenate([x, x])
    y = np.concatenate([np.zeros(200), np.ones(200)])
    heavy = np.where(y == 1, 3.0, 1.0)
    regressor = KANRegressor(hidden=[]).fit(x, y, sample_weight=heavy)
    assert np.allclose(regressor.predict(x), 0.75, atol=1e-3)
    classifier = KANClassifier(hidden=[]).fit(x, y, sample_weight=heavy)
    assert np.allclose(classifier.predict_proba(x)[:, 1], 0.75, atol=1e-2)
    refused(lambda: KANRegressor().fit(x, y, sample_weight=-heavy), "negative")
    refused(lambda: KANRegressor().fit(x, y, sample_weight=heavy[:3]), "3 values")


LABELS: dict[str, Any] = {
    "text": np.array(["no", "yes"]),
    "objects": np.array(["no", "yes"], dtype=object),
    "truth": np.array([False, True]),
    "whole": np.array([-7, 40]),
    "floats": np.array([1.0, 2.0]),
}


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("pandas", [False, True])
def test_labels_of_any_kind(kind: str, pandas: bool) -> None:
    X, codes = make_moons(120, noise=0.1, random_state=0)
    labels = LABELS[kind][codes]
    classifier = KANClassifier(hidden=[4]).fit(X, pd.Series(labels) if pandas else labels)
    assert classifier.classes_.tolist() == LABELS[kind].tolist()
    assert classifier.score(X, labels) > 0.95
    shares = classifier.predict_proba(X)
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.array_equal(classifier.predict(X), classifier.classes_[shares.argmax(axis=1)])
    assert np.array_equal(classifier.decision_function(X) > 0, shares[:, 1] > 0.5)
    assert np.allclose(np.log(shares), classifier.predict_log_proba(X))


def test_categorical_labels_and_missing_labels() -> None:
    X, codes = make_moons(80, noise=0.1, random_state=0)
    labels = pd.Series(np.array(["a", "b"])[codes])
    assert KANClassifier(steps=3).fit(X, labels.astype("category")).classes_.tolist() == ["a", "b"]
    labels[7] = None
    refused(lambda: KANClassifier().fit(X, labels), "row 7")
    with pytest.raises(ValueError, match="continuous"):
        KANClassifier().fit(X, X[:, 0])


@pytest.mark.parametrize("load", [load_iris, load_breast_cancer])
def test_classes_are_told_apart_about_as_well_as_by_logistic_regression(load: Any) -> None:
    X, y = load(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    X, y = X[order], y[order]
    ours = cross_val_score(KANClassifier(), X, y, cv=3).mean()
    rival = cross_val_score(
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)), X, y, cv=3
    ).mean()
    assert ours > rival - 0.025


def test_pipelines_searches_and_parameters(frame: pd.DataFrame) -> None:
    pipeline = make_pipeline(StandardScaler(), KANRegressor(steps=8))
    search = GridSearchCV(pipeline, {"kanregressor__hidden": [[], [5]], "kanregressor__intervals": [3]}, cv=2)
    search.fit(frame[["height", "age"]], frame["y"])
    assert search.best_params_["kanregressor__hidden"] == [5]
    estimator = KANRegressor().set_params(hidden=[2], order=2)
    assert clone(estimator).get_params()["order"] == 2
    assert (
        KANRegressor(hidden=(2, (1, 1)))
        .fit(frame[["height", "age"]], frame["y"])
        .network_.spec.widths[2]
        .products
    )


def test_rows_may_choose_among_grids(frame: pd.DataFrame) -> None:
    X, y = frame[["height", "age"]], frame["y"]
    regressor = KANRegressor(hidden=[2], grids=(3, 6), steps=10).fit(X, y)
    assert set(regressor.network_.spec.intervals) <= {3, 6}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hidden": 5}, "hidden is 5"),
        ({"hidden": [0]}, "holds 0"),
        ({"base": "selu"}, "selu"),
        ({"steps": 0}, "number of steps is 0"),
        ({"optimizer": "sgd"}, "sgd"),
        ({"order": 0}, "order is 0"),
        ({"intervals": 0}, "interval counts"),
    ],
)
def test_a_wrong_parameter_is_one_sentence(options: dict[str, Any], words: str) -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (30, 1))
    refused(lambda: KANRegressor(**options).fit(X, X[:, 0]), words, kind=KanlabError)


def test_a_frame_with_other_columns_is_refused(frame: pd.DataFrame) -> None:
    regressor = KANRegressor(steps=2).fit(frame[["height", "age"]], frame["y"])
    with pytest.raises(ValueError, match="age"):
        regressor.predict(frame[["height"]])
    with pytest.raises(ShapeError):
        regressor.network_.predict(np.zeros((3, 3)))


def test_kanlab_imports_without_scikit_learn() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import kanlab as kl\n"
        "try:\n    kl.KANRegressor\n"
        "except ImportError as error:\n    sys.stdout.write(str(error))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "kl.KANRegressor needs scikit-learn, which is not installed; install scikit-learn."
    assert not hasattr(kl, "KANCluster")
    assert {"KANRegressor", "KANClassifier"} <= set(dir(kl))
