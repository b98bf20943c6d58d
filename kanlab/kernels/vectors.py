"""SIMD vectors of fixed length as values inside compiled loops.

A compiler vectorizes a loop over the outputs only when it can prove that arrays do not overlap, which it cannot for
rows of one array. Here the vectors are spelled out: `load`, `store` and a few products on LLVM vectors `<lanes x T>`,
which LLVM maps to whatever registers the processor has. Sums are ordered as written, so results are deterministic.

Lengths are types, carried by tuples whose length is what counts (a tuple of n zeros, a "tag"): a vector has 2^n
lanes for a lane tag of length n.
"""

# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false, reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from llvmlite import ir
from numba import extending
from numba.core import cgutils, types
from numba.core.datamodel import models

intrinsic = cast(Any, extending.intrinsic)  # what it decorates is called with one argument less

ROWS = 128
"""Rows of a block: the weights of one basis for the rows of a block stand side by side."""


class Vector(types.Type):
    """`lanes` numbers of one floating-point type."""

    def __init__(self, element: Any, lanes: int) -> None:
        self.element = element
        self.lanes = lanes
        super().__init__(name=f"Vector({element}, {lanes})")


@extending.register_model(Vector)
class VectorModel(models.PrimitiveModel):
    """How LLVM sees a `Vector`."""

    def __init__(self, dmm: Any, fe_type: Vector) -> None:
        super().__init__(dmm, fe_type, _llvm(fe_type))


def _scalar(element: Any) -> ir.Type:
    return ir.FloatType() if element.bitwidth == 32 else ir.DoubleType()


def _llvm(vector: Vector) -> ir.VectorType:
    return ir.VectorType(_scalar(vector.element), vector.lanes)


def _bytes(array: Any) -> int:
    return array.dtype.bitwidth // 8


def _address(context: Any, builder: ir.IRBuilder, array: types.Array, value: Any, offset: Any) -> Any:
    data = context.make_array(array)(context, builder, value).data
    return builder.gep(data, [offset])


def _load(builder: ir.IRBuilder, vector: Vector, address: Any) -> Any:
    pointer = builder.bitcast(address, ir.PointerType(_llvm(vector)))
    return builder.load(pointer, align=vector.element.bitwidth // 8, typ=_llvm(vector))


def _splat(builder: ir.IRBuilder, vector: Vector, value: Any) -> Any:
    kind = _llvm(vector)
    zero = ir.Constant(ir.IntType(32), 0)
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, zero)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.lanes), [0] * vector.lanes)
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), mask)


def _splat_whole(builder: ir.IRBuilder, kind: ir.VectorType, value: Any) -> Any:
    rest = ir.Constant(kind, ir.Undefined)
    one = builder.insert_element(rest, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        one, rest, ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    )


def _fma(builder: ir.IRBuilder, a: Any, b: Any, c: Any) -> Any:
    """a b + c, in one rounding where the processor has the instruction."""
    name = f"llvm.fmuladd.v{a.type.count}{a.type.element.intrinsic_name}"
    kind = ir.FunctionType(a.type, [a.type] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


def _number(vector: Vector, value: float) -> ir.Constant:
    return ir.Constant(_llvm(vector), [value] * vector.lanes)


def _lanes(tag: types.Type) -> int:
    return 2 ** len(tag) if len(tag) else 1  # type: ignore[arg-type]


@intrinsic
def pointer(typingctx: Any, address: Any) -> Any:  # noqa: ARG001
    """A memory address, given as a whole number, as what `numba.carray` takes."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(address), codegen


@intrinsic
def load(typingctx: Any, array: Any, offset: Any, lanes: Any) -> Any:  # noqa: ARG001
    """Vector of array[offset : offset + lanes]."""
    vector = Vector(array.dtype, _lanes(lanes))

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _load(builder, vector, _address(context, builder, signature.args[0], args[0], args[1]))

    return vector(array, types.intp, lanes), codegen


@intrinsic
def store(typingctx: Any, array: Any, offset: Any, vector: Any) -> Any:  # noqa: ARG001
    """array[offset : offset + lanes] = vector."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1])
        pointer = builder.bitcast(address, ir.PointerType(_llvm(vector)))
        builder.store(args[2], pointer, align=_bytes(signature.args[0]))
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), codegen


