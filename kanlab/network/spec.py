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
    """Widths, and for each layer of edges the order k, the intervals G and the base function.

    Attributes:
        widths: node layers, inputs first.
        order: k of each edge layer, the degree of its splines.
        intervals: G of each edge layer.
        base: name of the base function b of each edge layer in phi(x) = w b(x) + spline(x).
    """

    widths: tuple[Width, ...]
    order: tuple[int, ...]
    intervals: tuple[int, ...]
    base: tuple[str, ...]

    def __post_init__(self) -> None:
        layers = len(self.widths) - 1
        for values, what in (
            (self.order, "orders"),
            (self.intervals, "interval counts"),
            (self.base, "base functions"),
        ):
            if len(values) != layers:
                raise ShapeError(
                    f"There are {len(values)} {what} for {layers} layers; give one for each layer."
                )
        for base in self.base:
            if base not in BASE_FUNCTIONS:
                raise ShapeError(
                    f"The base function {base!r} is not known; use one of {', '.join(BASE_FUNCTIONS)}."
                    + did_you_mean(str(base), BASE_FUNCTIONS)
                )
        for order in self.order:
            if not (_is_whole(order) and 1 <= order <= 10):
                raise ShapeError(f"The spline order is {order}; use a whole number from 1 to 10.")
        if any(not (_is_whole(count) and 1 <= count <= 5000) for count in self.intervals):
            raise ShapeError(f"The interval counts are {self.intervals}; use whole numbers from 1 to 5000.")

    @classmethod
    def of(
        cls,
        shape: Sequence[Any],
        *,
        order: int | Sequence[int] = 3,
        intervals: int | Sequence[int] = 5,
        base: str | Sequence[str] = "silu",
    ) -> NetworkSpec:
        """From the short notation: `[2, 5, 1]`, or `[2, (3, 2), 1]` for 3 sums and 2 products of two factors.

        `(3, [2, 3])` gives the arities of the product nodes one by one. Order, intervals and base function are those of
        all layers, or one for each.

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
        return cls(
            widths,
            _each(order, layers),
            # a text is taken apart, so that what is refused is shown
            tuple(intervals) if isinstance(intervals, Sequence) else (intervals,) * layers,
            _each(base, layers),
        )

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
            "order": one_or_each(self.order),
            "intervals": list(self.intervals),
            "base": one_or_each(self.base),
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> NetworkSpec:
        """The inverse of `to_json`; where there is one value, it is that of all layers."""
        widths = tuple(
            Width(int(sums), tuple(int(a) for a in products)) for sums, products in record["widths"]
        )
        layers = len(widths) - 1
        return cls(
            widths,
            tuple(int(order) for order in _each(record["order"], layers)),
            tuple(int(g) for g in record["intervals"]),
            tuple(str(base) for base in _each(record["base"], layers)),
        )

    def __str__(self) -> str:
        return "[" + ", ".join(str(width) for width in self.widths) + "]"


def one_or_each(values: tuple[Any, ...]) -> Any:
    """The value that all layers share, else the list of them."""
    return values[0] if len(set(values)) == 1 else list(values)


def _each(given: Any, layers: int) -> tuple[Any, ...]:
    several = isinstance(given, Sequence) and not isinstance(given, str)
    return tuple(given) if several else (given,) * layers


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
