"""Classifications through an investigation and a session, and `kanlab.fit` with any loss."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_iris
from sklearn.metrics import log_loss
from torch import Tensor

import kanlab as kl
from kanlab.discovery import Action
from kanlab.discovery.actions import Fit, from_json, to_json
from kanlab.errors import ActionError, DataError, KanlabError, ShapeError
from kanlab.report.payload import payload
from kanlab.training import OBJECTIVES, FitOptions

NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


@pytest.fixture(scope="module")
def iris() -> kl.Dataset:
    table = load_iris()
    labels = np.asarray(table.target_names)[table.target]
    return kl.Dataset.from_arrays(
        table.data, labels, names=NAMES, target_name="species", task="classification"
    )


@pytest.fixture(scope="module")
def session(iris: kl.Dataset) -> kl.Session:
    return kl.Session(iris, shape=[4, 2, 3], seed=0).fit().prune().fit(patience=5)


def test_classes_are_told_apart(session: kl.Session, iris: kl.Dataset) -> None:
    metrics = session.state.metrics
    assert metrics.wrong is not None
    assert metrics.measure == "cross-entropy"
    assert max(metrics.wrong[0], metrics.wrong[1] or 0.0, metrics.wrong[2] or 0.0) <= 0.1
    test = iris.part("test")
    chances = session.predict_proba(test.inputs)
    codes = test.targets[:, 0].astype(int)
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(codes)), rel=1e-12)
    assert metrics.test == pytest.approx(log_loss(codes, chances, labels=[0, 1, 2]), rel=1e-9)
    told = session.predict(test.inputs)
    assert set(told) <= {"setosa", "versicolor", "virginica"}
    assert np.mean(told != np.asarray(iris.classes)[codes]) == pytest.approx(metrics.wrong[2])
    labels, inside = session.predict(test.inputs, return_in_domain=True)
    assert np.array_equal(labels, told)
    assert inside.shape == (len(codes),)
    assert "cross-entropy" in repr(session)
    assert "% wrong" in repr(session)


def test_it_is_saved_replayed_and_shown(session: kl.Session, tmp_path: Path) -> None:
    opened = kl.open(session.save(tmp_path / "iris.kanlab"))
    assert opened.same_as(session)
    assert opened.state.metrics == session.state.metrics
    investigation = session.investigation
    assert investigation.replay(session.actions).state.same_as(session.state)
    shown = payload(investigation)
    assert [node["label"] for node in shown["graph"]["layers"][-1]] == ["setosa", "versicolor", "virginica"]
    assert shown["history"]["nodes"][-1]["note"].startswith("cross-entropy")
    assert session.report(tmp_path / "iris.html").stat().st_size > 0
    assert session.figure() is not None


def test_an_edge_may_be_symbolic_and_there_is_no_law(session: kl.Session) -> None:
    layer = session.network.arrays().layers[0]
    i, j = (int(one) for one in np.argwhere(layer.splines)[0])
    ranked = session.suggest((0, i, j), forms=["x", "sin"])
    assert ranked
    fixed = kl.Session.__new__(kl.Session)
    fixed._adopt(session.investigation.replay(session.actions))
    fixed.fix((0, i, j), "x")
    assert fixed.state.metrics.train <= 0.2
    with pytest.raises(ActionError, match="classification"):
        fixed.law()
    assert payload(fixed.investigation)["law"] is None


def test_what_is_for_numbers_is_refused_in_a_sentence(iris: kl.Dataset) -> None:
    with pytest.raises(DataError, match="classification"):
        kl.discover(iris, time_limit=None)
    with pytest.raises(ShapeError, match="3 classes"):
        kl.Session(iris, shape=[4, 2, 1])
    session = kl.Session(iris, shape=[4, 3])
    with pytest.raises(ActionError, match="does not fit a classification"):
        session.fit(loss="huber")
    numbers = kl.Session(kl.Dataset.from_arrays(np.linspace(0, 1, 40)[:, None], np.arange(40.0)))
    with pytest.raises(ActionError, match="does not fit a regression"):
        numbers.fit(loss="poisson")
    with pytest.raises(DataError, match="no classification"):
        numbers.predict_proba([[0.5]])


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"loss": "cross-entropi"}, "Did you mean 'cross-entropy'"),
        ({"batch": 16}, 'optimizer="adam"'),
        ({"batch": 0, "optimizer": "adam"}, "batch"),
        ({"patience": 0}, "patience"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], part: str) -> None:
    with pytest.raises(KanlabError) as caught:
        Fit(**options)  # type: ignore[arg-type]
    assert part in str(caught.value)


def test_a_fit_with_all_its_options_is_data() -> None:
    action: Action = Fit(steps=3, optimizer="adam", loss="huber", batch=16, patience=2, smoothness=1e-5)
    assert from_json(to_json(action)) == action
    told = (
        'fit(steps=3, sparsity=0.0, smoothness=1e-05, optimizer="adam", loss="huber", batch=16, patience=2)'
    )
    assert action.code().replace("sparsity=0,", "sparsity=0.0,").replace("'", '"') == told
    # files of before these options
    old = {"action": "fit", "steps": 40, "sparsity": 0.0, "grids": [], "smoothness": 1e-7, "optimizer": "lm"}
    assert from_json({**old, "stop_after": None}) == Fit(smoothness=1e-7)


def test_huber_and_batches_in_a_session() -> None:
    generator = np.random.default_rng(0)
    x = generator.uniform(-1, 1, (200, 1))
    y = np.sin(3 * x[:, 0])
    y[::9] += 5.0
    data = kl.Dataset.from_arrays(x, y)
    fits = [kl.Session(data, shape=[1, 1]).fit(sparsity=0, loss=loss) for loss in ("huber", None)]
    misses = [np.abs(one.predict(x) - np.sin(3 * x[:, 0])).mean() for one in fits]
    assert misses[0] <= 0.2 * misses[1]
    batched = kl.Session(data, shape=[1, 1]).fit(
        sparsity=0, optimizer="adam", batch=32, steps=5, loss="huber"
    )
    assert batched.investigation.replay(batched.actions).state.same_as(batched.state)


def test_fit_takes_any_loss_and_any_start(iris: kl.Dataset) -> None:
    def focal(z: Tensor, y: Tensor) -> Tensor:
        loss = torch.nn.functional.cross_entropy(z, y[:, 0].long(), reduction="none")
        return (1 - (-loss).exp()) ** 2 * loss

    network = kl.fit([4, 2, 3], iris, loss=focal, options=FitOptions(steps=10, patience=3))
    test = iris.part("test")
    assert np.mean(network.predict(test.inputs).argmax(axis=1) != test.targets[:, 0]) <= 0.15
    seen: list[int] = []
    again = kl.fit(network, iris, options=FitOptions(steps=2), callback=lambda one: seen.append(one.step))
    assert again.spec == network.spec
    assert seen == [1, 2, 2]

    generator = np.random.default_rng(0)
    x = generator.uniform(-1, 1, (300, 1))
    counts = kl.Dataset.from_arrays(x, generator.poisson(np.exp(3 + np.sin(3 * x[:, 0]))).astype(float))
    rates = kl.fit([1, 1], counts, loss="poisson")
    part = counts.part("test")
    assert np.abs(rates.predict(part.inputs) - 3 - np.sin(3 * part.inputs)).max() <= 0.2
    assert OBJECTIVES["poisson"].value(rates.predict(part.inputs), part.targets, None) <= 1.0
