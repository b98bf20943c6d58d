"""The shipped tables: whole, checked, and holding the law they are said to hold."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from kanlab.data import available, columns, load
from kanlab.data.generators import GENERATORS
from kanlab.data.registry import FOLDERS
from kanlab.errors import DataError, FileError

FOLDER = next(folder for folder in FOLDERS if folder.is_dir())
STORED = available(folder=FOLDER)
NAMES = [info.name for info in STORED]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(FOLDER / "exp_sin", tmp_path / "exp_sin")
    return tmp_path


def test_known_names():
    assert {"exp_sin", "planets", "alpha_decay", "knots", "knots-deepmind"} <= set(NAMES)
    assert sorted(NAMES) == NAMES
    everything = [info.name for info in available()]
    assert sorted(everything) == everything
    assert set(everything) == {*NAMES, *GENERATORS}


@pytest.mark.parametrize("info", STORED, ids=NAMES)
def test_every_dataset_is_what_its_record_says(info, monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    data = load(info.name)
    assert (data.rows, data.names, ", ".join(data.target_names)) == (info.rows, info.inputs, info.target)
    assert data.title == info.title
    assert info.source
    assert info.licence
    assert data.same_as(load(info.name))


@pytest.mark.parametrize("name", NAMES)
def test_every_dataset_is_documented(name):
    text = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    record = json.loads((FOLDER / name / "dataset.json").read_text(encoding="utf-8"))
    assert record["sha256"] in text
    assert "Source" in text
    assert "Licence" in text
    for column in (*record["inputs"], record["target"]):
        assert f"`{column}`" in text
    assert (FOLDER / name / "make.py").is_file()


def test_other_columns_than_the_usual_ones():
    data = load("planets", target="eccentricity")
    assert data.names == ("semi_major_axis",)
    assert data.uncertainty is None
    assert data.units == {"semi_major_axis": "au"}
    data = load("planets", inputs=["semi_major_axis", "period_uncertainty"])
    assert data.names == ("semi_major_axis", "period_uncertainty")
    assert data.units["period_uncertainty"] == "yr"
    assert data.source.code() == 'kl.load("planets", inputs=["semi_major_axis", "period_uncertainty"])'


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"inputs": ["axis"]}, r"no column 'axis'; its columns are 'body', 'semi_major_axis'"),
        ({"target": "periods"}, r"no column 'periods'.+Did you mean 'period'"),
        ({"target": "body"}, r"Column 'body' holds .+ which is not a number"),
        ({"task": "classes"}, r"task='classes' is not known"),
        ({"split": "volume"}, r"The dataset 'planets' has no split 'volume'; its splits are random\."),
        ({"seed": -1}, r"seed=-1 is no seed; give a whole number from 0 on"),
        ({"seed": True}, r"seed=True is no seed"),
        ({"rows": 10}, r"The dataset 'planets' is stored and not computed, so it has no option 'rows'"),
    ],
)
def test_refused_options(options, message):
    with pytest.raises(DataError, match=message):
        load("planets", **options)


def test_seed_draws_the_split():
    first, second = load("planets", seed=1), load("planets", seed=2)
    assert not first.split.same_as(second.split)
    assert first.same_as(load("planets", seed=1))
    np.testing.assert_array_equal(first.targets, second.targets)


def test_columns_are_all_columns():
    found = columns("planets")
    assert next(iter(found)) == "body"
    assert found["body"].dtype.kind == "U"
    np.testing.assert_array_equal(found["period"], load("planets").targets[:, 0])


def test_unknown_name():
    with pytest.raises(DataError, match=r"no dataset 'planet'.+Did you mean 'planets'\?"):
        load("planet")
    with pytest.raises(DataError, match="no dataset"):
        load("../datasets/planets")


def test_changed_file_is_refused(copy):
    assert load("exp_sin", folder=copy).same_as(load("exp_sin"))
    file = copy / "exp_sin" / "data.csv"
    file.write_bytes(file.read_bytes().replace(b"0.27392", b"0.27393", 1))
    with pytest.raises(FileError, match="checksum"):
        load("exp_sin", folder=copy)


def test_absent_file_and_broken_record_are_refused(copy):
    place = copy / "exp_sin"
    (place / "data.csv").unlink()
    with pytest.raises(FileError, match=r"no file 'data.csv'"):
        load("exp_sin", folder=copy)
    (place / "dataset.json").write_text('{"title": "T"}')
    with pytest.raises(FileError, match="lacks file"):
        available(folder=copy)
    (place / "dataset.json").write_text("{")
    with pytest.raises(FileError, match="not JSON"):
        available(folder=copy)


def test_record_cannot_point_outside_its_folder(copy):
    record = copy / "exp_sin" / "dataset.json"
    content = json.loads(record.read_text()) | {"file": "../../secret.csv"}
    record.write_text(json.dumps(content))
    with pytest.raises(FileError, match=r"no file 'secret.csv'"):
        load("exp_sin", folder=copy)


def test_no_folder_at_all(monkeypatch):
    monkeypatch.setattr("kanlab.data.registry.FOLDERS", (Path("/nowhere"),))
    with pytest.raises(FileError, match="install kanlab again"):
        available()


def test_exp_sin_is_the_function_to_the_last_digit():
    data = load("exp_sin")
    x1, x2 = data.inputs.T
    np.testing.assert_allclose(data.targets[:, 0], np.exp(np.sin(np.pi * x1) + x2**2), rtol=1e-15)
    assert np.abs(data.inputs).max() <= 1.0
    np.testing.assert_array_equal(data.split.fit, np.arange(1000))
    assert (data.split.train.size, data.split.validation.size, data.split.test.size) == (800, 200, 1000)


def line(x, y, weights):
    """Weighted least squares y = c + p x: the slope p, and its standard error from the scatter and from the weights."""
    design = np.c_[np.ones_like(x), x]
    normal = design.T @ (weights[:, None] * design)
    found = np.linalg.solve(normal, design.T @ (weights * y))
    scatter = np.sum(weights * (y - design @ found) ** 2) / (x.size - 2)
    variance = np.linalg.inv(normal)[1, 1]
    return found[1], np.sqrt(scatter * variance), np.sqrt(variance)


def test_planets_hold_the_third_law_of_kepler():
    data = load("planets")
    axis, period = data.inputs[:, 0], data.targets[:, 0]
    power, scatter, stated = line(np.log(axis), np.log(period), (period / data.uncertainty) ** 2)
    assert abs(power - 1.5) < scatter < stated < 2e-5
    # without weights the mass of the outer planets counts as much as the precision of the inner ones
    power, scatter, _ = line(np.log(axis), np.log(period), np.ones(data.rows))
    assert abs(power - 1.5) < 2 * scatter < 3e-4
    assert np.sqrt(np.mean((period / axis**1.5 - 1.0) ** 2)) < 7e-4


def test_alpha_decays_hold_the_law_of_geiger_and_nuttall():
    data = load("alpha_decay")
    charge, energy, unpaired = data.inputs.T
    half_life = data.targets[:, 0]
    terms = np.c_[charge / np.sqrt(energy), energy**-0.5, charge, unpaired, np.ones(data.rows)]
    found, *_ = np.linalg.lstsq(terms, half_life, rcond=None)
    assert 1.0 - np.var(half_life - terms @ found) / np.var(half_life) > 0.985
    # Viola and Seaborg, with the constants of Sobiczewski et al. (1989): a = 1.66, c = -0.20.
    assert found[0] == pytest.approx(1.66, rel=0.2)
    assert found[2] == pytest.approx(-0.20, rel=0.3)
    assert found[3] > 0.0
