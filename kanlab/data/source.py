"""Where a dataset came from, and the line of Python that makes it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from ..errors import DataError

Kind = Literal["registry", "csv", "memory"]
KINDS: tuple[Kind, ...] = ("registry", "csv", "memory")
Options: TypeAlias = tuple[tuple[str, Any], ...]
Step: TypeAlias = tuple[str, Options]
STEPS: Mapping[str, frozenset[str]] = {
    "with_columns": frozenset({"columns", "units"}),
    "in_groups": frozenset(),
}
"""The methods of a dataset that make another one, and their keywords: all that a script may hold after a table."""


@dataclass(frozen=True)
class Source:
    """`kind` says how the table was made, `where` is the name or the path, `options` are the keywords given.

    `steps` are the methods that made this table of that one, each with its keywords: a row of `STEPS`.
    A table from memory has no place of its own, so `text` (a callable, because the text of a large table is
    expensive) gives the table itself; the dataset fills it in.
    """

    kind: Kind
    where: str = ""
    options: Options = ()
    text: Callable[[], str] | None = field(default=None, compare=False, repr=False)
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataError(
                f"A dataset has no source of kind {self.kind!r}; the kinds are {', '.join(KINDS)}."
            )
        for method, options in self.steps:
            if not {key for key, _ in options} <= STEPS.get(method, frozenset()) or method not in STEPS:
                raise DataError(
                    f"A dataset is not made by {str(method)[:40]!r} with such options; "
                    f"its steps are {', '.join(STEPS)}."
                )

    def code(self) -> str:
        """One Python expression, with `import kanlab as kl` before it, that makes the dataset again."""
        return _CODE[self.kind](self) + "".join(f".{name}({_keywords(said)})" for name, said in self.steps)

    def then(self, method: str, **options: Any) -> Source:
        """The source of what a method makes of this table; a table from memory holds the result itself."""
        if self.kind == "memory":
            return Source("memory")
        said = tuple((key, _frozen(value)) for key, value in options.items() if value)
        return replace(self, steps=(*self.steps, (method, said)))

    def to_json(self) -> dict[str, Any]:
        """The source as plain JSON values; `from_json` is the inverse."""
        return {
            "kind": self.kind,
            "where": self.where,
            "options": [[key, value] for key, value in self.options],
            **(
                {"steps": [[name, [list(one) for one in said]] for name, said in self.steps]}
                if self.steps
                else {}
            ),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Source:
        try:
            steps = tuple((str(name), _pairs(said)) for name, said in record.get("steps", ()))
            return cls(record["kind"], str(record["where"]), _pairs(record["options"]), steps=steps)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError("The source of the dataset is not written as kind, where and options.") from error


_UNSAID: dict[str, Any] = {"missing": "refuse", "task": "regression", "seed": 0, "units": {}}


def csv_source(path: str | Path, keywords: Mapping[str, Any]) -> Source:
    """The source of a CSV file that was read with `keywords`; those that say nothing new are left out."""
    said = {key: value for key, value in keywords.items() if value is not None and value != _UNSAID.get(key)}
    return Source("csv", str(path), tuple((key, _frozen(value)) for key, value in said.items()))


def registry_source(name: str, keywords: Mapping[str, Any]) -> Source:
    """The source of the table `name` that was loaded with `keywords`; those that are None are left out."""
    said = {key: value for key, value in keywords.items() if value is not None}
    return Source("registry", name, tuple((key, _frozen(value)) for key, value in said.items()))


def literal(value: object) -> str:
    """`value` as Python source text: text, numbers, None, and lists, tuples and dictionaries of these."""
    if isinstance(value, str):
        plain = value.isprintable() and '"' not in value and "\\" not in value
        return f'"{value}"' if plain else repr(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    plain: Any = value.item() if isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, (bool, int, float)):
        return repr(plain)
    raise DataError(f"A value of type {type(value).__name__} cannot be written as Python text.")


def _pairs(said: Any) -> Options:
    return tuple((str(key), _frozen(value)) for key, value in said)


def _keywords(said: Options) -> str:
    return ", ".join(f"{key}={literal(value)}" for key, value in said)


def _frozen(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(item) for item in value)
    return value


def _registry_code(source: Source) -> str:
    keywords = _keywords(source.options)
    return f"kl.load({literal(source.where)}{', ' if keywords else ''}{keywords})"


def _csv_code(source: Source) -> str:
    keywords = _keywords(source.options)
    return f"kl.Dataset.from_csv({literal(source.where)}{', ' if keywords else ''}{keywords})"


def _memory_code(source: Source) -> str:
    if source.text is None:
        raise DataError("This source belongs to no dataset yet, so there is no table to write down.")
    return f"kl.Dataset.from_text({literal(source.text())})"


_CODE: dict[str, Callable[[Source], str]] = {
    "registry": _registry_code,
    "csv": _csv_code,
    "memory": _memory_code,
}