@intrinsic
def first_lanes(typingctx: Any, a: Any, count: Any) -> Any:  # noqa: ARG001
    """The first `count` lanes of a, and zeros."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        short = ir.IntType(a.element.bitwidth)
        kind = ir.VectorType(short, a.lanes)
        most = ir.Constant(args[1].type, a.lanes)
        kept = builder.select(builder.icmp_signed("<", args[1], most), args[1], most)
        count = _splat_whole(builder, kind, kept if short.width == 64 else builder.trunc(kept, short))
        inside = builder.icmp_signed("<", ir.Constant(kind, list(range(a.lanes))), count)
        return builder.select(inside, args[0], _number(a, 0.0))

    return a(a, types.intp), codegen


@intrinsic
def zeros(typingctx: Any, array: Any, lanes: Any) -> Any:  # noqa: ARG001
    """Zeros of the type of `array`."""
    vector = Vector(array.dtype, _lanes(lanes))

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return _number(vector, 0.0)

    return vector(array, lanes), codegen


@intrinsic
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    """a b + c."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return _fma(builder, *args)

    return c(a, b, c), codegen


@intrinsic
def add(typingctx: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """a + b."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.fadd(*args)

    return a(a, b), codegen


@intrinsic
def splat(typingctx: Any, value: Any, lanes: Any) -> Any:  # noqa: ARG001
    """The same number in every lane."""
    vector = Vector(value, _lanes(lanes))

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return _splat(builder, vector, args[0])

    return vector(value, lanes), codegen


@intrinsic
def subtract(typingctx: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """a - b."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.fsub(*args)

    return a(a, b), codegen


@intrinsic
def multiply(typingctx: Any, a: Any, b: Any) -> Any:  # noqa: ARG001
    """a b."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.fmul(*args)

    return a(a, b), codegen


@intrinsic
def whole_part(typingctx: Any, a: Any, most: Any) -> Any:  # noqa: ARG001
    """Largest whole number that is not above a, kept within 0 and `most`; 0 for NaN."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        zero = _number(a, 0.0)
        value = builder.select(builder.fcmp_ordered(">", args[0], zero), args[0], zero)
        top = _splat(builder, a, args[1])
        value = builder.select(builder.fcmp_ordered("<", value, top), value, top)
        kind = _llvm(a)
        name = f"llvm.floor.v{kind.count}{kind.element.intrinsic_name}"
        floor = cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind]), name)
        return builder.call(floor, [value])

    return a(a, a.element), codegen


@intrinsic
def store_whole(typingctx: Any, array: Any, offset: Any, a: Any, factor: Any, shift: Any) -> Any:  # noqa: ARG001
    """array[offset : offset + lanes] = factor a + shift, as 32-bit whole numbers."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(ir.IntType(32), a.lanes)
        whole = builder.fptosi(args[2], kind)

        def spread(number: Any) -> Any:
            return _splat_whole(builder, kind, builder.trunc(number, ir.IntType(32)))

        whole = builder.add(builder.mul(whole, spread(args[3])), spread(args[4]))
        address = _address(context, builder, signature.args[0], args[0], args[1])
        builder.store(whole, builder.bitcast(address, ir.PointerType(kind)), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, a, types.intp, types.intp), codegen


@intrinsic
def scatter(typingctx: Any, array: Any, offset: Any, vector: Any, local: Any) -> Any:  # noqa: ARG001
    """array[offset + m ROWS] = lane m of the vector, for m = 0 .. k."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        for m in range(len(local)):
            place = builder.add(args[1], ir.Constant(args[1].type, m * ROWS))
            lane = builder.extract_element(args[2], ir.Constant(ir.IntType(32), m))
            builder.store(lane, _address(context, builder, signature.args[0], args[0], place))
        return context.get_dummy_value()

    return types.void(array, types.intp, vector, local), codegen


@intrinsic
def scale(typingctx: Any, factor: Any, a: Any) -> Any:  # noqa: ARG001
    """factor a, for a number and a vector."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.fmul(_splat(builder, a, args[0]), args[1])

    return a(a.element, a), codegen


@intrinsic
def fma_scalar(typingctx: Any, factor: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    """factor b + c, for a number and two vectors."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return _fma(builder, _splat(builder, c, args[0]), args[1], args[2])

    return c(c.element, b, c), codegen


