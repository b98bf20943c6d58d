"""A dataset as one line of text: safetensors, packed by zlib, spelled in base64; no pickle, no code."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ..errors import FileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_BYTES = 1 << 31
"""A text that unpacks to more than this is refused before it fills the memory."""

_KEY = "kanlab.dataset"


def pack(arrays: dict[str, NDArray[Any]], record: dict[str, Any]) -> str:
    """Named arrays and a JSON record as text; the same content always gives the same text."""
    content = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    blob = save(content, metadata={_KEY: json.dumps(record, sort_keys=True)})
    return base64.b64encode(zlib.compress(blob, 9)).decode("ascii")


def unpack(text: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The inverse of `pack`. Raises FileError when the text is not one that `pack` made."""
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
        machine = zlib.decompressobj()
        blob = machine.decompress(packed, LARGEST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise FileError("The text is not a dataset written by to_text; copy the whole of it.") from error
    if machine.unconsumed_tail:
        raise FileError(f"The text unpacks to more than {LARGEST_BYTES} bytes; keep such a table in a file.")
    if not machine.eof:
        raise FileError("The text of the dataset breaks off before its end; copy the whole of it.")
    try:
        header = json.loads(blob[8 : 8 + int.from_bytes(blob[:8], "little")])
        return load(blob), json.loads(header["__metadata__"][_KEY])
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise FileError("The text unpacks, but to something that is not a dataset; copy it again.") from error
