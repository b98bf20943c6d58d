"""Tables that stay in a file: each chunk maps its own bytes, so a worker reads what it needs and nothing is sent."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError


@dataclass(frozen=True)
class FileTable:
    """An array that lies in a file.

    Attributes:
        path: the file, absolute.
        offset: first byte of the first number.
        dtype: what NumPy calls the type of the numbers, with their byte order.
        shape, strides: [rows] or [rows, columns], and the bytes from one to the next.
    """

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def __len__(self) -> int:
        return self.shape[0]

    def part(self, start: int, stop: int) -> FileTable:
        """Rows start to stop, still in the file."""
        stop = min(max(start, stop), self.shape[0])
        start = min(start, stop)
        offset = self.offset + start * self.strides[0]
        return replace(self, offset=offset, shape=(stop - start, *self.shape[1:]))

    def load(self) -> Any:
        """The rows as an array in memory. The mapping ends here, so that memory stays small."""
        kind = np.dtype(self.dtype)
        if 0 in self.shape:
            return np.empty(self.shape, kind)
        extent = sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True))
        try:
            raw = np.memmap(
                self.path, dtype=np.uint8, mode="r", offset=self.offset, shape=(extent + kind.itemsize,)
            )
        except (OSError, ValueError) as problem:
            raise FileError(
                f"The file {self.path!r} cannot be read as the table it was ({problem}); "
                "keep it unchanged during the fit."
            ) from problem
        view: Any = np.ndarray(self.shape, kind, buffer=raw.data, strides=self.strides)
        return view.copy()


def file_table(path: str | Path) -> FileTable:
    """The array of a `.npy` file, without reading it.

    Raises:
        FileError: the file cannot be read as one array of numbers.
    """
    try:
        mapped = np.lib.format.open_memmap(str(path), mode="r")
    except (OSError, ValueError) as problem:
        raise FileError(
            f"The file {str(path)!r} cannot be opened as an array ({problem}); "
            "give a .npy file that holds rows of numbers."
        ) from problem
    found = mapped_table(mapped)
    if found is None:
        raise FileError(f"The file {str(path)!r} holds no rows of numbers; give a .npy file that does.")
    return found


def mapped_table(array: Any) -> FileTable | None:
    """Where an array lies in its file; None for an array that is not a plain view of a `numpy.memmap`."""
    path = getattr(array, "filename", None)
    root: Any = array
    while isinstance(getattr(root, "base", None), np.ndarray):
        root = root.base
    if path is None or not isinstance(root, np.memmap) or not isinstance(root.base, mmap.mmap):
        return None
    plain = array.ndim in (1, 2) and array.size > 0 and min(array.strides) > 0
    if not plain or array.dtype.hasobject or array.dtype.fields:
        return None
    at = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return FileTable(
        str(Path(path).resolve()), int(root.offset) + int(at), array.dtype.str, array.shape, array.strides
    )
