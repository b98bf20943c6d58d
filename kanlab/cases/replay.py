"""Whether a story gives the same law, bit for bit, in another process and from its saved file."""

from __future__ import annotations

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ..discovery import Investigation
from ..errors import ActionError
from .threads import one_thread


@dataclass(frozen=True)
class Print:
    """What a state comes to: the text of its law (empty where it has none) and the digest of its network."""

    law: str
    network: str


def print_of(investigation: Investigation) -> Print:
    """The print of the present state.

    The digest is SHA-256 over names, types, shapes and bytes of all tensors.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(investigation.network.state_dict().items()):
        array = np.ascontiguousarray(tensor.detach().cpu().numpy())
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return Print(_law(investigation), digest.hexdigest())


def replayed_elsewhere(case: str, story: str) -> tuple[Print, Print, Print]:
    """The prints of a story played here, played in a fresh process, and replayed there from its saved file.

    Args:
        case: name or file of the case.
        story: name of its story.
    """
    from .catalog import find

    with TemporaryDirectory() as folder, one_thread():
        held = next(told for told in find(case).stories if told.name == story).play()
        path = held.save(Path(folder) / "story.kanlab")
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as executor:
            again, opened = executor.submit(_again, case, story, str(path)).result()
        return print_of(held.investigation), again, opened


def _again(case: str, story: str, path: str) -> tuple[Print, Print]:
    from .catalog import find

    with one_thread():
        played = next(told for told in find(case).stories if told.name == story).play()
        saved = Investigation.open(path)
        fresh = saved.replay(saved.actions)
        return print_of(played.investigation), print_of(fresh)


def _law(investigation: Investigation) -> str:
    try:
        return str(investigation.law())
    except ActionError:
        return ""
