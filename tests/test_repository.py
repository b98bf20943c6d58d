"""Rules of the repository that no linter knows."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kanlab"
SOURCES = {
    "kanlab": ("*.py",),
    "tests": ("*.py",),
    "tools": ("*.py",),
    "benchmarks": ("*.py",),
    "js/src": ("*.ts", "*.tsx", "*.css"),
    "js/test": ("*.ts", "*.tsx"),
}
LONGEST = 500

FORBIDDEN_NAMES = frozenset({"eval", "exec", "compile", "__import__", "print", "sympify"})
FORBIDDEN_ATTRIBUTES = frozenset({("torch", "load"), ("torch", "save"), ("sympy", "sympify"), ("np", "load")})
FORBIDDEN_MODULES = frozenset({"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"})
MAY_PRINT = frozenset({PACKAGE / "cli.py"})


def _files() -> Iterator[Path]:
    for folder, patterns in SOURCES.items():
        for pattern in patterns:
            yield from (path for path in (ROOT / folder).rglob(pattern) if path.is_file())


def test_no_file_outgrows_its_idea() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in _files()
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def _offences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        words = sorted(_forbidden(node))
        for word in words:
            if not (word == "print" and path in MAY_PRINT):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {word}"


def _forbidden(node: ast.AST) -> set[str]:
    """The forbidden things in one node of a syntax tree; `model.eval()` and words in docstrings are none."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_NAMES:
            return {name}
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), keywords=options) if (
            module,
            name,
        ) in FORBIDDEN_ATTRIBUTES and not _reads_tensors_only(module, options):
            return {f"{module}.{name}"}
        case ast.Import(names=names):
            return {alias.name for alias in names if alias.name.split(".")[0] in FORBIDDEN_MODULES}
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in FORBIDDEN_MODULES:
            return {module}
        case ast.ExceptHandler(type=None):
            return {"bare except"}
        case _:
            return set()


def _reads_tensors_only(module: str, options: list[ast.keyword]) -> bool:
    """`torch.load(..., weights_only=True, mmap=True)`, which makes nothing but tensors of a file."""
    said = {
        option.arg
        for option in options
        if isinstance(option.value, ast.Constant) and option.value.value is True
    }
    return module == "torch" and {"weights_only", "mmap"} <= said


def test_the_package_neither_evaluates_text_nor_pickles_nor_prints() -> None:
    assert not [offence for path in sorted(PACKAGE.rglob("*.py")) for offence in _offences(path)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("eval('1')", {"eval"}),
        ("model.eval()", set()),
        ("import pickle", {"pickle"}),
        ("from pickle import loads", {"pickle"}),
        ("torch.load('x')", {"torch.load"}),
        ("torch.load('x', weights_only=True)", {"torch.load"}),
        ("torch.load('x', weights_only=False, mmap=True)", {"torch.load"}),
        ("torch.load('x', weights_only=True, mmap=True)", set()),
        ("try:\n    f()\nexcept:\n    pass", {"bare except"}),
        ("'never eval'", set()),
    ],
)
def test_the_rule_finds_what_it_is_for(source: str, words: set[str]) -> None:
    found = [_forbidden(node) for node in ast.walk(ast.parse(source))]
    assert set().union(*found) == words


def test_ci_runs_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.strip() and not line.startswith("#")]
    assert commands == [
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "export CI=true",
        "exec make test",
    ]


def test_the_lock_file_fits_and_names_no_addresses() -> None:
    asked = json.loads((ROOT / "js" / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "js" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert asked.get(kind) == locked[""].get(kind)
    assert not [name for name, package in locked.items() if "resolved" in package]


def test_torch_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert "torch==2.13.0" in lines
    assert all("==" in line and "://" not in line and "@" not in line for line in lines if line[:1] != "#")
