"""A syntax tree evaluated on arrays: NumPy of any float width, or PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import e, isfinite, pi
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import GrammarError
from .functions import BY_NAME
from .nodes import Binary, Call, Node, Number, Symbol, Unary, children, names

MAX_EXPONENT = 1000
_CONSTANTS = {"pi": pi, "e": e, "E": e}

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
}


def evaluate(node: Node, values: Mapping[str, Any]) -> Array:
    """The formula on arrays that broadcast together.

    `values` maps each variable to an array; integers are read as float64, wider floats stay wide.
    The result has the broadcast shape of all values, also when the formula is a constant. Where the
    formula is not defined it is nan or inf, silently. Raises `GrammarError` for a variable without values.
    """
    _refuse_missing(node, values)
    arrays = {name: np.asarray(value) for name, value in values.items()}
    dtype = np.result_type(np.float64, *arrays.values())
    wide = {name: array.astype(dtype) for name, array in arrays.items()}
    with np.errstate(all="ignore"):
        result = _fold(node, wide, lambda value: np.asarray(value, dtype=dtype), _numpy_call)
    shape = np.broadcast_shapes(np.shape(result), *(array.shape for array in wide.values()))
    return np.broadcast_to(np.asarray(result, dtype=dtype), shape).copy()


def evaluate_torch(node: Node, values: Mapping[str, Tensor]) -> Tensor:
    """The formula on tensors of one dtype and device; differentiable."""
    _refuse_missing(node, values)
    tensors = list(values.values())
    like = tensors[0] if tensors else torch.zeros((), dtype=torch.float64)
    result = _fold(node, values, like.new_tensor, _torch_call)
    shape = torch.broadcast_shapes(*(tensor.shape for tensor in tensors), result.shape)
    return result.expand(shape)


def check_constants(node: Node) -> float | None:
    """The value of a formula without variables, else None; refuses one that is no finite number.

    Run on every part, so that no later reader (SymPy with its exact integers) meets a number such as
    9**9**9. Raises `GrammarError`.
    """
    parts = [check_constants(part) for part in children(node)]
    if isinstance(node, Binary):
        _check_operands(node.operator, parts[1])
    if None in parts or (isinstance(node, Symbol) and not node.constant):
        return None
    with np.errstate(all="ignore"):
        value = float(_combine(node, [np.float64(part) for part in parts], {}, np.float64, _numpy_call))
    if not isfinite(value):
        raise GrammarError("A constant part of the formula is no finite real number: check its powers.")
    return value


def _check_operands(operator: str, right: float | None) -> None:
    if operator == "**" and right is not None and abs(right) > MAX_EXPONENT:
        raise GrammarError(f"The exponent {right:.6g} is too large: exponents go up to {MAX_EXPONENT}.")
    if operator == "/" and right == 0:
        raise GrammarError("The formula divides by zero.")


def _refuse_missing(node: Node, values: Mapping[str, Any]) -> None:
    missing = [name for name in names(node) if name not in values]
    if missing:
        raise GrammarError(f"The formula needs values for {', '.join(missing[:5])}, but none were given.")


def _numpy_call(name: str, argument: Any) -> Any:
    return BY_NAME[name].numpy(argument)


def _torch_call(name: str, argument: Any) -> Any:
    return BY_NAME[name].torch(argument)


def _fold(
    node: Node,
    values: Mapping[str, Any],
    number: Callable[[float], Any],
    call: Callable[[str, Any], Any],
) -> Any:
    parts = [_fold(part, values, number, call) for part in children(node)]
    return _combine(node, parts, values, number, call)


def _combine(
    node: Node,
    parts: list[Any],
    values: Mapping[str, Any],
    number: Callable[[float], Any],
    call: Callable[[str, Any], Any],
) -> Any:
    """The value of one node from the values of its direct parts."""
    match node:
        case Number(value):
            return number(float(value))
        case Symbol(name, constant):
            return number(_CONSTANTS[name]) if constant else values[name]
        case Unary():
            return -parts[0]
        case Call(function):
            return call(function, parts[0])
        case Binary(operator):
            whole = _whole_exponent(node)
            return parts[0] ** whole if whole is not None else _OPERATIONS[operator](*parts)


def _whole_exponent(node: Binary) -> int | None:
    """A literal whole exponent, for which both libraries have an exact and fast power."""
    if node.operator != "**":
        return None
    sign, exponent = (-1, node.right.operand) if isinstance(node.right, Unary) else (1, node.right)
    return sign * exponent.value if isinstance(exponent, Number) and isinstance(exponent.value, int) else None
