"""Section 4.4: the mobility edges of quasiperiodic chains, from tables of localized and extended states.

An accuracy is always that of a printed text, on test rows of chains that no fit has seen.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from ..data import Dataset
from ..data.generators.chains import eigenstates
from ..session import Session
from .anderson_drawing import picture
from .anderson_laws import gaam_laws, maam_laws, read
from .anderson_paths import (
    GUIDED,
    LINEAR,
    MOSAIC,
    PRODUCT,
    SQUARES,
    STORIES,
    form,
    mosaic_states,
    played,
    states,
)
from .anderson_rivals import printed, rivals
from .case import Case, Figures, Scale, Step
from .claim import YES, Claim, around, at_least, at_most
from .class_law import ClassLaw, class_law, coefficients, edge, simplest
from .logit import logit, with_plain_arguments

SHOWN = 1200
TRUTH = {"gaam": "alpha*energy + 2*lam - 2", "maam": "lam*cosh(p) - energy - exp(p)"}
CHECKED = np.concatenate([np.linspace(-2.2, -0.8, 71), np.linspace(0.8, 2.2, 71)])
CORE = ("x", "x^2", "x^3", "1/x", "1/x^2", "sqrt", "exp", "log", "abs", "sin", "gaussian", "tanh", "1/abs(x)")


def physics(scale: Scale) -> Figures:
    """Two states of one chain, and the fractal dimension over energy and strength."""
    sites = scale.of(610, 144)
    held = eigenstates("gaam", {"alpha": 0.4, "lam": 0.9, "phi": 1.0}, sites=sites)
    order = np.argsort(held.dimension)
    shown = {"localized": int(order[0]), "extended": int(order[-1])}
    points: dict[str, list[float]] = {"energy": [], "lam": [], "dimension": []}
    for lam in np.linspace(0.5, 1.5, 21):
        chain = eigenstates("gaam", {"alpha": 0.4, "lam": float(lam), "phi": 1.0}, sites=sites)
        every = slice(None, None, max(1, sites // 60))
        points["energy"] += chain.energy[every].round(4).tolist()
        points["dimension"] += chain.dimension[every].round(4).tolist()
        points["lam"] += [round(float(lam), 3)] * len(chain.energy[every])
    return {
        **points,
        "waves": {name: held.wave[:, place].round(5).tolist() for name, place in shown.items()},
        **{f"d_{name}": float(held.dimension[place]) for name, place in shown.items()},
        **{f"ipr_{name}": float(held.ipr[place]) for name, place in shown.items()},
    }


def mosaic(scale: Scale) -> Figures:
    """The mosaic model: g = lam - h(E)."""
    found: dict[str, list[Any]] = {}
    drawn: dict[str, Any] = {}
    for seed in scale.seeds(3):
        data = mosaic_states(rows=scale.of(20000, 6000), sites=scale.of(610, 144), seed=seed)
        session = played(data, (2, 1, 1), MOSAIC, seed=0)
        error = np.abs(spline_edge(session) * np.abs(CHECKED) / 2 - 1)
        offered = [one.form for one in session.suggest((0, 0, 0), forms=CORE)]
        session.replay([form((0, 0, 0), "1/abs(x)")])
        law = class_law(with_plain_arguments(logit(session.network, data.names), "lam"), data)
        off = np.abs(edge(law.text, {"energy": CHECKED}) * np.abs(CHECKED) / 2 - 1)
        place = offered.index("1/abs(x)") + 1 if "1/abs(x)" in offered else len(CORE)
        _keep(
            found,
            **_judged("mm2", data, law),
            error=float(np.median(error)),
            worst=float(error.max()),
            law_error=float(off.max()),
            place=place,
            offered=", ".join(offered),
        )
        if seed == 0:
            drawn = {
                "curve": {"x": CHECKED.tolist(), "spline": spline_edge(session, until=4).tolist()},
                "points": _points(data, data.part("test").inputs[:, 0]),
            }
    return {**_medians(found), **drawn}


def gaam(scale: Scale) -> Figures:
    """A sum and a product, edges named x or x^2, the best of several starts."""
    return _laws(scale, "gaam", gaam_laws, scale.of(4, 6))


def maam(scale: Scale) -> Figures:
    """Steps 1 to 4A: energy and lam enter as lines, p as cosh and exp."""
    return _laws(scale, "maam", maam_laws, 2)


def by_squares(scale: Scale) -> Figures:
    """Step 4B: p enters as squares; and the forms that are offered first."""
    found: dict[str, list[Any]] = {}
    for seed in scale.seeds(3):
        data = _table(scale, "maam", seed)
        squares = read(played(data, PRODUCT, (*GUIDED, *LINEAR, *SQUARES), seed=1), data, "energy")
        session = played(data, PRODUCT, (*GUIDED, *LINEAR), seed=1)
        for place in ((0, 2, 0), (0, 2, 2)):
            session.replay([form(place, session.suggest(place)[0].form)])
        offered = read(session, data, "energy")
        test = data.part("test")
        _keep(
            found,
            squares=squares.text,
            squares_accuracy=squares.accuracy(test.inputs, test.targets[:, 0]),
            auto=offered.text,
            auto_accuracy=offered.accuracy(test.inputs, test.targets[:, 0]),
        )
    return _medians(found)


def spline_edge(session: Session, *, until: int | None = None) -> np.ndarray:
    """h(E) at CHECKED: the strength at which a mosaic network says 1/2."""
    network = session.network if until is None else session.investigation.history.states[until].network
    low, high = np.zeros_like(CHECKED), np.full_like(CHECKED, 8.0)
    for _ in range(40):
        middle = (low + high) / 2
        above = network.predict(np.column_stack([CHECKED, middle]))[:, 0] > 0.5
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2


def _table(scale: Scale, model: str, seed: int) -> Dataset:
    return states(model, rows=scale.of(8000, 3000), sites=scale.of(610, 144), seed=seed)


def _laws(
    scale: Scale, model: str, laws: Callable[[Dataset, int], list[ClassLaw]], starts: int
) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    drawn: dict[str, Any] = {}
    for seed in scale.seeds(3):
        data = _table(scale, model, seed)
        tried = laws(data, starts)
        law = simplest(tried, data)
        parts = coefficients(law.text, law.names)
        lead = parts.get("alpha*energy", 0.0)
        test = data.part("test")
        columns = dict(zip(data.names, test.inputs.T, strict=True))
        theory = edge(TRUTH[model], columns)
        with np.errstate(all="ignore"):
            miss = np.abs(edge(law.text, columns) - theory)
        near = (theory > 0.5) & (theory < 3)
        _keep(
            found,
            **_judged(model, data, law),
            **({"lam": parts.get("lam", 0.0) / lead, "one": parts.get("1", 0.0) / lead} if lead else {}),
            phi="phi" in law.text,
            exact=coefficients(law.text, law.names) == coefficients(TRUTH[model], law.names),
            edge_error=float(np.median(miss[near])),
            same=sum(held.text == law.text for held in tried),
            starts=len(tried),
        )
        if seed == 0:
            scores = printed(model, data)
            drawn = {
                "paper": max(scores.values()),
                "paper_each": scores,
                "points": _points(data, theory),
                "curve": {
                    "theory": theory[near][:300].tolist(),
                    "law": edge(law.text, columns)[near][:300].tolist(),
                },
            }
    return {
        **_medians(found),
        "without_phi": not any(found["phi"]),
        "exact": sum(found["exact"]) / len(found["exact"]),
        **drawn,
    }


def _judged(model: str, data: Dataset, law: ClassLaw) -> dict[str, Any]:
    test = data.part("test")
    accuracy = law.accuracy(test.inputs, test.targets[:, 0])
    others = rivals(model, data)
    return {"law": law.text, "accuracy": accuracy, "gap": 100 * (others["theory"] - accuracy), **others}


def _points(data: Dataset, x: np.ndarray) -> dict[str, list[float]]:
    test = data.part("test")
    every = slice(None, None, max(1, len(test.inputs) // SHOWN))
    lam = test.inputs[:, data.names.index("lam")]
    return {
        "x": x[every].round(4).tolist(),
        "lam": lam[every].round(4).tolist(),
        "localized": test.targets[every, 0].tolist(),
    }


def _keep(found: dict[str, list[Any]], **figures: Any) -> None:
    for name, value in figures.items():
        found.setdefault(name, []).append(value)


def _medians(found: dict[str, list[Any]]) -> dict[str, Any]:
    """Medians of the numbers over the seeds; of texts the first; and all of them."""
    middle = {
        name: values[0] if isinstance(values[0], str | bool) else float(median(values))
        for name, values in found.items()
    }
    return {**middle, "each": found}


CASE = Case(
    name="anderson",
    title="Where does a chain stop conducting, and is there a formula for it?",
    source="arXiv 2404.19756, section 4.4, figures 4.5 and 4.6, table 5",
    steps=(
        Step("physics", physics),
        Step("mosaic", mosaic),
        Step("gaam", gaam),
        Step("maam", maam),
        Step("squares", by_squares),
    ),
    claims=(
        Claim("fractal dimension of a localized state", "physics.d_localized", at_most(0.25), "~0"),
        Claim(
            "fractal dimension of an extended state",
            "physics.d_extended",
            at_least(0.85),
            "~1",
            quick=at_least(0.8),
        ),
        Claim(
            "mosaic: error of the spline h(E), median",
            "mosaic.error",
            at_most(0.05),
            "a figure",
            quick=at_most(0.12),
        ),
        Claim(
            "mosaic: error of the spline on 0.8 < |E| < 2.2, largest",
            "mosaic.worst",
            at_most(0.05),
            quick=at_most(0.25),
            because="Near the edge the chain has states at |E| of 0.90 to 1.23, 1.41 to 1.44, 1.56 to 1.80 and 2.13 "
            "to 2.25 only, beside a few at its open ends: between them nothing but smoothness tells the spline.",
        ),
        Claim(
            "mosaic: error of the law on 0.8 < |E| < 2.2, largest",
            "mosaic.law_error",
            at_most(0.05),
            quick=at_most(0.15),
        ),
        Claim(
            "mosaic: place of c/|E| among the forms that are offered",
            "mosaic.place",
            at_most(1),
            "a figure",
            quick=at_most(6),
        ),
        Claim("mosaic: points below theory", "mosaic.gap", at_most(0.5)),
        Claim("gaam: lam, with alpha E = 1", "gaam.lam", around(2, 0.1), "2.14"),
        Claim("gaam: constant, with alpha E = 1", "gaam.one", around(-2, 0.1), "-2.59"),
        Claim("gaam: phi is not in the law", "gaam.without_phi", YES, "pruned"),
        Claim("gaam: points below theory", "gaam.gap", at_most(0.3), "0.2", quick=at_most(1.5)),
        Claim(
            "maam: accuracy of the printed law",
            "maam.accuracy",
            at_least(0.977),
            "0.966 to 0.977",
            quick=at_least(0.955),
        ),
        Claim("maam: points below theory", "maam.gap", at_most(1.5), "1.5 or more"),
        Claim(
            "maam: seeds with the law of theory itself",
            "maam.exact",
            at_least(2 / 3),
            "none",
            quick=at_least(0),
        ),
        Claim("maam: phi is not in the law", "maam.without_phi", YES, "pruned"),
        Claim(
            "maam: accuracy with squares of p",
            "squares.squares_accuracy",
            at_least(0.954),
            "0.954",
            quick=at_least(0.94),
        ),
        Claim(
            "maam: accuracy with the forms offered first",
            "squares.auto_accuracy",
            at_least(0.97),
            "0.977",
            quick=at_least(0.6),
        ),
    ),
    stories=STORIES,
    headline="The printed laws find the mobility edges: {gaam.law} > 0 and {maam.law} > 0.",
    law="maam.law",
    picture=picture,
    notebook="anderson.ipynb",
)
