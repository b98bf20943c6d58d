"""The stories of the chains can be opened at each of their states."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.anderson_paths import MOSAIC, PHASES, STORIES, TWO_CLASSES, mosaic_states, played
from kanlab.cases.class_law import class_law, edge
from kanlab.cases.logit import log_odds, with_plain_arguments
from kanlab.data import columns
from kanlab.errors import ActionError
from kanlab.report.payload import payload


def test_the_edge_of_the_mosaic_model() -> None:
    data = mosaic_states(rows=3000, sites=144)
    session = played(data, TWO_CLASSES, (*MOSAIC, STORIES[0].actions[-1]), seed=0)
    law = class_law(with_plain_arguments(log_odds(session.network, data.names), "lam"), data)
    energy = np.array([0.8, 1.0, 1.5, 2.0])
    assert edge(law.text, {"abs_energy": energy}) == pytest.approx(2 / energy, rel=0.1)


def test_states_of_both_signs_of_the_energy_are_one_column() -> None:
    data = mosaic_states(rows=600, sites=144)
    assert data.classes == PHASES
    assert data.inputs[:, 0].min() > 0.7
    ring, single = (
        columns("anderson-mm2", rows=600, sites=144, lam=(0.5, 3.5), **labels)
        for labels in ({"boundary": "periodic", "box": 12}, {"box": 1})
    )
    for box, table in ((None, ring), (1, single)):
        size = np.abs(table["energy"])
        seen = (size > 0.7) & (size < 2.4)
        made = mosaic_states(rows=600, sites=144, box=box)
        np.testing.assert_array_equal(made.inputs[:, 0], size[seen])
        np.testing.assert_array_equal(made.targets[:, 0], table["localized"][seen])


def test_a_story_opens_also_where_its_law_cannot_be_written_down() -> None:
    story = next(held for held in STORIES if held.name == "gaam")
    investigation = story.play().investigation
    shown = payload(investigation)["law"]
    try:
        investigation.law()
    except ActionError:
        assert shown is None
    else:
        assert shown is not None
