"""The gallery of cases: pictures in docs/cases, sections of the README and of notebooks/README.md, the table of claims.

python -m tools.gallery

All of it is made from benchmarks/results/cases, which `kanlab reproduce` writes; nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kanlab.cases import Case, Figures, Scale, find, names
from kanlab.cases.record import figures_of, outcomes_of
from kanlab.cases.reproduce import write_page
from kanlab.cases.telling import headline_of, law_of
from kanlab.cases.verdict import EXPLAINED, HOLDS, Verdict, verdicts

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "cases"
PICTURES = ROOT / "docs" / "cases"
README, NOTEBOOKS = ROOT / "README.md", ROOT / "notebooks" / "README.md"
BEGIN = "<!-- gallery: written by `python -m tools.gallery` from benchmarks/results/cases, do not edit -->"
END = "<!-- end of gallery -->"
DPI, WIDTH = 110, 340
Held = Mapping[str, Figures]


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in names():
        case, figures = find(name), figures_of(RESULTS / f"{name}.json")
        if case.picture is not None and figures:
            place = PICTURES / f"{name}.png"
            case.picture(figures).savefig(place, dpi=DPI, metadata={"Software": None})
    README.write_text(with_gallery(README.read_text(encoding="utf-8")), encoding="utf-8")
    NOTEBOOKS.write_text(page(), encoding="utf-8")
    write_page([line for name in names() for line in measured(find(name))], RESULTS)


def measured(case: Case) -> list[Verdict]:
    """The claims of a case with the figures that were measured."""
    return verdicts(case, outcomes_of(case.name, RESULTS / f"{case.name}.json"), Scale())


def with_gallery(text: str) -> str:
    """The README with the gallery of now between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{gallery('')}\n{END}{after}"


def page() -> str:
    """notebooks/README.md."""
    return (
        "# Notebooks and case studies\n\n"
        "[01_first_law.ipynb](01_first_law.ipynb) is the guided tutorial. Each case below is carried out by "
        "`kanlab reproduce NAME`; the table of all claims is in "
        "[benchmarks/results/cases](../benchmarks/results/cases/README.md).\n\n" + gallery("../") + "\n"
    )


def gallery(root: str) -> str:
    """A row for each case that was measured: picture, question, answer, law, claims. `root` leads to the repository."""
    rows = [_row(find(name), figures_of(RESULTS / f"{name}.json"), root) for name in names()]
    return "\n".join(["| | |", "|---|---|", *filter(None, rows)])


def _row(case: Case, figures: Held, root: str) -> str:
    if not figures:
        return ""
    lines = measured(case)
    holds, not_so = (sum(line.word == word for line in lines) for word in (HOLDS, EXPLAINED))
    law = law_of(case, figures)
    picture = f'<img src="{root}docs/cases/{case.name}.png" width="{WIDTH}" alt="{case.title}">'
    parts = [
        f"**{case.title}**",
        headline_of(case, figures),
        f"`{law}`" if law else "",
        f"{case.source}.",
        f"`kanlab reproduce {case.name}`: {holds} of {len(lines)} claims hold"
        + (f", {not_so} {'does' if not_so == 1 else 'do'} not, for reasons given." if not_so else "."),
        f"[{case.notebook}]({root}notebooks/{case.notebook})" if case.notebook else "",
    ]
    cell = "<br>".join(part.replace("|", "\\|") for part in parts if part)
    return f"| {picture if case.picture is not None else ''} | {cell} |"


if __name__ == "__main__":
    main()
