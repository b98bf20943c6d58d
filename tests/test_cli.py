"""The command line: exit status, one sentence for what is refused, the keys of the JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kanlab import __version__
from kanlab.cli import main
from kanlab.data import load
from kanlab.discovery.rival import TOO_FEW
from tests.sentences import is_one_sentence

PLANETS = Path(__file__).resolve().parent.parent / "datasets" / "planets" / "data.csv"
COLUMNS = ("--inputs", "semi_major_axis", "eccentricity", "--uncertainty", "period_uncertainty")
KEYS = {"law", "latex", "rmse_test", "r2_test", "complexity", "constants", "inputs_used", "seconds", "shelf"}


def test_kepler_from_the_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, page = tmp_path / "law.json", tmp_path / "law.html"
    status = main(
        ["discover", str(PLANETS), "--target", "period", *COLUMNS, "--json", str(out), "--report", str(page)]
    )
    assert status == 0
    record = json.loads(out.read_text())
    assert set(record) >= KEYS
    assert all(set(held) == {"name", "value", "standard_error", "snapped"} for held in record["constants"])
    assert record["rmse_test"] > 0
    assert record["r2_test"] > 0.999
    assert record["latex"].startswith(r"\mathrm{period} =")
    assert record["law"] in [law["law"] for law in record["shelf"]]
    assert record["seconds"] < 60
    assert all(law["nats_behind"] >= 0 and law["on_front"] in (True, False) for law in record["shelf"])
    assert record["noise"] > 0
    few = TOO_FEW.format(len(load("planets").part("train").inputs))
    assert record["notes"] == ["The law does without eccentricity.", few]
    assert record["notes"][0] in page.read_text()
    assert record["units"] is None
    assert record["law"] == "period = semi_major_axis**(3/2)"
    assert record["inputs_used"] == ["semi_major_axis"]
    (exponent,) = [held for held in record["constants"] if held["snapped"] == "3/2"]
    # measured: 1.50003 with a standard error of 0.00006
    assert abs(exponent["value"] - 1.5) < exponent["standard_error"] < 1e-4
    assert "<math" in page.read_text()
    assert record["law"] in capsys.readouterr().out


def test_units_are_stated_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(0)
    mass, speed = random.uniform(1, 3, 200), random.uniform(1, 5, 200)
    path, out = tmp_path / "energy.csv", tmp_path / "energy.json"
    table = np.column_stack([mass, speed, mass * speed**2 / 2])
    np.savetxt(path, table, delimiter=",", header="m,v,W", comments="")
    told = ["discover", str(path), "--target", "W", "--json", str(out), "--units", "m=kg", "v=m/s"]
    assert main([*told, "W=J"]) == 0
    assert json.loads(out.read_text())["units"] == "units: consistent"
    assert "units: consistent\n" in capsys.readouterr().out
    assert main([*told, "W=N"]) == 0
    assert json.loads(out.read_text())["units"].endswith("the 1/2 in front in N*s^2/(kg*m^2)")


@pytest.mark.parametrize("said", ["m", "=kg", "m="])
def test_a_unit_without_its_column_is_refused(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(PLANETS), "--target", "period", "--units", said]) == 2
    assert f"{said!r} is no COLUMN=UNIT" in capsys.readouterr().err


def test_noise_holds_no_law(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = np.random.default_rng(0).normal(size=(40, 3))
    path = tmp_path / "noise.csv"
    np.savetxt(path, table, delimiter=",", header="a,b,y", comments="")
    out = tmp_path / "noise.json"
    assert main(["discover", str(path), "--target", "y", "--json", str(out)]) == 1
    assert capsys.readouterr().out.startswith(
        "No law was found: nothing describes the target better than its mean.\n"
    )
    assert json.loads(out.read_text())["law"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["discover", "no_such.csv", "--target", "y"], "no_such.csv"),
        (["discover", str(PLANETS), "--target", "periode"], "period"),
        (["discover", str(PLANETS), "--target", "period"], "body"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--seed", "-1"], "seed is -1"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--seed", "one"], "--seed"),
        (
            ["discover", str(PLANETS), "--target", "period", *COLUMNS, "--time-limit", "-1"],
            "time limit is -1",
        ),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--time-limit", "nan"], "nan"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--json", "/no/where.json"], "/no/where"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--report", "/tmp"], "/tmp"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--cores", "0"], "number of cores is 0"),
        (["discover", str(PLANETS), "--target", "period", *COLUMNS, "--forms", "x*"], "formula ends"),
        (["discover", str(PLANETS)], "--target"),
        (["discovr"], "discover"),
        ([], "COMMAND"),
    ],
)
def test_what_is_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert is_one_sentence(told.removesuffix("\n"))
    assert told.count("\n") == 1


def test_forms_and_cores_are_passed_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = np.random.default_rng(0).uniform(0, 3, 60)
    path = tmp_path / "table.csv"
    np.savetxt(path, np.c_[x, 2 * x * np.exp(-x)], delimiter=",", header="a,y", comments="")
    out = tmp_path / "law.json"
    told = ["--target", "y", "--forms", "x*exp(-x)", "J0", "--cores", "1", "--json", str(out)]
    assert main(["discover", str(path), *told]) == 0
    assert json.loads(out.read_text())["law"] == "y = 2*a*exp(-a)"
    assert capsys.readouterr().out.startswith("y = 2*a*exp(-a)\n")


def test_datasets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets"]) == 0
    listed = capsys.readouterr().out
    known = {"planets", "exp_sin", "alpha_decay", "knots", "anderson-gaam", "feynman-I.6.2", "toy-product"}
    assert known <= {line.split()[0] for line in listed.splitlines()}
    assert max(len(line) for line in listed.splitlines()) < 200


def test_lab_without_tutorials_or_jupyter_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("kanlab.lab.find_spec", lambda _: None)
    assert main(["lab", str(tmp_path)]) == 2
    assert "pip install" in capsys.readouterr().err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"kanlab {__version__}\n"


def test_the_process_ends_with_the_status_and_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "kanlab.cli", "discover", "missing.csv", "--target", "y"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PLANETS.parents[2])},
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "There is no file 'missing.csv'; check the path.\n"
    assert list(tmp_path.iterdir()) == []


def test_the_clock_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, z = np.random.default_rng(0).uniform(-1, 1, (2, 100))
    path = tmp_path / "wavy.csv"
    table = np.c_[x, z, x**2 + z + 0.05 * np.sin(9 * x * z)]
    np.savetxt(path, table, delimiter=",", header="a,b,y", comments="")
    assert main(["discover", str(path), "--target", "y", "--time-limit", "0"]) == 0
    assert "ended by the clock" in capsys.readouterr().out


def test_an_interrupt_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kanlab.cli.discover", interrupted)
    assert main(["discover", str(PLANETS), "--target", "period", *COLUMNS]) == 1
    assert capsys.readouterr().err.endswith("Stopped.\n")
