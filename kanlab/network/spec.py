"""What a network is, before any number is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from ..errors import ShapeError, did_you_mean
from ..kernels import BASE_FUNCTIONS


@dataclass(frozen=True)
class Width:
    """Nodes of one layer: sum nodes first, then one product node for each arity.

    Attributes:
        sums: number of sum nodes.
        products: arities of the product nodes (KAN 2.0, arXiv 2408.10205).
    """

    sums: int
    products: tuple[int, ...] = ()

    @property
    def nodes(self) -> int:
        return self.sums + len(self.products)

    @property
    def subnodes(self) -> int:
        return self.sums + sum(self.products)

    def __str__(self) -> str:
        if not self.products:
            return str(self.sums)
        if set(self.products) == {2}:
            return f"({self.sums}, {len(self.products)})"
        return f"({self.sums}, {list(self.products)})"


@dataclass(frozen=True)
class NetworkSpec:
    """Widths, order k, intervals G of each layer, and the base function.

    Attributes:
        widths: node layers, inputs first.
        order: k, the degree of the splines.
        intervals: G of each edge layer.
        base: name of the base function b in phi(x) = w b(x) + spline(x).
    """

    widths: tuple[Width, ...]
    order: int = 3
    intervals: tuple[int, ...] = ()
    base: str = "silu"

    def __post_init__(self) -> None:
        if self.base not in BASE_FUNCTIONS:
            raise ShapeError(
                f"The base function {self.base!r} is not known; use one of {', '.join(BASE_FUNCTIONS)}."
                + did_you_mean(self.base, BASE_FUNCTIONS)
            )
        if not (_is_whole(self.order) and 1 <= self.order <= 10):
            raise ShapeError(f"The spline order is {self.order}; use a whole number from 1 to 10.")
        if len(self.intervals) != len(self.widths) - 1:
            raise ShapeError(
                f"There are {len(self.intervals)} interval counts for {len(self.widths) - 1} layers; "
                "give one for each layer."
            )
        if any(not (_is_whole(count) and 1 <= count <= 5000) for count in self.intervals):
            raise ShapeError(f"The interval counts are {self.intervals}; use whole numbers from 1 to 5000.")

    @classmethod
    def of(
        cls,
        shape: Sequence[Any],
        *,
        order: int = 3,
        intervals: int | Sequence[int] = 5,
        base: str = "silu",
    ) -> NetworkSpec:
        """From the short notation: `[2, 5, 1]`, or `[2, (3, 2), 1]` for 3 sums and 2 products of two factors.

        `(3, [2, 3])` gives the arities of the products one by one.

        Raises:
            ShapeError: the shape is not one.
        """
        if isinstance(shape, str) or not isinstance(shape, Sequence) or len(shape) < 2:
            raise ShapeError(
                f"The shape is {shape!r}; give a list of layer widths such as [2, 5, 1], "
                "inputs first and outputs last."
            )
        widths = tuple(_width(entry, shape) for entry in shape)
        if widths[0].products:
            raise ShapeError(f"The first entry of the shape {shape!r} must be the number of inputs.")
        layers = len(widths) - 1
        counts = tuple(intervals) if isinstance(intervals, Sequence) else (intervals,) * layers
        return cls(widths, order, counts, base)

    @property
    def inputs(self) -> int:
        return self.widths[0].nodes

    @property
    def outputs(self) -> int:
        return self.widths[-1].nodes

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` takes back."""
        return {
            "widths": [[width.sums, list(width.products)] for width in self.widths],
            "order": self.order,
            "intervals": list(self.intervals),
            "base": self.base,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> NetworkSpec:
        """The inverse of `to_json`."""
        widths = tuple(
            Width(int(sums), tuple(int(a) for a in products)) for sums, products in record["widths"]
        )
        return cls(
            widths, int(record["order"]), tuple(int(g) for g in record["intervals"]), str(record["base"])
        )

    def __str__(self) -> str:
        return "[" + ", ".join(str(width) for width in self.widths) + "]"


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _width(entry: Any, shape: Sequence[Any]) -> Width:
    def refuse() -> ShapeError:
        return ShapeError(
            f"The shape {shape!r} holds {entry!r}; use positive whole numbers, "
            "or (sums, products) for product nodes."
        )

    if _is_whole(entry):
        width = Width(int(entry))
    elif isinstance(entry, Sequence) and not isinstance(entry, str) and len(entry) == 2:
        sums, products = entry
        if _is_whole(products) and products >= 0:
            products = [2] * products
        if not _is_whole(sums) or isinstance(products, str) or not isinstance(products, Sequence):
            raise refuse()
        if not all(_is_whole(arity) and arity >= 2 for arity in products):
            raise refuse()
        width = Width(int(sums), tuple(int(arity) for arity in products))
    else:
        raise refuse()
    if width.sums < 0 or not 1 <= width.nodes <= 10_000:
        raise refuse()
    return width
