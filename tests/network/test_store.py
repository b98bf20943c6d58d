"""Networks as data: bit for bit there and back, and everything damaged is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.errors import FileError
from kanlab.forms import resolve
from kanlab.network import EdgeId, Scaling, from_record, set_form, to_record
from tests.networks import SEEDS, SHAPES, random_inputs, random_network

Record = dict[str, Any]
Tensors = dict[str, np.ndarray]


@given(
    shape=st.sampled_from(SHAPES),
    order=st.integers(1, 5) | st.just([3, 2]),
    forms=st.sampled_from([0.0, 0.5]),
    dtype=st.sampled_from([torch.float64, torch.float32]),
    seed=SEEDS,
)
@settings(max_examples=40)
def test_a_network_comes_back_bit_for_bit(
    shape: list[Any], order: Any, forms: float, dtype: torch.dtype, seed: int
) -> None:
    order = [order[n % 2] for n in range(len(shape) - 1)] if isinstance(order, list) else order
    width = shape[0]
    last = shape[-1] if isinstance(shape[-1], int) else shape[-1][0] + len(shape[-1][1])
    scaling = Scaling(np.full(width, 1e6), np.full(width, 3.0), np.full(last, -2.0), np.full(last, 1e30))
    network = random_network(shape, seed, order=order, forms=forms, locked=0.2, scaling=scaling, dtype=dtype)
    record, tensors = to_record(network)
    again = from_record(
        json.loads(json.dumps(record)), {name: values.copy() for name, values in tensors.items()}
    )
    assert again.spec == network.spec
    assert again.dtype == network.dtype
    inputs = random_inputs(network, seed)
    assert np.array_equal(again.predict(inputs), network.predict(inputs))
    held, others = network.state_dict(), again.state_dict()
    assert held.keys() == others.keys()
    assert all(torch.equal(held[name], others[name]) for name in held)
    assert to_record(again)[0] == record


def test_a_typed_form_comes_back() -> None:
    network = set_form(
        random_network([1, 1], 0), EdgeId(0, 0, 0), resolve("x^2*exp(-x)"), (1.0, 0.2, 0.5, 0.0)
    )
    record, tensors = to_record(network)
    x = np.linspace(-1, 1, 11)[:, None]
    assert np.array_equal(from_record(record, tensors).predict(x), network.predict(x))


def parts() -> tuple[Record, Tensors]:
    record, tensors = to_record(random_network([2, (1, 1), 1], 0, forms=0.5))
    return json.loads(json.dumps(record)), {name: values.copy() for name, values in tensors.items()}


def drop(name: str) -> Callable[[Record, Tensors], None]:
    return lambda _, tensors: tensors.__delitem__(name)


def put(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Record, Tensors], None]:
    return lambda _, tensors: tensors.update({name: change(tensors[name])})


def tell(*path: Any, value: Any) -> Callable[[Record, Tensors], None]:
    def change(record: Record, _: Tensors) -> None:
        place: Any = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


DAMAGE: dict[str, Callable[[Record, Tensors], Any]] = {
    "no spec": lambda record, _: record.pop("spec"),
    "no forms": lambda record, _: record.pop("forms"),
    "spec is text": tell("spec", value="[2, 5, 1]"),
    "spec is a list": tell("spec", value=[1]),
    "widths are numbers": tell("spec", "widths", value=[2, 2, 1]),
    "widths are text": tell("spec", "widths", value="211"),
    "a width too many": lambda record, _: record["spec"]["widths"].append([1, []]),
    "other width": tell("spec", "widths", 0, value=[3, []]),
    "negative width": tell("spec", "widths", 0, value=[-2, []]),
    "arity of one": tell("spec", "widths", 1, value=[1, [1]]),
    "other arity": tell("spec", "widths", 1, value=[1, [3]]),
    "no order": lambda record, _: record["spec"].pop("order"),
    "other order": tell("spec", "order", value=4),
    "order is text": tell("spec", "order", value="three"),
    "order too high": tell("spec", "order", value=99),
    "other intervals": tell("spec", "intervals", value=[9, 9]),
    "intervals are none": tell("spec", "intervals", value=None),
    "unknown base": tell("spec", "base", value="os.system"),
    "unknown type": tell("dtype", value="int8"),
    "type is a list": tell("dtype", value=["float64"]),
    "forms too few": tell("forms", value=[[]]),
    "forms are a number": tell("forms", value=3),
    "unknown form": tell("forms", 0, value=[[0, 0, "__import__('os')"]]),
    "form without a name": tell("forms", 0, value=[[0, 0]]),
    "form outside": tell("forms", 0, value=[[0, 99, "sin"]]),
    "form at a negative place": tell("forms", 0, value=[[-1, 0, "sin"]]),
    "form at no place": tell("forms", 0, value=[[None, 0, "sin"]]),
    "two forms on an edge": lambda record, _: record["forms"][0].append(record["forms"][0][0]),
    "a form on a spline": put("0.splines", np.ones_like),
    "no coefficients": drop("0.coefficients"),
    "no locked": drop("1.locked"),
    "no scale": drop("input_scale"),
    "coefficients cut": put("0.coefficients", lambda values: values[:, :-1]),
    "coefficients flat": put("0.coefficients", np.ravel),
    "scale of a wrong length": put("input_scale", lambda values: values[:1]),
    "scale is a table": put("input_scale", lambda values: values[None]),
    "scale is zero": put("input_scale", np.zeros_like),
    "output scale of a wrong length": put("output_scale", lambda values: np.ones(7)),
    "nan": put("1.bias", lambda values: values * np.nan),
    "infinite": put("0.affine", lambda values: values + np.inf),
    "knots fall": put("0.knots", lambda values: values[:, ::-1]),
    "knots repeat": put("0.knots", np.zeros_like),
    "text": put("0.bias", lambda values: values.astype(str)),
    "words": put("0.bias", lambda values: np.full(values.shape, "many")),
    "complex": put("0.bias", lambda values: values + 1j),
    "objects": put("0.bias", lambda values: np.array([None] * values.size, dtype=object)),
}


@pytest.mark.parametrize("damage", list(DAMAGE))
def test_a_damaged_record_is_refused(damage: str) -> None:
    record, tensors = parts()
    from_record(record, tensors)  # whole before
    DAMAGE[damage](record, tensors)
    with pytest.raises(FileError) as caught:
        from_record(record, tensors)
    assert "\n" not in str(caught.value)
    assert str(caught.value)[-1] in ".?"


@pytest.mark.parametrize("record", [None, [], "text", 3, {}])
def test_what_is_no_record_is_refused(record: Any) -> None:
    with pytest.raises(FileError):
        from_record(record, {})
