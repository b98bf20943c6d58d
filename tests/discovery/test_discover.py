"""Discovery without hands, against laws that are known."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from scipy import special

from kanlab import Shelf, discover
from kanlab.data import Dataset, load
from kanlab.discovery import Investigation, Report
from kanlab.discovery.actions import Discover
from kanlab.discovery.apply import apply
from kanlab.discovery.discover import search
from kanlab.errors import ActionError, DataError
from kanlab.forms import add, grammar
from kanlab.symbolic.law import Law
from tests.sentences import refused
from tests.tables import columns, digest, wavy


def score_of_text(law: Law, data: Dataset) -> float:
    """Held-out error of the text alone, read by the project's own grammar."""
    part = data.part("test")
    values = grammar.evaluate(
        grammar.parse(law.text, variables=law.printed.names),
        {name: part.inputs[:, place] for place, name in enumerate(law.printed.names)},
    )
    return float(np.sqrt(np.mean((values - part.targets[:, 0]) ** 2)))


@pytest.fixture(scope="module")
def planets() -> Shelf:
    return discover(load("planets"), seed=0)


def test_exp_sin_is_found_exactly_in_seconds() -> None:
    started = time.process_time()
    shelf = discover(load("exp_sin"), seed=0)
    assert time.process_time() - started < 20
    assert shelf.best is not None
    assert str(shelf.best) == "y = exp(x2**2 + sin(pi*x1))"
    assert shelf.best.error < 1e-12
    assert shelf.best.r2 == pytest.approx(1)
    assert shelf.finished


def test_kepler_with_the_exponent_as_it_was_measured(planets: Shelf) -> None:
    law = planets.best
    assert law is not None
    assert law.text == "semi_major_axis**(3/2)"
    assert law.inputs_used == ("semi_major_axis",)
    exponent = next(held for held in law.constants if held.snapped == "3/2")
    assert exponent.value == pytest.approx(1.5, abs=exponent.standard_error)
    assert 0 < exponent.standard_error < 1e-4
    assert all(np.isfinite(held.standard_error) and held.standard_error > 0 for held in law.constants)


def test_constants_that_stand_in_for_each_other_vanish_together(planets: Shelf) -> None:
    data = load("planets")
    axis, period = data.inputs[:, 0], data.targets[:, 0]
    # all but the bodies whose period was computed from the axis: there a shift of the axis and a constant, each two
    # standard errors from 0, are needed while the other is there, and not needed together
    timed = (axis < 31) | (np.abs(axis - 39.482) < 0.01)
    table = Dataset.from_arrays(data.inputs[timed], period[timed], uncertainty=data.uncertainty[timed])
    best = discover(table, seed=0).best
    assert best is not None
    assert best.text == "x1**(3/2)"


def test_the_front_gets_better_as_it_gets_longer(planets: Shelf) -> None:
    prices = [law.complexity for law in planets.laws]
    assert prices == sorted(prices)
    assert planets.best in planets.laws


def test_every_printed_text_has_the_error_it_claims(planets: Shelf) -> None:
    data = load("planets")
    for law in planets.laws:
        assert score_of_text(law, data) == pytest.approx(law.error, rel=1e-9)


def test_the_same_seed_gives_the_same_shelf(planets: Shelf) -> None:
    again = discover(load("planets"), seed=0)
    assert [str(law) for law in again.laws] == [str(law) for law in planets.laws]
    assert [law.error for law in again.laws] == [law.error for law in planets.laws]
    assert planets.network is not None
    assert again.network is not None
    assert digest(again.network) == digest(planets.network)


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_law(seed: int) -> None:
    generator = np.random.default_rng(seed)
    data = Dataset.from_arrays(generator.uniform(-1, 1, (50, 3)), generator.normal(size=50))
    shelf = discover(data, seed=seed)
    assert shelf.best is None
    assert shelf.network is None
    assert shelf.finished


