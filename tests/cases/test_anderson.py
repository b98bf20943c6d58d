"""The stories of the chains can be opened at each of their states."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.anderson_paths import MOSAIC, STORIES, mosaic_states, played
from kanlab.cases.class_law import class_law, edge
from kanlab.cases.logit import logit, with_plain_arguments
from kanlab.errors import ActionError
from kanlab.report.payload import payload


def test_the_edge_of_the_mosaic_model() -> None:
    data = mosaic_states(rows=3000, sites=144)
    session = played(data, (2, 1, 1), (*MOSAIC, STORIES[0].actions[-1]), seed=0)
    law = class_law(with_plain_arguments(logit(session.network, data.names), "lam"), data)
    energy = np.array([-1.5, -1.0, 1.0, 2.0])
    assert edge(law.text, {"energy": energy}) == pytest.approx(2 / np.abs(energy), rel=0.2)


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
