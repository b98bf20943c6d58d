"""B-spline bases with local support, differentiable to any order through autograd.

Only k + 1 of the G + k bases are non-zero at a point (de Boor 1978, chapter X). The recursion below visits
only those. Outside the grid the polynomials of the outermost intervals go on, as in
`scipy.interpolate.BSpline` with `extrapolate=True`; so exact knot insertion keeps the function everywhere,
not only on the grid.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import pad


def find_span(
    x: Float[Tensor, "batch inputs"], knots: Float[Tensor, "inputs knots"], order: int
) -> Int[Tensor, "batch inputs"]:
    """Index s in 0 .. G-1 of the interval that holds x; points outside belong to the nearest interval."""
    inner = knots[:, order + 1 : knots.shape[1] - order - 1].contiguous()
    return torch.searchsorted(inner, x.detach().T.contiguous(), right=True).T


def local_basis(
    x: Float[Tensor, "batch inputs"], knots: Float[Tensor, "inputs knots"], order: int
) -> tuple[Int[Tensor, "batch inputs"], Float[Tensor, "batch inputs local"]]:
    """The k + 1 bases that are non-zero at each x.

    Level p of the Cox-de Boor recursion, with t the knots and j running over the p functions of the level
    below:

        N[j, p](x) = (x - t_j) / (t_{j+p} - t_j) N[j, p-1](x)
                     + (t_{j+p+1} - x) / (t_{j+p+1} - t_{j+1}) N[j+1, p-1](x)

    Returns:
        span s and values [batch, inputs, k + 1]; value m belongs to coefficient s + m.
    """
    span = find_span(x, knots, order)
    row = torch.arange(knots.shape[0], device=x.device)[None, :, None]
    offsets = torch.arange(1, 2 * order + 1, device=x.device)
    near = knots[row, span[..., None] + offsets]
    x = x[..., None]
    values = torch.ones_like(x)
    for p in range(1, order + 1):
        # all j of a level at once: on a GPU each operation takes its 10 us, whatever its size
        left, right = near[..., order - p : order], near[..., order : order + p]
        share = values / (right - left)
        values = pad((right - x) * share, (0, 1)) + pad((x - left) * share, (1, 0))
    return span, values


def dense_basis(
    x: Float[Tensor, "batch inputs"], knots: Float[Tensor, "inputs knots"], order: int
) -> Float[Tensor, "batch inputs bases"]:
    """All G + k bases, zeros included."""
    span, values = local_basis(x, knots, order)
    count = knots.shape[1] - order - 1
    index = span[..., None] + torch.arange(order + 1, device=x.device)
    return torch.zeros(*x.shape, count, dtype=values.dtype, device=x.device).scatter(-1, index, values)


def evaluate(
    x: Float[Tensor, "batch inputs"],
    knots: Float[Tensor, "inputs knots"],
    coefficients: Float[Tensor, "inputs bases outputs"],
    order: int,
) -> Float[Tensor, "batch inputs outputs"]:
    """Splines of all edges of a layer: value[n, i, j] = sum_m c[i, m, j] B[i, m](x[n, i])."""
    basis = dense_basis(x, knots, order)
    return torch.einsum("nim,imj->nij", basis, coefficients)


def spline_sums(
    x: Float[Tensor, "batch inputs"],
    knots: Float[Tensor, "inputs knots"],
    coefficients: Float[Tensor, "inputs bases outputs"],
    order: int,
) -> Float[Tensor, "batch outputs"]:
    """Sums of the splines of a layer: out[n, j] = sum_im c[i, m, j] B[i, m](x[n, i]).

    The k + 1 bases that are not zero are either put in their places among the G + k, for one matrix product, or
    multiplied with the k + 1 rows of coefficients that they need: whatever holds fewer numbers.
    """
    inputs, bases, outputs = coefficients.shape
    if (order + 1) * outputs >= bases:
        return dense_basis(x, knots, order).flatten(1) @ coefficients.flatten(0, 1)
    span, values = local_basis(x, knots, order)
    first = span + bases * torch.arange(inputs, device=x.device)
    index = first[..., None] + torch.arange(order + 1, device=x.device)
    return torch.einsum("nim,nimj->nj", values, coefficients.flatten(0, 1)[index])
