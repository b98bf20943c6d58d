"""Names of columns as a reader wants to see them: x1 as x₁, alpha as α, semi_major_axis in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# Without pi, which a formula means as the number, and without capitals that look like Latin letters.
# fmt: off
GREEK: Mapping[str, str] = MappingProxyType({
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
})
# fmt: on


@dataclass(frozen=True)
class Name:
    """A name in two parts: `base` is one letter or words, `subscript` what stands below it, or empty."""

    base: str
    subscript: str

    @property
    def is_letter(self) -> bool:
        """Whether the base is one letter, which mathematics sets in italics."""
        return len(self.base) == 1


def split_name(name: str) -> Name:
    """`x1` and `x_1` as x and 1, `T_ref` as T and ref, `semi_major_axis` as its words."""
    text = name.rstrip("_") or name
    numbered = re.fullmatch(r"(.*?[^\W\d_])_?(\d{1,3})", text)
    if numbered:
        return Name(_base(numbered[1]), numbered[2])
    letter, _, rest = text.partition("_")
    if rest and rest.isalnum() and len(rest) <= 4 and len(_base(letter)) == 1:
        return Name(_base(letter), rest)
    return Name(_base(text), "")


def label(name: str) -> str:
    """The name as one line of plain text."""
    parts = split_name(name)
    if parts.subscript.isdigit():
        return parts.base + parts.subscript.translate(SUBSCRIPTS)
    return f"{parts.base}_{parts.subscript}" if parts.subscript else parts.base


def form_label(form: str, *, longest: int = 12) -> str:
    """The name of a form as one short line: `x^2` as x²; a long typed form is cut."""
    text = re.sub(r"(?:\*\*|\^)(\d+)", lambda power: power[1].translate(SUPERSCRIPTS), form)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _base(text: str) -> str:
    return GREEK.get(text) or " ".join(text.split("_")).strip() or text