def test_a_constant_is_the_mean_and_no_law() -> None:
    shelf = discover(Dataset.from_arrays(columns(40), np.full(40, 2.5)))
    assert shelf.best is None
    assert [law(columns(3)).tolist() for law in shelf.laws] == [[2.5, 2.5, 2.5]]


@pytest.mark.parametrize("limit", [0, 1e-9])
def test_a_tiny_time_limit_gives_what_there_is(limit: float) -> None:
    shelf = discover(wavy(), time_limit=limit)
    assert shelf.trials == 1
    assert not shelf.finished
    assert shelf.laws


def test_progress_is_told() -> None:
    seen: list[Report] = []
    discover(wavy(), time_limit=0, progress=seen.append)
    assert [(report.label, report.step) for report in seen] == [("discover", 1)]
    assert seen[0].steps > 1
    assert seen[0].text.startswith("y = ")


class StopAfter:
    """Stops when it was asked so often."""

    def __init__(self, asked: int) -> None:
        self.left = asked
        self.told: list[str] = []

    def report(self, report: Report) -> None:
        self.told.append(report.text)

    def stopping(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("asked", [0, 1, 3, 5])
def test_a_search_stopped_anywhere_replays_to_the_same_bits(asked: int) -> None:
    data = wavy()
    start = Investigation.start(data)
    found, action = apply(start.network, Discover(), data, StopAfter(asked))
    assert isinstance(action, Discover)
    assert action.trials in (1, 2)
    again, same = apply(start.network, action, data, StopAfter(10**9))
    assert same == action
    assert digest(again) == digest(found)


def test_an_interrupted_trial_does_not_count() -> None:
    cut = list(search(wavy(), observer=StopAfter(2)))
    assert [trial.number for trial in cut] == [1]
    assert cut[0].total > 1
    assert str(cut[0].best) == str(next(iter(search(wavy()))).best)


def test_the_shelf_as_an_investigation_is_replayed_to_its_law(planets: Shelf) -> None:
    held = Investigation.of_shelf(load("planets"), planets)
    assert str(held.law()) == str(planets.best)
    assert held.replay(held.actions).state.same_as(held.state)


def test_discover_on_noise_is_refused_and_changes_nothing() -> None:
    generator = np.random.default_rng(0)
    held = Investigation.start(
        Dataset.from_arrays(generator.uniform(-1, 1, (50, 3)), generator.normal(size=50))
    )
    before = held.history
    refused(lambda: held.do(Discover()), "No law was found", kind=ActionError)
    assert held.history is before


def test_a_form_that_is_asked_for_is_found_recorded_and_replayed() -> None:
    x = np.random.default_rng(0).uniform(0, 12, (120, 2))
    data = Dataset.from_arrays(x, 2 * special.j0(x[:, 0]) + 0.5 * x[:, 1])
    shelf = discover(data, forms=[add("J0")])
    assert str(shelf.best) == "y = x2/2 + 2*J0(x1)"
    assert shelf.forms == ("J0",)
    held = Investigation.of_shelf(data, shelf)
    assert str(held.replay(held.actions).law()) == str(shelf.best)


def classes() -> Dataset:
    return Dataset.from_frame({"a": range(30), "k": ["u", "v"] * 15}, target="k", task="classification")


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (classes, {}, "classification"),
        (
            lambda: Dataset.from_arrays(columns(40), columns(40)),
            {},
            "explains one target and the dataset has 2",
        ),
        (wavy, {"seed": -1}, "seed is -1"),
        (wavy, {"seed": 1.5}, "seed is 1.5"),
        (wavy, {"forms": "J0"}, "forms are 'J0'"),
        (wavy, {"time_limit": -1}, "time limit is -1"),
        (wavy, {"time_limit": float("nan")}, "time limit is nan"),
    ],
)
def test_what_cannot_be_searched(make: Any, options: dict[str, Any], words: str) -> None:
    refused(lambda: discover(make(), **options), words, kind=DataError if not options else ActionError)
