"""Networks on every device that this machine has: torch operations there, compiled loops on the CPU."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kanlab.kernels import forward
from kanlab.network import KAN, NetworkSpec
from tests.networks import miss, random_inputs, random_network

DEVICES = ["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
CLOSE = {torch.float64: 1e-11, torch.float32: 1e-4}

on_devices = pytest.mark.parametrize("device", DEVICES)
of_types = pytest.mark.parametrize("dtype", [torch.float64, torch.float32])


@on_devices
@of_types
@pytest.mark.parametrize("forms", [0.0, 0.4])
def test_values_and_gradients_are_those_of_the_cpu(device: str, dtype: torch.dtype, forms: float) -> None:
    exact = random_network([3, [2, 2], 1], 3, forms=forms)
    points = torch.from_numpy(random_inputs(exact, 3, 300))
    moved = KAN.from_arrays(exact.arrays(), scaling=exact.scaling, dtype=dtype).to(device)
    x, truth = points.to(device, dtype).requires_grad_(), points.clone().requires_grad_()
    y, wanted = moved(x), exact(truth)
    assert y.device.type == torch.device(device).type
    assert y.dtype == dtype
    assert miss(y.detach().double().cpu().numpy(), wanted.detach().numpy()) <= CLOSE[dtype]
    got = torch.autograd.grad(y.sum(), [x, *moved.parameters()], allow_unused=True, materialize_grads=True)
    right = torch.autograd.grad(
        wanted.sum(), [truth, *exact.parameters()], allow_unused=True, materialize_grads=True
    )
    for one, other in zip(got, right, strict=True):
        assert one.device.type == torch.device(device).type
        assert miss(one.double().cpu().numpy(), other.numpy()) <= CLOSE[dtype]


@on_devices
def test_second_derivatives_are_those_of_the_cpu(device: str) -> None:
    exact = random_network([2, 3, 1], 5, order=4)
    points = torch.from_numpy(random_inputs(exact, 5, 40))

    def laplacian(network: KAN, place: str) -> np.ndarray:
        x = points.to(place).requires_grad_()
        (slope,) = torch.autograd.grad(network(x).sum(), x, create_graph=True)
        parts = [torch.autograd.grad(slope[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(2)]
        total = torch.stack(parts).sum(dim=0)
        on = torch.autograd.grad(
            (total**2).sum(), list(network.parameters()), allow_unused=True, materialize_grads=True
        )
        return np.concatenate([part.detach().cpu().numpy().ravel() for part in (total, *on)])

    wanted = laplacian(exact, "cpu")
    moved = KAN.from_arrays(exact.arrays(), scaling=exact.scaling).to(device)
    assert miss(laplacian(moved, device), wanted) <= 1e-10


@on_devices
def test_what_torch_trains_there_is_a_network_like_any_other(device: str) -> None:
    network = KAN(NetworkSpec.of([2, 3, 1]), seed=0).to(device)
    x = torch.rand(400, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    y = torch.exp(torch.sin(torch.pi * x[:, :1]) + x[:, 1:] ** 2)
    inputs, targets = x.to(device), y.to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.05)
    losses: list[float] = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = ((network(inputs) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.01 * losses[0]
    assert miss(network(inputs).detach().cpu().numpy(), forward(x.numpy(), network.arrays())) <= 1e-11
    assert miss(network.predict(x.numpy()), network(inputs).detach().cpu().numpy()) <= 1e-11
