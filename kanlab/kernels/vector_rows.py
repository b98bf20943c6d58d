"""Some vectors that stand one after the other in a table, as one value: in registers from one product to the next."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUntypedFunctionDecorator=false
# pyright: reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from .vectors import (
    Vector,
    _address,
    _bytes,
    _fma,
    _lanes,
    _llvm,
    _load,
    _number,
    _scalar,
    _splat,
    _splat_whole,
    _weight,
    _weighted_sum,
    intrinsic,
)


@intrinsic
def load_rows(typingctx: Any, table: Any, row: Any, lanes: Any, local: Any) -> Any:  # noqa: ARG001
    """The k + 1 vectors that start at table[row]."""
    vector = Vector(table.dtype, _lanes(lanes))
    rows = types.UniTuple(vector, len(local))

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = [
            _load(
                builder,
                vector,
                _address(
                    context,
                    builder,
                    signature.args[0],
                    args[0],
                    builder.add(args[1], ir.Constant(args[1].type, m * vector.lanes)),
                ),
            )
            for m in range(len(local))
        ]
        return context.make_tuple(builder, rows, parts)

    return rows(table, types.intp, lanes, local), codegen


@intrinsic
def combine_rows(typingctx: Any, rows: Any, base_row: Any, weights: Any, at: Any) -> Any:  # noqa: ARG001
    """sum_m weights[at + m ROWS] rows[m] + weights[at + (k + 1) ROWS] base_row, m from 0 to k."""
    vector = rows.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        held, last, numbers, offset = args
        parts = _weighed(context, builder, signature.args[2], numbers, offset, held, last)
        return _weighted_sum(builder, vector, parts)

    return vector(rows, vector, weights, types.intp), codegen


@intrinsic
def add_rows_to(
    typingctx: Any,  # noqa: ARG001
    vector: Any,
    rows: Any,
    base_row: Any,  # noqa: ARG001
    weights: Any,
    at: Any,  # noqa: ARG001
) -> Any:
    """vector + `combine_rows`, summed in the order of `combine`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start, held, last, numbers, offset = args
        parts = _weighed(context, builder, signature.args[3], numbers, offset, held, last)
        return _weighted_sum(builder, vector, parts, start)

    return vector(vector, rows, vector, weights, types.intp), codegen


def _weighed(  # noqa: PLR0913, PLR0917
    context: Any, builder: Any, array: Any, numbers: Any, offset: Any, rows: Any, base_row: Any
) -> Iterator[tuple[Any, Any]]:
    for m, part in enumerate([*cgutils.unpack_tuple(builder, rows), base_row]):
        yield _weight(context, builder, array, numbers, offset, m), part


@intrinsic
def store_rows(typingctx: Any, table: Any, row: Any, rows: Any) -> Any:  # noqa: ARG001
    """The opposite of `load_rows`."""
    vector = rows.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        for m, part in enumerate(cgutils.unpack_tuple(builder, args[2])):
            place = builder.add(args[1], ir.Constant(args[1].type, m * vector.lanes))
            address = _address(context, builder, signature.args[0], args[0], place)
            pointer = builder.bitcast(address, ir.PointerType(_llvm(vector)))
            builder.store(part, pointer, align=_bytes(signature.args[0]))
        return context.get_dummy_value()

    return types.void(table, types.intp, rows), codegen


@intrinsic
def add_products(typingctx: Any, rows: Any, weights: Any, at: Any, vector: Any) -> Any:  # noqa: ARG001
    """rows[m] + weights[at + m ROWS] vector, for m = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = []
        for m, part in enumerate(cgutils.unpack_tuple(builder, args[0])):
            weight = _weight(context, builder, signature.args[1], args[1], args[2], m)
            parts.append(_fma(builder, _splat(builder, vector, weight), args[3], part))
        return context.make_tuple(builder, rows, parts)

    return rows(rows, weights, types.intp, vector), codegen


@intrinsic
def add_outer(typingctx: Any, rows: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """rows[m] + a[m] b, for m = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        parts = []
        for m, part in enumerate(cgutils.unpack_tuple(builder, args[0])):
            lane = builder.extract_element(args[1], ir.Constant(ir.IntType(32), m))
            parts.append(_fma(builder, _splat(builder, b, lane), args[2], part))
        return context.make_tuple(builder, rows, parts)

    return rows(rows, a, b), codegen


