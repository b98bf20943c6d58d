"""Whether torch has anything to do around the forward of a module."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import torch
from torch import nn
from torch.nn.modules import module as of_all

_trace = torch._C._get_tracing_state  # noqa: SLF001


def is_bare(module: nn.Module) -> bool:
    """True where a module has no hooks, neither its own nor those of all modules, and is neither compiled nor traced.

    `nn.Module.__call__` asks the same, in two calls of functions that have much more to set up.
    """
    return not (
        module._forward_hooks  # noqa: SLF001
        or module._forward_pre_hooks  # noqa: SLF001
        or module._backward_hooks  # noqa: SLF001
        or module._backward_pre_hooks  # noqa: SLF001
        or of_all._global_forward_hooks  # noqa: SLF001
        or of_all._global_forward_pre_hooks  # noqa: SLF001
        or of_all._global_backward_hooks  # noqa: SLF001
        or of_all._global_backward_pre_hooks  # noqa: SLF001
        or module._compiled_call_impl is not None  # noqa: SLF001
        or _trace()
    )