def _weight(context: Any, builder: Any, array: Any, value: Any, offset: Any, index: int) -> Any:
    at = builder.add(offset, ir.Constant(offset.type, index * ROWS))
    return builder.load(_address(context, builder, array, value, at), typ=_scalar(array.dtype))


def _weighted_sum(builder: Any, vector: Vector, parts: Iterable[tuple[Any, Any]], start: Any = None) -> Any:
    """start + sum of number times vector; in two chains, so that one product need not wait for the one before."""
    chains = [start, None]
    for m, (number, part) in enumerate(parts):
        weight, held = _splat(builder, vector, number), chains[m % 2]
        chains[m % 2] = builder.fmul(weight, part) if held is None else _fma(builder, weight, part, held)
    return builder.fadd(*chains)


@intrinsic
def combine(  # noqa: PLR0913, PLR0917
    typingctx: Any,  # noqa: ARG001
    vector: Any,
    table: Any,
    row: Any,  # noqa: ARG001
    base_row: Any,  # noqa: ARG001
    weights: Any,
    at: Any,  # noqa: ARG001
    local: Any,
) -> Any:
    """vector + sum_m weights[at + m ROWS] table[row + m lanes :] + weights[at + (k + 1) ROWS] table[base_row :].

    m runs from 0 to k; the length of `local` is k + 1.
    """
    count = len(local)
    lanes = vector.lanes

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        start, data, first, last, numbers, offset, _ = args
        array, weight_array = signature.args[1], signature.args[4]

        def parts() -> Iterator[tuple[Any, Any]]:
            for m in range(count + 1):
                place = last if m == count else builder.add(first, ir.Constant(first.type, m * lanes))
                part = _load(builder, vector, _address(context, builder, array, data, place))
                yield _weight(context, builder, weight_array, numbers, offset, m), part

        return _weighted_sum(builder, vector, parts(), start)

    return vector(vector, table, types.intp, types.intp, weights, types.intp, local), codegen


# exp(r) for |r| <= log(2) / 2 by its Taylor polynomial: the first term left out is below half a unit in the last place
_TERMS = {32: 8, 64: 14}
_FRACTION = {32: 23, 64: 52}
_MOST = {32: 87.0, 64: 708.0}
_LOG2 = {32: (0.693359375, -2.12194440e-4), 64: (0.6931471803691238, 1.9082149292705877e-10)}


@intrinsic
def sigmoid(typingctx: Any, a: Any) -> Any:  # noqa: ARG001
    """1 / (1 + exp(-a)); NaN stays NaN."""
    bits = a.element.bitwidth

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        x = builder.fneg(args[0])
        most = _MOST[bits]
        # unordered comparisons would turn NaN into a number
        x = builder.select(builder.fcmp_ordered(">", x, _number(a, most)), _number(a, most), x)
        x = builder.select(builder.fcmp_ordered("<", x, _number(a, -most)), _number(a, -most), x)
        # adding 1.5 * 2^fraction rounds to a whole number, which the low bits then hold
        shift = _number(a, 1.5 * 2.0 ** _FRACTION[bits])
        shifted = _fma(builder, x, _number(a, 1.4426950408889634), shift)
        whole = builder.fsub(shifted, shift)
        high, low = _LOG2[bits]
        rest = _fma(builder, whole, _number(a, -high), x)
        rest = _fma(builder, whole, _number(a, -low), rest)
        factorial = 1.0
        for n in range(1, _TERMS[bits]):
            factorial *= n
        value = _number(a, 1.0 / factorial)
        for n in range(_TERMS[bits] - 1, 0, -1):
            factorial /= n
            value = _fma(builder, value, rest, _number(a, 1.0 / factorial))
        integer = ir.VectorType(ir.IntType(bits), a.lanes)
        power = builder.shl(
            builder.bitcast(shifted, integer), ir.Constant(integer, [_FRACTION[bits]] * a.lanes)
        )
        exponent = builder.bitcast(builder.add(builder.bitcast(value, integer), power), _llvm(a))
        one = _number(a, 1.0)
        return builder.fdiv(one, builder.fadd(one, exponent))

    return a(a), codegen
