"""Build the browser side again and compare it, byte by byte, with the bundle that is committed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .npm import ROOT, main

STATIC = ROOT / "kanlab" / "widgets" / "static"


def fingerprints(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check() -> int:
    committed = fingerprints(STATIC)
    status = main(["node", "build.mjs"])
    if status:
        return status
    built = fingerprints(STATIC)
    changed = sorted(
        name for name in committed.keys() | built.keys() if committed.get(name) != built.get(name)
    )
    if changed:
        print(f"The sources in js/ build another {', '.join(changed)} than was there: commit the new bundle.")
    return int(bool(changed))


if __name__ == "__main__":
    raise SystemExit(check())
