"""Make `data.csv` and `dataset.json` from the NUBASE2020 table:

    python datasets/alpha_decay/make.py nubase_4.mas20.txt

The table is the file of that name which accompanies Kondev et al., Chinese Physics C 45 (2021) 030001.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RAW_SHA256 = "a05ad6e7a441233c1b60f9492a89710803cb99af2ebbc6828da252dc0a9ba2c3"
YEAR = 31556926.0  # seconds, as NUBASE2020 defines it
LARGEST_ENERGY_ERROR = 0.05  # MeV; beyond it the energy alone moves log10 T by more than 0.2

UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "s": 1.0}
UNITS |= {f"{prefix}s": 10.0 ** (-3 * power) for power, prefix in enumerate("munpfazy", start=1)}
UNITS |= {f"{prefix}y": YEAR * 10.0 ** (3 * power) for power, prefix in enumerate(["", *"kMGTPEZY"])}
COLUMNS = (
    "atomic_number",
    "neutron_number",
    "unpaired_nucleons",
    "decay_energy",
    "log10_half_life",
    "uncertainty",
)


def ground_states(path: Path) -> dict[tuple[int, int], str]:
    """The line of every ground state, by (Z, A)."""
    lines = [line.ljust(210) for line in path.read_text(encoding="ascii").splitlines() if line[:1] != "#"]
    return {(int(line[4:7]), int(line[:3])): line for line in lines if line[7] == "0"}


def mass_excess(line: str) -> tuple[float, float] | None:
    """Mass excess and its standard deviation in MeV; None where it is an extrapolation (`#`) or absent."""
    value, sigma = line[18:31].strip(), line[31:42].strip()
    return None if not value or "#" in value + sigma else (float(value) / 1e3, float(sigma) / 1e3)


def energy(states: dict[tuple[int, int], str], z: int, a: int) -> tuple[float, float] | None:
    """Q = M(Z, A) - M(Z-2, A-4) - M(helium-4) with its standard deviation, from measured masses only."""
    lines = [states.get(key) for key in ((z, a), (z - 2, a - 4), (2, 4))]
    masses = [None if line is None else mass_excess(line) for line in lines]
    if any(mass is None for mass in masses):
        return None
    (parent, sigma), (daughter, sigma_daughter), (alpha, _) = [mass for mass in masses if mass is not None]
    return parent - daughter - alpha, math.hypot(sigma, sigma_daughter)


def half_life(line: str) -> tuple[float, float] | None:
    """log10 of the partial half-life for alpha decay in seconds, and its standard deviation."""
    value, unit, sigma = line[69:78].strip(), line[78:80].strip(), line[81:88].strip()
    share = re.match(r"A=([0-9.]+)(?:\s+([0-9.]+))?(?=;|\s|$)", next(iter(_alpha(line)), ""))
    measured = re.fullmatch(r"[0-9.]+", value) and re.fullmatch(r"[0-9.]+", sigma)
    if unit not in UNITS or not share or not measured or float(value) == 0.0 or float(share[1]) == 0.0:
        return None
    digits = len(share[1].partition(".")[2])
    branching, branching_sigma = float(share[1]), float(share[2] or 0.0) * 10.0**-digits
    relative = math.hypot(float(sigma) / float(value), branching_sigma / branching)
    return math.log10(float(value) * UNITS[unit] / (branching / 100.0)), relative / math.log(10.0)


def _alpha(line: str) -> list[str]:
    return [mode.strip() for mode in line[119:].split(";") if mode.strip().startswith("A=")]


def table(states: dict[tuple[int, int], str]) -> list[tuple[int, int, int, float, float, float]]:
    rows: list[tuple[int, int, int, float, float, float]] = []
    for (z, a), line in sorted(states.items()):
        released, life = energy(states, z, a), half_life(line)
        if z < 52 or released is None or life is None or released[1] > LARGEST_ENERGY_ERROR:
            continue
        unpaired = z % 2 + (a - z) % 2
        rows.append(
            (z, a - z, unpaired, round(released[0], 6), round(life[0], 4), round(max(life[1], 1e-4), 4))
        )
    return rows


def main(raw: Path) -> None:
    if hashlib.sha256(raw.read_bytes()).hexdigest() != RAW_SHA256:
        raise SystemExit(f"{raw} is not the NUBASE2020 table that data.csv was made from")
    rows = table(ground_states(raw))
    with (HERE / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    record = {
        "title": "Half-lives of alpha decay (NUBASE2020)",
        "file": "data.csv",
        "rows": len(rows),
        "inputs": ["atomic_number", "decay_energy", "unpaired_nucleons"],
        "target": "log10_half_life",
        "units": {"decay_energy": "MeV", "log10_half_life": "log10(s)"},
        "seed": 0,
        "sha256": hashlib.sha256((HERE / "data.csv").read_bytes()).hexdigest(),
        "source": "F. G. Kondev et al., The NUBASE2020 evaluation, Chinese Physics C 45 (2021) 030001",
        "licence": "CC-BY-3.0",
    }
    (HERE / "dataset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
