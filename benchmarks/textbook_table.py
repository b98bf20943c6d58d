"""Laws from textbooks of physics, chemistry and biology that the search was not designed on.

The list was written before the search it judges. Formulas are in the project's grammar; boxes keep clear of
singularities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Side = tuple[float, float]
TURN = (0.0, 2 * float(np.pi))


@dataclass(frozen=True)
class TextbookLaw:
    """A law: its name, the formula of its columns, and the box its rows are drawn from."""

    name: str
    formula: str
    box: dict[str, Side]


LAWS: tuple[TextbookLaw, ...] = (
    TextbookLaw("relativistic Doppler", "f*sqrt((1 + b)/(1 - b))", {"f": (0.5, 2), "b": (-0.8, 0.8)}),
    TextbookLaw("Planck", "a*x**3/(exp(x) - 1)", {"a": (0.5, 2), "x": (0.5, 5)}),
    TextbookLaw("thin lens", "f*d/(d - f)", {"f": (0.5, 1), "d": (1.5, 4)}),
    TextbookLaw(
        "pendulum, first correction",
        "2*pi*sqrt(l/g)*(1 + t**2/16)",
        {"l": (0.5, 3), "g": (5, 15), "t": (0, 1.2)},
    ),
    TextbookLaw(
        "damped oscillation",
        "a*exp(-c*t)*cos(w*t)",
        {"a": (0.5, 2), "c": (0.1, 1), "t": (0, 5), "w": (1, 3)},
    ),
    TextbookLaw("van der Waals, reduced", "8*t/(3*v - 1) - 3/v**2", {"t": (0.8, 1.5), "v": (0.6, 3)}),
    TextbookLaw("rocket", "u*log(m0/m1)", {"u": (1, 4), "m0": (2, 5), "m1": (0.5, 1.5)}),
    TextbookLaw("Kepler orbit", "p/(1 + e*cos(t))", {"p": (0.5, 2), "e": (0, 0.8), "t": TURN}),
    TextbookLaw("projectile range", "v**2*sin(2*t)/g", {"v": (1, 5), "t": (0.1, 1.4), "g": (5, 15)}),
    TextbookLaw("reduced mass", "m1*m2/(m1 + m2)", {"m1": (0.5, 3), "m2": (0.5, 3)}),
    TextbookLaw(
        "impedance",
        "sqrt(r**2 + (w*l - 1/(w*c))**2)",
        {"r": (0.5, 2), "w": (0.5, 2), "l": (0.5, 2), "c": (0.5, 2)},
    ),
    TextbookLaw("relativistic kinetic energy", "m*(1/sqrt(1 - v**2) - 1)", {"m": (0.5, 2), "v": (0, 0.9)}),
    TextbookLaw("Snell", "arcsin(n1*sin(t)/n2)", {"n1": (1, 1.5), "n2": (1.6, 2.5), "t": (0, 1.4)}),
    TextbookLaw("approach to a limit", "v*(1 - exp(-t/s))", {"v": (0.5, 3), "t": (0, 5), "s": (0.5, 2)}),
    TextbookLaw("Langevin", "m*(1/tanh(x) - 1/x)", {"m": (0.5, 2), "x": (0.3, 5)}),
    TextbookLaw("Arrhenius", "a*exp(-e/t)", {"a": (0.5, 2), "e": (0.5, 3), "t": (0.5, 2)}),
    TextbookLaw("Langmuir", "q*k*p/(1 + k*p)", {"q": (0.5, 2), "k": (0.5, 3), "p": (0.1, 3)}),
    TextbookLaw("Nernst", "e - t*log(q)/n", {"e": (-1, 1), "t": (0.5, 2), "q": (0.2, 5), "n": (1, 3)}),
    TextbookLaw(
        "Morse",
        "d*(1 - exp(-a*(r - r0)))**2",
        {"d": (0.5, 2), "a": (0.5, 2), "r": (0.5, 3), "r0": (0.8, 1.5)},
    ),
    TextbookLaw(
        "Lennard-Jones",
        "4*e*((s/r)**12 - (s/r)**6)",
        {"e": (0.5, 2), "s": (0.8, 1.2), "r": (0.9, 2)},
    ),
    TextbookLaw(
        "competitive inhibition",
        "v*s/(k*(1 + i/ki) + s)",
        {"v": (0.5, 2), "s": (0.1, 3), "k": (0.5, 2), "i": (0, 2), "ki": (0.5, 2)},
    ),
    TextbookLaw("Hill", "x**n/(k**n + x**n)", {"x": (0.2, 3), "n": (1, 4), "k": (0.5, 2)}),
    TextbookLaw(
        "logistic growth",
        "k/(1 + (k/n - 1)*exp(-r*t))",
        {"k": (2, 4), "n": (0.1, 1), "r": (0.5, 2), "t": (0, 4)},
    ),
    TextbookLaw(
        "Gompertz",
        "a*exp(-b*exp(-c*t))",
        {"a": (0.5, 2), "b": (1, 3), "c": (0.3, 1.5), "t": (0, 4)},
    ),
    TextbookLaw(
        "Poiseuille",
        "pi*p*r**4/(8*m*l)",
        {"p": (0.5, 2), "r": (0.5, 1.5), "m": (0.5, 2), "l": (0.5, 2)},
    ),
    TextbookLaw(
        "metabolic rate",
        "b*m**(3/4)*exp(-e/t)",
        {"b": (0.5, 2), "m": (0.5, 10), "e": (0.5, 2), "t": (0.5, 2)},
    ),
    TextbookLaw(
        "Haldane",
        "m*s/(k + s + s**2/i)",
        {"m": (0.5, 2), "s": (0.1, 5), "k": (0.2, 2), "i": (0.5, 3)},
    ),
    TextbookLaw("Ricker", "n*exp(r*(1 - n/k))", {"n": (0.2, 3), "r": (0.5, 2), "k": (0.5, 2)}),
)
