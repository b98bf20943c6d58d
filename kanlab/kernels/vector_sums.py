"""Sums over the lanes of vectors."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUntypedFunctionDecorator=false
# pyright: reportUnknownParameterType=false

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from .vectors import Vector, _fma, _number, intrinsic


@intrinsic
def total(typingctx: Any, a: Any) -> Any:  # noqa: ARG001
    """Sum of the lanes, by halves."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        value, lanes = args[0], a.lanes
        while lanes > 1:
            lanes //= 2
            rest = ir.Constant(value.type, ir.Undefined)
            low, high = (
                builder.shuffle_vector(
                    value,
                    rest,
                    ir.Constant(ir.VectorType(ir.IntType(32), lanes), list(range(start, start + lanes))),
                )
                for start in (0, lanes)
            )
            value = builder.fadd(low, high)
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return a.element(a), codegen


@intrinsic
def dot_parts(typingctx: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """a b, summed over its parts of 16 lanes; a shorter one gets zeros."""
    out = Vector(a.element, 16)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        held: Any = None
        for start in range(0, a.lanes, 16):
            lanes = [min(lane, a.lanes) for lane in range(start, start + 16)]  # a.lanes is the first zero
            mask = ir.Constant(ir.VectorType(ir.IntType(32), 16), lanes)
            one, other = (builder.shuffle_vector(arg, _number(a, 0.0), mask) for arg in args)
            held = builder.fmul(one, other) if held is None else _fma(builder, one, other, held)
        return held

    return out(a, b), codegen


@intrinsic
def row_totals(typingctx: Any, rows: Any) -> Any:  # noqa: ARG001
    """The sums over 16 vectors of 16 lanes, one lane each, by pairs."""
    vector = rows.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        parts = cgutils.unpack_tuple(builder, args[0])
        even, odd = (
            ir.Constant(ir.VectorType(ir.IntType(32), 16), list(range(start, 32, 2))) for start in (0, 1)
        )
        while len(parts) > 1:
            parts = [
                builder.fadd(builder.shuffle_vector(a, b, even), builder.shuffle_vector(a, b, odd))
                for a, b in zip(parts[::2], parts[1::2], strict=True)
            ]
        return parts[0]

    return vector(rows), codegen
