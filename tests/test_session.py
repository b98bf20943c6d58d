"""The session as a person uses it: methods, undo, files, scripts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import kanlab as kl
from kanlab.forms import grammar

LAW = "y = exp(x2**2 + sin(pi*x1))"
EDGES = ((0, 0, 0), (0, 1, 0), (1, 0, 0))


def walked(data: kl.Dataset) -> kl.Session:
    """The paper's walk: fit, prune, fix what is suggested."""
    session = kl.Session(data, shape=[2, 5, 1], seed=0)
    session.fit(wait=True).prune()
    for edge in EDGES:
        session.fix(edge, session.suggest(edge)[0].form)
    return session


@pytest.fixture(scope="module")
def session() -> kl.Session:
    return walked(kl.load("exp_sin"))


def test_the_walk_ends_at_the_law(session: kl.Session) -> None:
    law = session.law()
    assert str(law) == LAW
    assert law.error <= 1e-12
    assert law.held_out


def test_the_printed_text_scores_what_it_claims(session: kl.Session) -> None:
    law, test = session.law(), session.data.part("test")
    columns = {name: test.inputs[:, index] for index, name in enumerate(session.data.names)}
    values = grammar.evaluate(grammar.parse(law.text, variables=session.data.names), columns)
    assert float(np.sqrt(np.mean((values - test.targets[:, 0]) ** 2))) == pytest.approx(law.error, abs=1e-15)
    assert np.allclose(session.predict(test.inputs), law(test.inputs), rtol=0, atol=1e-12)


def test_undo_to_the_start_and_redo_to_the_end(session: kl.Session) -> None:
    last = session.state
    for _ in range(len(session.actions)):
        session.undo()
    with pytest.raises(kl.KanlabError, match="nothing to undo"):
        session.undo()
    for _ in range(5):
        session.redo()
    assert session.state is last
    with pytest.raises(kl.KanlabError, match="nothing to redo"):
        session.redo()


def test_open_gives_back_what_was_saved(session: kl.Session, tmp_path: Path) -> None:
    again = kl.open(session.save(tmp_path / "one.kanlab"))
    assert again.investigation.same_as(session.investigation)
    assert str(again.law()) == LAW


@pytest.mark.parametrize("kind", ["registry", "csv", "memory"])
def test_the_script_gives_the_same_investigation(kind: str, tmp_path: Path) -> None:
    table = kl.load("exp_sin")
    inputs, targets = table.inputs[:300], table.targets[:300, 0]
    frame = pd.DataFrame({"x1": inputs[:, 0], "x2": inputs[:, 1], "y": targets})
    frame.to_csv(tmp_path / "table.csv", index=False)
    data = {
        "registry": lambda: table,
        "csv": lambda: kl.Dataset.from_csv(tmp_path / "table.csv", target="y"),
        "memory": lambda: kl.Dataset.from_frame(frame, target="y"),
    }[kind]()
    session = kl.Session(data, shape=[2, 2, 1], seed=3).fit(steps=5, sparsity=0, wait=True)
    session.refine(10).fix((0, 0, 0), "sin").lock((0, 0, 0))
    space: dict[str, kl.Session] = {}
    exec(session.script(), space)
    assert space["session"].same_as(session)


def test_the_script_runs_in_plain_python(session: kl.Session, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(session.script())
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.splitlines()[0] == LAW
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]


def test_predict_takes_frames_with_other_columns_and_orders() -> None:
    data = kl.load("exp_sin")
    session = kl.Session(data, shape=[2, 1, 1])
    frame = pd.DataFrame({"z": 0.0, "x2": data.inputs[:5, 1], "x1": data.inputs[:5, 0]})
    assert np.array_equal(session.predict(frame), session.predict(data.inputs[:5]))
    with pytest.raises(kl.KanlabError, match="'x1'"):
        session.predict(frame[["x2", "z"]])


def test_stop_keeps_what_was_reached_and_replays() -> None:
    session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1])
    session.fit(steps=100_000, sparsity=0.02, wait=False)
    while session.investigation.state.number == 0 and not _begun(session):
        pass
    session.stop()
    (action,) = session.actions
    assert action.stop_after is not None  # type: ignore[union-attr]
    assert session.investigation.replay([action]).state.same_as(session.state)


def _begun(session: kl.Session) -> bool:
    work = session._runner.work
    return work is not None and work.latest is not None and work.latest.step > 3


def test_the_workbench_and_the_session_are_one() -> None:
    session = kl.Session(kl.load("exp_sin"), shape=[2, 2, 1])
    bench = session.workbench
    session.remove((0, 0, 1))
    assert bench.history["current"] == 1
    assert bench.graph["edges"][1]["status"] == "removed"
    bundle = session._repr_mimebundle_()
    assert "image/svg+xml" in bundle[0]
    bench.close()


def test_report_and_figure(session: kl.Session, tmp_path: Path) -> None:
    page = session.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert "<svg" in page
    session.figure().savefig(tmp_path / "figure.pdf")


def test_a_refused_action_changes_nothing(session: kl.Session) -> None:
    before = session.state
    with pytest.raises(kl.KanlabError, match="sin"):
        session.fix((0, 0, 0), "sinn")
    assert session.state is before