@intrinsic
def add_multiples(typingctx: Any, rows: Any, numbers: Any, at: Any, vector: Any) -> Any:  # noqa: ARG001
    """rows[m] + numbers[at + m] vector, for m = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = []
        for m, part in enumerate(cgutils.unpack_tuple(builder, args[0])):
            place = builder.add(args[2], ir.Constant(args[2].type, m))
            address = _address(context, builder, signature.args[1], args[1], place)
            number = builder.load(address, typ=_scalar(numbers.dtype))
            parts.append(_fma(builder, _splat(builder, vector, number), args[3], part))
        return context.make_tuple(builder, rows, parts)

    return rows(rows, numbers, types.intp, vector), codegen


@intrinsic
def accumulate_rows(typingctx: Any, table: Any, place: Any, stride: Any, rows: Any) -> Any:  # noqa: ARG001
    """table[place + m stride :] += rows[m], for m = 0 .. k."""
    vector = rows.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = args[1]
        for part in cgutils.unpack_tuple(builder, args[3]):
            address = _address(context, builder, signature.args[0], args[0], at)
            old = _load(builder, vector, address)
            target = builder.bitcast(address, ir.PointerType(_llvm(vector)))
            builder.store(builder.fadd(old, part), target, align=_bytes(signature.args[0]))
            at = builder.add(at, args[2])
        return context.get_dummy_value()

    return types.void(table, types.intp, types.intp, rows), codegen


@intrinsic
def polynomial(typingctx: Any, vector: Any, table: Any, row: Any, t: Any, local: Any) -> Any:  # noqa: ARG001
    """vector + sum_p table[row + p lanes :] t^p, for p = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start, data, first, number, _ = args
        spread = _splat(builder, vector, number)
        result: Any = None
        for p in range(len(local) - 1, -1, -1):
            place = builder.add(first, ir.Constant(first.type, p * vector.lanes))
            part = _load(builder, vector, _address(context, builder, signature.args[1], data, place))
            result = part if result is None else _fma(builder, result, spread, part)
        return builder.fadd(start, result)

    return vector(vector, table, types.intp, t, local), codegen


@intrinsic
def slope_rows(typingctx: Any, rows: Any, rate: Any) -> Any:  # noqa: ARG001
    """rate (p + 1) rows[p + 1] for p = 0 .. k - 1, and zeros: of a polynomial, its derivative."""
    vector = rows.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        spread = _splat(builder, vector, args[1])
        parts = [
            builder.fmul(builder.fmul(_number(vector, float(p)), spread), part)
            for p, part in enumerate(cgutils.unpack_tuple(builder, args[0]))
        ]
        return context.make_tuple(builder, rows, [*parts[1:], _number(vector, 0.0)])

    return rows(rows, rate), codegen


@intrinsic
def polynomial_of(typingctx: Any, rows: Any, t: Any, vector: Any) -> Any:  # noqa: ARG001
    """vector + sum_p rows[p] t^p, for p = 0 .. k - 1: what `slope_rows` made."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        parts = cgutils.unpack_tuple(builder, args[0])[:-1]
        if not parts:
            return args[2]
        result = parts[-1]
        for part in parts[-2::-1]:
            result = _fma(builder, result, args[1], part)
        return builder.fadd(args[2], result)

    return vector(rows, t, vector), codegen


@intrinsic
def add_powers(typingctx: Any, rows: Any, t: Any, vector: Any) -> Any:  # noqa: ARG001
    """rows[p] + t^p vector, for p = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        power, parts = args[2], []
        for p, part in enumerate(cgutils.unpack_tuple(builder, args[0])):
            power = power if p == 0 else builder.fmul(power, args[1])
            parts.append(builder.fadd(part, power))
        return context.make_tuple(builder, rows, parts)

    return rows(rows, t, vector), codegen


@intrinsic
def rows_with(typingctx: Any, numbers: Any, at: Any, number: Any) -> Any:  # noqa: ARG001
    """Bit n is set if numbers[at + n] is `number`, for n = 0 .. 63."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(ir.IntType(32), 64)
        address = _address(context, builder, signature.args[0], args[0], args[1])
        found = builder.load(builder.bitcast(address, ir.PointerType(kind)), align=4, typ=kind)
        wanted = _splat_whole(builder, kind, builder.trunc(args[2], ir.IntType(32)))
        return builder.bitcast(builder.icmp_signed("==", found, wanted), ir.IntType(64))

    return types.int64(numbers, types.intp, types.intp), codegen


@intrinsic
def lowest(typingctx: Any, low: Any, high: Any) -> Any:  # noqa: ARG001
    """The place of the lowest bit that is set in 128 bits, of which one is."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        zero, no = ir.Constant(args[0].type, 0), ir.Constant(ir.IntType(1), 0)
        first, second = builder.cttz(args[0], no), builder.cttz(args[1], no)
        second = builder.add(second, ir.Constant(second.type, 64))
        return builder.select(builder.icmp_signed("==", args[0], zero), second, first)

    return types.int64(low, high), codegen
