"""The walk of figure 2.4: fit, prune, name the curves, and read off exp(sin(pi x) + y^2)."""

from __future__ import annotations

from statistics import median

from ..data import load
from ..discovery.actions import Fit, Fix, Prune
from ..network import EdgeId
from ..progress import discover
from .case import Case, Figures, Scale, Step
from .claim import YES, Claim, Equal, at_least, at_most
from .story import Story

TRUTH = "exp(x2**2 + sin(pi*x1))"
WALK = Story(
    "walk",
    "Fit, prune, fix three forms",
    lambda: load("exp_sin"),
    (2, 5, 1),
    (
        Fit(sparsity=0.02),
        Prune(),
        Fix(EdgeId(0, 0, 0), "sin"),
        Fix(EdgeId(0, 1, 0), "x^2"),
        Fix(EdgeId(1, 0, 0), "exp"),
    ),
)


def walk(scale: Scale) -> Figures:
    """The story for several seeds: how many end in the law, and the error of the printed text."""
    laws, shapes, errors = [], [], []
    for seed in scale.seeds(10, 2):
        session = Story("walk", "", WALK.data, WALK.shape, WALK.actions, {"seed": seed}).play(until=2)
        shapes.append(str(session.network.spec))
        session.replay(WALK.actions[2:])
        law = session.law()
        laws.append(law.text)
        errors.append(law.error)
    return {
        "laws": laws,
        "pruned": sum(shape == "[2, 1, 1]" for shape in shapes) / len(shapes),
        "share": sum(law == TRUTH for law in laws) / len(laws),
        "law": laws[0],
        "error": median(errors),
    }


def wrong(scale: Scale) -> Figures:
    """cosh in the place of x^2: the error at which the fit sticks, against that of the right form."""
    edge = EdgeId(0, 1, 0)
    errors: list[float] = []
    ranks: list[bool] = []
    for seed in scale.seeds(5, 2):
        session = Story("wrong", "", WALK.data, WALK.shape, WALK.actions, {"seed": seed}).play(until=3)
        ranks.append(session.suggest(edge)[0].form == "x^2")
        session.fix(edge, "cosh").fix((1, 0, 0), "exp")
        errors.append(session.law().error)
    return {"error": median(errors), "first": all(ranks)}


def search(scale: Scale) -> Figures:
    """`discover` on the same table."""
    found = [discover(load("exp_sin"), time_limit=None, seed=seed).best for seed in scale.seeds(10, 2)]
    return {"share": sum(law is not None and law.text == TRUTH for law in found) / len(found)}


CASE = Case(
    name="walkthrough",
    title="Can a network be turned into the formula it has learned?",
    source="arXiv 2404.19756, section 2.5, figure 2.4",
    steps=(Step("walk", walk), Step("wrong", wrong), Step("search", search)),
    claims=(
        Claim("pruning [2, 5, 1] leaves [2, 1, 1]", "walk.pruned", at_least(0.9), "[2,1,1]"),
        Claim(
            "three named curves give the law", "walk.law", Equal(TRUTH), "1.0 exp(1.0 y^2 + 1.0 sin(3.14 x))"
        ),
        Claim("seeds that end in the law", "walk.share", at_least(0.9), "one seed"),
        Claim("test error of the printed law", "walk.error", at_most(1e-10), "1.13e-10"),
        Claim(
            "a wrong name, cosh for x²: error at which it sticks", "wrong.error", at_least(1e-5), "1.28e-3"
        ),
        Claim("x² is offered first", "wrong.first", YES),
        Claim("discover finds it without hands", "search.share", at_least(0.9)),
    ),
    stories=(WALK,),
    headline="Five hidden nodes, one needed: the printed law has no error left.",
    law="walk.law",
)
