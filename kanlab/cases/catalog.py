"""Which cases there are, and how one is found: by its name, or as the file of a user."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ..errors import ActionError, FileError, did_you_mean
from .case import Case

MODULES: Mapping[str, str] = MappingProxyType(
    {
        "grid-extension": "grid_extension",
        "walkthrough": "walkthrough",
        "scaling": "scaling",
        "special-functions": "special_functions",
        "feynman": "feynman",
        "poisson": "poisson",
        "continual": "continual",
        "supervised-toys": "supervised_toys",
        "unsupervised-toy": "unsupervised_toy",
        "knots": "knots",
        "sparsity": "sparsity",
        "anderson": "anderson",
    }
)
"""Name of a case and the module of this folder that holds it as CASE, in the order of the paper."""


def names() -> tuple[str, ...]:
    """The cases that come with kanlab."""
    return tuple(MODULES)


def find(name: str) -> Case:
    """The case of this name, or the one that a file ending in .py holds as CASE.

    The file is a program of the user, and is run.

    Raises:
        ActionError: there is no such case.
        FileError: there is no such file, or it holds no case.
    """
    if name.endswith(".py"):
        return _from_file(Path(name))
    if name not in MODULES:
        raise ActionError(
            f"There is no case {name!r}; there are {', '.join(MODULES)}, or give the file of your own case, "
            f"ending in .py.{did_you_mean(name, MODULES)}"
        )
    return importlib.import_module(f".{MODULES[name]}", __package__).CASE


def file_of(name: str) -> Path:
    """The file that a case is written in."""
    return Path(name) if name.endswith(".py") else Path(__file__).parent / f"{MODULES[name]}.py"


def _from_file(path: Path) -> Case:
    if not path.is_file():
        raise FileError(f"There is no file {str(path)!r}; give the file that holds your case.")
    spec = importlib.util.spec_from_file_location(f"kanlab_case_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileError(f"The file {path.name!r} cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    case = getattr(module, "CASE", None)
    if not isinstance(case, Case):
        raise FileError(f"The file {path.name!r} holds no case; it needs a line CASE = Case(...).")
    return case
