"""The table of knots as its case uses it: every knot in one of its two mirror images, some rows, some columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .._typing import Array
from ..data import Dataset, Split, load
from ..data.source import Source

L, MU_R, MU_I = "longitudinal_translation", "meridinal_translation_real", "meridinal_translation_imag"
TRANSLATIONS = (L, MU_R, MU_I)
ODD = ("chern_simons", MU_R, "short_geodesic_imag_part")
"""Inputs that change their sign in the mirror, as the signature does; the others stay."""


def folded(data: Dataset) -> Dataset:
    """Every knot in the mirror image with Re(mu) >= 0, the signature with it.

    A knot and its mirror image are one fact, so nothing is lost: what is found for the one is, with the other sign,
    what holds for the other. The parts stay as they are.
    """
    hand = np.where(data.inputs[:, data.names.index(MU_R)] < 0, -1.0, 1.0)
    signs = np.where(np.isin(data.names, ODD), hand[:, None], 1.0)
    return replace(
        data, inputs=data.inputs * signs, targets=data.targets * hand[:, None], source=Source("memory")
    )


def mirrored(names: Sequence[str], inputs: Array) -> Array:
    """The inputs [N, n] of the mirror images."""
    return inputs * np.where(np.isin(names, ODD), -1.0, 1.0)


def some_rows(data: Dataset, rows: int, *, seed: int = 0) -> Dataset:
    """At most so many rows, drawn by chance and of every part the same share; the others are left out."""
    share = min(1.0, rows / data.rows)
    generator = np.random.default_rng(seed)
    chosen = [
        np.sort(generator.permutation(part)[: max(1, round(share * len(part)))])
        for part in data.split.parts().values()
    ]
    ends = np.cumsum([0, *map(len, chosen)])
    split = Split(*(np.arange(*ends[k : k + 2]) for k in range(3)))
    kept = np.concatenate(chosen)
    return replace(
        data, inputs=data.inputs[kept], targets=data.targets[kept], split=split, source=Source("memory")
    )


def knots(
    *, inputs: Sequence[str] | None = None, split: str = "volume", rows: int | None = None, seed: int = 0
) -> Dataset:
    """The table with its mirror coins and its split drawn by `seed`."""
    data = load("knots", inputs=inputs, split=split, seed=seed)
    return data if rows is None else some_rows(data, rows, seed=seed)


def short_names(rows: int, *, seed: int = 0) -> Dataset:
    """The three translations as L, mu_r and mu_i, and the signature, for the search for a law."""
    data = knots(inputs=TRANSLATIONS, rows=rows, seed=seed)
    return replace(data, names=("L", "mu_r", "mu_i"), source=Source("memory"))
