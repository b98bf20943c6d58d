"""The gallery is what the results say."""

from __future__ import annotations

from kanlab.cases import find, names
from kanlab.cases.record import figures_of
from tools.gallery import BEGIN, END, NOTEBOOKS, PICTURES, README, RESULTS, page, with_gallery


def test_the_gallery_is_that_of_the_results() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert with_gallery(text) == text
    assert NOTEBOOKS.read_text(encoding="utf-8") == page()


def test_every_case_has_its_picture_and_its_notebook() -> None:
    for name in names():
        case = find(name)
        if case.picture is not None and figures_of(RESULTS / f"{name}.json"):
            assert (PICTURES / f"{name}.png").stat().st_size > 5000
        assert not case.notebook or (NOTEBOOKS.parent / case.notebook).is_file()
