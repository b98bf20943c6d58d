"""A fit over chunks is the fit in memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kanlab.errors import ActionError
from kanlab.network import KAN
from kanlab.sparsity import GroupSparsity
from kanlab.training import FitOptions, Progress, Rows, fit
from kanlab.training.streaming import Streaming, fit_large, fit_large_steps
from tests.networks import miss
from tests.problems import fresh
from tests.training.large_tables import SHAPE, bits, law_table, small_fit

TABLE = law_table(1500)
INPUTS, TARGETS = TABLE[:, :2], TABLE[:, 2:]
PLAIN = FitOptions(steps=12, smoothness=1e-7)
WHOLE = Streaming(validation=0, sample_rows=len(TABLE), chunk_rows=400)


def untrained(seed: int = 0) -> KAN:
    return fresh(SHAPE, seed, Rows(INPUTS, TARGETS))


@pytest.mark.parametrize(
    "options",
    [
        PLAIN,
        replace(PLAIN, grids=(3, 6)),
        replace(PLAIN, penalties=(GroupSparsity(0.02),), tolerance=0.0),
        replace(PLAIN, move_grids=False, smoothness=1e-3),
        replace(PLAIN, grid_blend=0.7),
    ],
    ids=["plain", "grids", "sparse", "fixed grids", "quantiles"],
)
def test_chunks_give_the_fit_in_memory(options: FitOptions) -> None:
    whole = fit(untrained(), Rows(INPUTS, TARGETS), options)
    parts = fit_large(untrained(), (INPUTS, TARGETS), options=options, streaming=WHOLE)
    assert miss(parts.network.predict(INPUTS), whole.predict(INPUTS)) <= 1e-9
    assert parts.train == pytest.approx(np.sqrt(np.mean((whole.predict(INPUTS) - TARGETS) ** 2)), rel=1e-9)


@pytest.mark.slow
def test_a_hundred_thousand_rows_give_the_fit_in_memory() -> None:
    table = law_table(100_000)
    rows = Rows(table[:, :2], table[:, 2:])
    options = FitOptions(steps=6, smoothness=1e-7)
    streaming = Streaming(validation=0, sample_rows=100_000, chunk_rows=9_000)
    parts = fit_large(SHAPE, table, target=-1, options=options, streaming=streaming)
    whole = fit(fresh(SHAPE, 0, rows), rows, options)
    assert miss(parts.network.predict(rows.inputs), whole.predict(rows.inputs)) <= 1e-9


def test_a_new_network_is_in_the_units_of_the_rows() -> None:
    table = law_table(500) * [1e3, 1e-4, 50] + [7e5, 3, -900]
    done = fit_large(
        SHAPE, table, target=-1, options=FitOptions(steps=25), streaming=Streaming(chunk_rows=90)
    )
    again = fit_large(SHAPE, law_table(500), target=-1, options=FitOptions(steps=25))
    assert done.train / 50 < 0.05
    assert done.train / 50 == pytest.approx(again.train, rel=0.5)
    same = fresh(SHAPE, 0, Rows(table[:, :2], table[:, 2:])).scaling
    assert done.network.scaling.output_scale == pytest.approx(same.output_scale, rel=1e-12)
    assert np.array_equal(done.network.scaling.input_center, same.input_center)


def test_float32_rows_give_nearly_the_same_fit() -> None:
    single = small_fit(TABLE.astype(np.float32), -1)
    assert bits(single) == bits(small_fit(TABLE.astype(np.float32).astype(np.float64), -1))
    assert single.train == pytest.approx(small_fit(TABLE, -1).train, rel=1e-3)


def test_held_out_rows_choose_the_network_and_end_the_fit() -> None:
    generator = np.random.default_rng(3)
    x = generator.uniform(-1, 1, (60, 2))
    noise = generator.normal(size=(60, 1))
    streaming = Streaming(validation=0.3, patience=4)
    done = fit_large([2, 3, 1], (x, noise), options=FitOptions(steps=40), streaming=streaming)
    errors = [step.validation for step in done.steps]
    assert done.validation == min(errors)
    assert len(done.steps) == np.argmin(errors) + 1 + 4 < 40


def test_whoever_stops_keeps_what_was_reached() -> None:
    told: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 3:
            raise KeyboardInterrupt

    done = fit_large(SHAPE, TABLE, target=-1, streaming=WHOLE, progress=interrupt)
    assert done.stopped
    assert len(done.steps) == 3
    steps = fit_large_steps(SHAPE, TABLE, target=-1, streaming=WHOLE)
    third = [next(steps) for _ in range(3)][-1]
    steps.close()
    assert np.array_equal(third.best.network.predict(INPUTS), done.network.predict(INPUTS))
    rmse = np.sqrt(np.mean((done.network.predict(INPUTS) - TARGETS) ** 2))
    assert done.train == pytest.approx(rmse, rel=1e-12)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: fit_large(SHAPE, TABLE, target=-1, options=FitOptions(optimizer="adam")), "does not stream"),
        (lambda: Streaming(chunk_rows=0), "give at least 1"),
        (lambda: Streaming(validation=1.0), "below 1"),
        (
            lambda: fit_large(SHAPE, TABLE[:1], target=-1, streaming=Streaming(validation=0.99)),
            "held out for validation",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(ask: object, words: str) -> None:
    with pytest.raises(ActionError, match=words):
        ask()  # type: ignore[operator]
