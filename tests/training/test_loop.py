"""The loop of a fit: it goes on where it stopped, keeps what was best, and the same seed gives the same bits."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch

from kanlab.kernels import NetworkArrays
from kanlab.network import KAN
from kanlab.sparsity import GroupSparsity
from kanlab.training import (
    OPTIMIZERS,
    Adam,
    FitOptions,
    LevenbergMarquardt,
    Optimizer,
    Progress,
    Rows,
    fit,
    fit_steps,
)
from kanlab.training import fit as fit_module
from kanlab.training.optimizer import Taken
from kanlab.training.problem import Samples
from tests.problems import exp_sin_square, fresh, rmse

KINDS: dict[str, str | Optimizer[Any]] = {
    **{name: name for name in OPTIMIZERS},
    "cg": LevenbergMarquardt("cg"),
    "batches": Adam(batch=64, schedule="one-cycle", seed=5),
}


def same(one: KAN, two: KAN) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True)) and all(
        torch.equal(a, b) for a, b in zip(one.buffers(), two.buffers(), strict=True)
    )


def noisy(seed: int = 0, rows: int = 60) -> Rows:
    generator = np.random.default_rng(seed)
    x = generator.uniform(-1, 1, (2 * rows, 2))
    y = np.sin(3 * x[:, :1]) * x[:, 1:] + 0.2 * generator.normal(size=(2 * rows, 1))
    return Rows(x[:rows], y[:rows], x[rows:], y[rows:])


@pytest.mark.parametrize("kind", KINDS)
def test_a_stopped_fit_goes_on_to_the_same_bits(kind: str) -> None:
    rows, _, _ = exp_sin_square(0, 150)
    network = fresh([2, 3, 1], 0, rows)
    options = FitOptions(steps=7, grids=(3, 6), optimizer=KINDS[kind], tolerance=0.0)
    whole = list(fit_steps(network, rows, options))
    for stop in (3, 7, 10):
        stream = fit_steps(network, rows, options)
        for held in stream:
            if held.step == stop:
                break
        stream.close()  # type: ignore[attr-defined]
        rest = list(fit_steps(network, rows, options, after=held))
        assert [one.step for one in rest] == [one.step for one in whole[stop:]]
        for one, other in zip(rest, whole[stop:], strict=True):
            assert same(one.network, other.network)
            assert (one.train, one.validation, one.phase) == (other.train, other.validation, other.phase)


def test_a_fit_with_penalties_goes_on_too() -> None:
    rows = noisy()
    options = FitOptions(steps=12, penalties=(GroupSparsity(0.02),), patience=4)
    network = fresh([2, 3, 1], 0, rows)
    whole = list(fit_steps(network, rows, options))
    rest = list(fit_steps(network, rows, options, after=whole[5]))
    assert same(rest[-1].network, whole[-1].network)


def test_patience_ends_a_fit_and_keeps_the_best_step() -> None:
    rows = noisy()
    network = fresh([2, 5, 1], 0, rows)
    plain = list(fit_steps(network, rows, FitOptions(steps=60, smoothness=0.0, tolerance=0.0)))
    patient = list(fit_steps(network, rows, FitOptions(steps=60, smoothness=0.0, tolerance=0.0, patience=4)))
    checked = [one.validation for one in patient[:-1]]
    assert len(patient) < len(plain)
    assert patient[-1].validation == min(checked)
    assert np.argmin(checked) == len(checked) - 5
    assert min(checked) < plain[-1].validation  # type: ignore[operator]
    assert rmse(patient[-1].network, rows.validation_inputs, rows.validation_targets) == pytest.approx(
        min(checked), rel=1e-12
    )


def test_without_validation_patience_looks_at_the_training_rows() -> None:
    rows = replace(noisy(), validation_inputs=None, validation_targets=None)
    reports = list(fit_steps(fresh([2, 2, 1], 0, rows), rows, FitOptions(steps=15, patience=3)))
    assert reports[-1].train == min(one.train for one in reports)


@dataclass(frozen=True)
class Stumbling:
    """Levenberg-Marquardt whose step `bad` lifts the bias of the output far away, and which then does nothing."""

    bad: int
    name: str = "stumbling"
    smoothness: float = 0.0

    def start(self, network: NetworkArrays, samples: Samples, steps: int) -> tuple[int, float]:
        return 0, LevenbergMarquardt().start(network, samples, steps)

    def step(self, network: NetworkArrays, samples: Samples, penalties: Any, memory: Any) -> Taken[Any]:
        number, damping = memory
        if number < self.bad:
            taken = LevenbergMarquardt().step(network, samples, penalties, damping)
            return Taken(taken.network, (number + 1, taken.memory), 1.0)
        last = network.layers[-1]
        lifted = replace(last, bias=last.bias + (1e6 if number == self.bad else 0.0))
        return Taken(replace(network, layers=(*network.layers[:-1], lifted)), (number + 1, damping), 1.0)


@pytest.mark.parametrize("checked", [True, False])
def test_a_phase_that_goes_astray_ends_with_its_best_step(checked: bool) -> None:
    rows = noisy() if checked else replace(noisy(), validation_inputs=None, validation_targets=None)
    network = fresh([2, 3, 1], 0, rows)
    reports = list(fit_steps(network, rows, FitOptions(steps=10, optimizer=Stumbling(bad=6))))
    errors = [one.train if one.validation is None else one.validation for one in reports[:-1]]
    assert errors[-1] > 1e4 * min(errors)
    last = reports[-1]
    assert (last.train if last.validation is None else last.validation) == min(errors)
    assert same(reports[-2].kept, last.network)


@pytest.mark.parametrize("asked", [{"penalties": (GroupSparsity(0.01),)}, {"smoothness": 1e-6}])
def test_what_a_penalty_costs_is_paid(asked: dict[str, Any]) -> None:
    rows = noisy()
    options = FitOptions(steps=10, optimizer=Stumbling(bad=6), **asked)
    reports = list(fit_steps(fresh([2, 3, 1], 0, rows), rows, options))
    assert same(reports[-1].network, reports[-2].network)


def test_what_is_kept_is_never_worse_than_what_was_seen() -> None:
    rows = noisy()
    options = FitOptions(steps=6, grids=(3, 10, 30), smoothness=0.0, tolerance=0.0)
    ends: list[float] = []
    for progress in fit_steps(fresh([2, 3, 1], 0, rows), rows, options):
        error = rmse(progress.kept, rows.validation_inputs, rows.validation_targets)
        assert error <= progress.validation * (1 + 1e-12)  # type: ignore[operator]
        if ends:
            assert error <= min(ends) * (1 + 1e-12)
        if progress.state.memory is None and progress.validation is not None:
            ends.append(progress.validation)


def test_a_callback_may_end_a_fit() -> None:
    rows = noisy()
    network, seen = fresh([2, 2, 1], 0, rows), []

    def callback(progress: Progress) -> bool:
        seen.append(progress)
        return progress.step == 4

    stopped = fit(network, rows, FitOptions(steps=20, tolerance=0.0), callback=callback)
    assert [one.step for one in seen] == [1, 2, 3, 4]
    assert same(stopped, seen[-1].kept)
    watched: list[Progress] = []
    whole = fit(network, rows, FitOptions(steps=6, tolerance=0.0), callback=watched.append)
    assert watched[-1].phase == "done"
    assert same(whole, watched[-1].network)


def test_an_interrupt_keeps_what_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = noisy()
    network = fresh([2, 2, 1], 0, rows)
    whole = list(fit_steps(network, rows, FitOptions(steps=9, tolerance=0.0)))

    def interrupted(*given: Any, **more: Any) -> Iterator[Progress]:
        yield from list(fit_steps(*given, **more))[:after]
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[fit_module.__module__], "fit_steps", interrupted)
    after = 3
    assert same(fit(network, rows, FitOptions(steps=9, tolerance=0.0)), whole[2].kept)
    after = 0
    with pytest.raises(KeyboardInterrupt):
        fit(network, rows, FitOptions(steps=9, tolerance=0.0))


def test_the_name_of_what_is_measured() -> None:
    rows = noisy()
    for objective, measure in (
        ("squared-error", "rmse"),
        ("huber", "huber"),
        (lambda z, y: (z - y)[:, 0] ** 2, "custom"),
    ):
        *_, last = fit_steps(fresh([2, 1, 1], 0, rows), rows, FitOptions(steps=1, objective=objective))
        assert last.measure == measure


PROGRAM = """
import hashlib, random
import numpy as np, torch
from kanlab.training import Adam, FitOptions, LevenbergMarquardt, Rows, fit
from kanlab.network import KAN, NetworkSpec
before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
x = np.random.default_rng(0).uniform(-1, 1, (120, 2))
y = (np.sin(3 * x[:, :1]) > x[:, 1:]).astype(float)
rows = Rows(x[:80], y[:80], x[80:], y[80:])
torch_loss = lambda z, t: torch.nn.functional.cross_entropy(z, t[:, 0].long(), reduction="none")
for optimizer in ("lm", LevenbergMarquardt("cg"), LevenbergMarquardt("qr"), "lbfgs", "adam", Adam(batch=16)):
    for loss in ("cross-entropy", torch_loss):
        options = FitOptions(steps=6, optimizer=optimizer, objective=loss, patience=5)
        network = fit(KAN(NetworkSpec.of([2, 3, 2]), seed=1), rows, options)
        digest = hashlib.sha256()
        for value in network.parameters():
            digest.update(value.detach().numpy().tobytes())
        print(digest.hexdigest())
after = torch.get_rng_state(), np.random.get_state()[1], random.getstate()
assert torch.equal(before[0], after[0]) and np.array_equal(before[1], after[1]) and before[2] == after[2]
"""


@pytest.mark.slow
def test_two_processes_give_the_same_bits() -> None:
    told = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert told[0] == told[1]
    digests = told[0].split()
    assert len(digests) == 12
    assert len(set(digests[::2])) == 6  # every optimizer goes its own way


def test_the_random_states_of_the_world_are_left_alone() -> None:
    rows = noisy()
    torch.manual_seed(3)
    np.random.seed(3)  # noqa: NPY002  the state that must stay
    random.seed(3)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    for kind in KINDS.values():
        fit(fresh([2, 2, 1], 0, rows), rows, FitOptions(steps=2, optimizer=kind))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002
    assert random.getstate() == before[2]
