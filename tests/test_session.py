"""The public face: one line of Python for each thing that can be clicked."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import kanlab as kl
from kanlab.discovery.actions import Discover, Fit, Fix, Lock, Prune, Refine, Release, RemoveEdge, RemoveNode
from kanlab.errors import ActionError, DataError, FileError, KanlabError, ShapeError
from kanlab.forms import grammar
from tests.sentences import refused
from tests.tables import columns, digest, small

ROOT = Path(__file__).parents[1]


def tiny(**options: Any) -> kl.Session:
    return kl.Session(small(), **{"shape": [2, 2, 1], "intervals": 3, **options})


@pytest.fixture
def session() -> kl.Session:
    return tiny()


def test_from_a_table_to_the_law_and_back() -> None:
    session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0)
    session.fit().prune()
    assert str(session.network.spec) == "[2, 1, 1]"
    assert session.suggest((0, 0, 0))[0].form == "sin"
    session.fix((0, 0, 0), "sin").fix((0, 1, 0), "x^2").fix((1, 0, 0), "exp")
    law = session.law()
    assert str(law) == "y = exp(x2**2 + sin(pi*x1))"
    assert law.error < 1e-12
    inputs = columns(30)
    np.testing.assert_allclose(
        session.predict(inputs), np.exp(np.sin(np.pi * inputs[:, 0]) + inputs[:, 1] ** 2), rtol=1e-9
    )
    np.testing.assert_allclose(law(inputs), session.predict(inputs), rtol=1e-9)
    test = session.data.part("test")
    text = grammar.parse(law.text, variables=session.data.names)
    values = grammar.evaluate(text, dict(zip(session.data.names, test.inputs.T, strict=True)))
    assert float(np.sqrt(np.mean((values - test.targets[:, 0]) ** 2))) == pytest.approx(law.error, abs=1e-15)


def test_each_method_is_its_action(session: kl.Session) -> None:
    session.fit(steps=2, sparsity=0).lock((0, 0, 0)).unlock((0, 0, 0)).refine(5)
    session.fix((0, 0, 0), "exp").release((0, 0, 0)).remove((0, 1, 1)).remove_node((1, 1)).prune(0.01)
    assert [action.name for action in session.actions] == (
        ["fit", "lock", "unlock", "refine", "fix", "release", "remove", "remove_node", "prune"]
    )
    assert session.actions[4:8] == (
        Fix((0, 0, 0), "exp"),  # type: ignore[arg-type]  an edge is a tuple
        Release((0, 0, 0)),  # type: ignore[arg-type]
        RemoveEdge((0, 1, 1)),  # type: ignore[arg-type]
        RemoveNode((1, 1)),  # type: ignore[arg-type]
    )


def test_a_plain_fit_is_sparse_until_the_first_edit() -> None:
    session = tiny()
    session.fit(steps=1)
    session.remove((0, 0, 1))
    session.fit(steps=1)
    session.fit(steps=1, grids=(4, 5))
    assert [action.sparsity for action in session.actions if isinstance(action, Fit)] == [0.02, 0.0, 0.0]


def test_undo_redo_go(session: kl.Session) -> None:
    first = session.state
    session.refine(5).refine(6)
    last = session.state
    assert session.undo().undo().state is first
    assert session.redo().redo().state is last
    assert session.go(1).state.action == Refine(5)
    refused(session.go(0).undo, "nothing to undo", kind=ActionError)
    refused(lambda: session.go(17), "There is no state 17", kind=ActionError)


def test_replay_save_and_open_are_the_same(session: kl.Session, tmp_path: Path) -> None:
    session.fit(steps=3).fix((0, 1, 0), "x^2").lock((0, 0, 0)).undo()
    session.refine(7)
    assert session.investigation.replay(session.actions).state.same_as(session.state)
    back = kl.open(session.save(tmp_path / "a.kanlab"))
    assert isinstance(back, kl.Session)
    assert back.same_as(session)
    assert session.same_as(back)
    assert back.investigation.same_as(session.investigation)
    assert back.go(3).actions[-1] == Lock((0, 0, 0))  # type: ignore[arg-type]
    assert not back.same_as(session)
    assert not tiny(seed=1).same_as(tiny(seed=2))


def test_a_law_comes_back_from_a_file(session: kl.Session, tmp_path: Path) -> None:
    for edge in ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 1, 0)):
        session.fix(edge, "x^2" if edge[1] else "x")
    back = kl.open(session.save(tmp_path / "a.kanlab"))
    assert str(back.law()) == str(session.law())
    assert back.law().constants == session.law().constants


def made_table(folder: Path) -> kl.Dataset:
    frame = pd.DataFrame(columns(60), columns=["a b", "c"])
    frame["out"] = frame["a b"] ** 2 + np.exp(frame["c"])
    frame.to_csv(folder / "table.csv", index=False)
    return kl.Dataset.from_csv(folder / "table.csv", target="out", units={"c": "m"}, seed=5)


KINDS: dict[str, Callable[[Path], kl.Dataset]] = {
    "registry": lambda folder: kl.load("exp_sin"),
    "csv": made_table,
    "memory": lambda folder: kl.Dataset.from_arrays(columns(60), columns(60)[:, 0] ** 2, title='a "b"\\\n\0'),
}


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[kl.Session, Path]]:
    """An investigation of a table of each kind, with a stopped fit and a branch, and its script."""
    folder = tmp_path_factory.mktemp("scripts")
    made: dict[str, tuple[kl.Session, Path]] = {}
    for kind, make in KINDS.items():
        session = kl.Session(
            make(folder), shape=[2, (1, 1), 1], seed=4, order=2, intervals=[4, 3], base="zero"
        )
        session.fit(steps=6, smoothness=1.23456789e-7).fit(steps=6, sparsity=0, stop_after=3)
        session.fix((0, 1, 0), "exp").undo().fix((0, 0, 0), "x*exp(-x)")
        path = folder / f"{kind}_script.py"
        path.write_text(session.script(), encoding="utf-8")
        made[kind] = session, path
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_gives_the_same_law(
    kind: str, scripts: dict[str, tuple[kl.Session, Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    session, path = scripts[kind]
    seen = runpy.run_path(str(path))
    assert seen["session"].same_as(session)
    assert digest(seen["session"].network) == digest(session.network)
    assert str(seen["law"]) == str(session.law())
    assert capsys.readouterr().out.startswith(f"{session.law()}\n")


def test_the_script_runs_with_plain_python(scripts: dict[str, tuple[kl.Session, Path]]) -> None:
    session, path = scripts["memory"]
    there = sorted(path.parent.iterdir())
    said = run(str(path)).splitlines()
    assert sorted(path.parent.iterdir()) == there
    assert said[0] == str(session.law())
    assert said[1].startswith(session.law().error_label)


def test_predict_takes_arrays_lists_and_frames(session: kl.Session) -> None:
    inputs = columns(7)
    wanted = session.predict(inputs)
    assert wanted.shape == (7,)
    frame = pd.DataFrame({"z": 0.0, "x2": inputs[:, 1], "x1": inputs[:, 0]})
    for other in (inputs.tolist(), frame, inputs.astype(object)):
        assert np.array_equal(session.predict(other), wanted)
    two = kl.Session(kl.Dataset.from_arrays(columns(30), columns(30)), shape=[2, 1, 2])
    assert two.predict(inputs).shape == (7, 2)


def test_predict_says_which_rows_lie_where_it_learned(session: kl.Session) -> None:
    inputs = session.data.part("fit").inputs
    values, inside = session.predict(inputs, return_in_domain=True)
    assert inside.all()
    assert np.array_equal(values, session.predict(inputs))
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    far = [[high[0] + 1e-9, 0], [0, low[1] - 1e-9], [50, 50], [np.nan, 0], [low[0], high[1]]]
    assert session.predict(far, return_in_domain=True)[1].tolist() == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        ([[1.0]], ShapeError),
        ([1.0, 2.0], ShapeError),
        (np.zeros((2, 3)), ShapeError),
        ([["a", "b"]], DataError),
        ([[1.0, 2.0], [3.0]], DataError),
        (pd.DataFrame({"x1": [1.0]}), DataError),
        (None, KanlabError),
    ],
)
def test_predict_refuses(session: kl.Session, inputs: Any, kind: type[KanlabError]) -> None:
    refused(lambda: session.predict(inputs), kind=kind)


def test_report_and_figure(session: kl.Session, tmp_path: Path) -> None:
    session.fit(steps=3, sparsity=0).fix((0, 0, 0), "exp")
    page = session.report(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<!doctype html>" in page
    assert "session.fix((0, 0, 0)" in page
    figure = session.figure()
    assert isinstance(figure, Figure)
    figure.savefig(tmp_path / "a.pdf")
    refused(lambda: session.report(tmp_path / "no" / "a.html"), "cannot be written", kind=FileError)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.html", "a.pdf"]


def test_a_stop_in_the_middle(session: kl.Session) -> None:
    session.fit(steps=10**6, optimizer="adam", sparsity=0, wait=False)
    assert session.running
    refused(lambda: session._runner.start(Prune()), "still running", kind=ActionError)
    end = time.monotonic() + 20
    while session._runner.work is None or not session._runner.work.losses:
        assert time.monotonic() < end
        time.sleep(0.005)
    session.stop()
    assert not session.running
    done = session.actions[-1]
    assert isinstance(done, Fit)
    assert done.stop_after
    assert session.investigation.replay(session.actions).state.same_as(session.state)


def test_an_interrupt_keeps_what_was_reached(session: kl.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Any, timeout: float | None = None) -> bool:
        if timeout == 0.1:
            raise KeyboardInterrupt
        return self._done.wait(timeout)

    monkeypatch.setattr("kanlab.discovery.runner.Work.wait", interrupted)
    session.fit(steps=10**6, optimizer="adam", sparsity=0, wait=True)
    done = session.actions[-1]
    assert isinstance(done, Fit)
    assert done.stop_after


def test_the_next_step_waits_for_the_one_before(session: kl.Session) -> None:
    session.fit(steps=30, sparsity=0, wait=False)
    session.refine(9)
    assert [action.name for action in session.actions] == ["fit", "refine"]


def test_discover_adopts_the_best(session: kl.Session) -> None:
    session.discover()
    assert session.actions == (Discover(),)
    assert str(session.law()) == "y = x2**2 + exp(x1)"
    assert session.investigation.replay(session.actions).state.same_as(session.state)


def test_the_widget_is_shown_with_a_picture_for_hosts_without_widgets(session: kl.Session) -> None:
    shown = session._repr_mimebundle_()
    bundle = shown[0] if isinstance(shown, tuple) else shown
    assert session.workbench.graph["shape"] == "[2, 2, 1]"
    if bundle is not None:
        assert bundle["image/svg+xml"].startswith("<svg")
    session.fit(steps=2)
    assert session.workbench.history["current"] == 1
    session.workbench.close()


def test_repr(session: kl.Session) -> None:
    assert repr(session).startswith("Session(small, shape=[2, 2, 1], rmse ")


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.fit(optimizer="Adamm", wait=False),
        lambda s: s.fit(steps="many"),
        lambda s: s.fit(steps=0),
        lambda s: s.fit(sparsity=-1),
        lambda s: s.fit(grids=[0]),
        lambda s: s.fit(grids=7),
        lambda s: s.prune("x"),
        lambda s: s.prune(2),
        lambda s: s.refine(2),
        lambda s: s.refine(None),
        lambda s: s.remove((0, 0)),
        lambda s: s.remove("000"),
        lambda s: s.remove((0, 0, 0.5)),
        lambda s: s.remove((9, 0, 0)),
        lambda s: s.remove_node((1,)),
        lambda s: s.remove_node((2, 0)),
        lambda s: s.remove_node(3),
        lambda s: s.fix((0, 0, 0), "sinn"),
        lambda s: s.fix((0, 0, 0), None),
        lambda s: s.fix((0, 0, 0), "__import__('os')"),
        lambda s: s.release((0, 0, 0)),
        lambda s: s.lock((0, 0, 7)),
        lambda s: s.suggest((0, 5, 0)),
        lambda s: s.suggest((0, 0, 0), forms=["sinn"]),
        lambda s: s.discover(trials=0),
        lambda s: s.go("x"),
        lambda s: s.redo(),
        lambda s: s.law(),
        lambda s: s.save("/nowhere/at/all.kanlab"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(
    session: kl.Session, act: Callable[[kl.Session], Any]
) -> None:
    history, network = session.investigation.history, digest(session.network)
    refused(lambda: act(session))
    assert session.investigation.history is history
    assert digest(session.network) == network
    assert not session.running


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shape": [3, 1]}, "3 inputs"),
        ({"shape": [2, 1, 2]}, "2 outputs"),
        ({"shape": "2,1"}, "list of layer widths"),
        ({"shape": [2]}, "list of layer widths"),
        ({"shape": [2, 0, 1]}, "0"),
        ({"shape": [2, -1, 1]}, "-1"),
        ({"shape": [2, (1, [1]), 1]}, "(1, [1])"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": None}, "seed is None"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"order": 0}, "order is 0"),
        ({"intervals": 0}, "use whole numbers"),
        ({"intervals": [3]}, "interval counts"),
        ({"base": "selu"}, "'selu'"),
    ],
)
def test_a_session_that_cannot_be(options: dict[str, Any], words: str) -> None:
    refused(lambda: tiny(**options), words)


@pytest.mark.parametrize("data", [None, columns(30), pd.DataFrame({"y": [1.0]}), "planets"])
def test_a_session_needs_a_dataset(data: Any) -> None:
    refused(lambda: kl.Session(data), "needs a kanlab Dataset", "load(name)", kind=DataError)


def test_kanlab_chooses_the_shape() -> None:
    few = kl.Session(small(30))
    many = kl.Session(small(2000))
    assert str(few.network.spec) == "[2, 1, 1]"
    assert str(many.network.spec) == "[2, 5, 1]"


def test_no_thread_is_left(session: kl.Session) -> None:
    session.fit(steps=1).prune()
    for thread in threading.enumerate():
        if thread.name == "kanlab-work":
            thread.join(5)
            assert not thread.is_alive()


def test_a_plain_fit_is_sparse_only_until_the_first_edit() -> None:
    session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0).fit(wait=True).prune().fit(wait=True)
    first, _, last = session.actions
    assert first.sparsity > 0  # type: ignore[union-attr]
    assert last.sparsity == 0  # type: ignore[union-attr]
