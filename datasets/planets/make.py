"""Make `data.csv` and the checksum in `dataset.json` from the orbital elements in `raw/`:

python datasets/planets/make.py
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from pathlib import Path

HERE = Path(__file__).resolve().parent
YEAR = 365.25  # days in a Julian year
# Mass of the Sun over the mass of the planet and its moons (IAU 2009 system of astronomical constants).
SUN_OVER = {
    "Mercury": 6023600.0, "Venus": 408523.719, "Earth-Moon": 328900.5596, "Mars": 3098703.59,
    "Jupiter": 1047.348644, "Saturn": 3497.9018, "Uranus": 22902.98, "Neptune": 19412.26,
}  # fmt: skip
COLUMNS = ("body", "semi_major_axis", "eccentricity", "period", "period_uncertainty", "period_from")
Row = tuple[str, float, float, float, float, str]


def read(name: str) -> list[dict[str, str]]:
    with (HERE / "raw" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def planets() -> list[Row]:
    """Period: 360 degrees over the rate of the mean longitude, which was fitted beside the axis."""
    rows: list[Row] = []
    for orbit in read("planets.csv"):
        period = 36000.0 / float(orbit["mean_longitude_rate"])
        # A longitude wrong by this many arc seconds shifts the end of a revolution by this part of it.
        part = float(orbit["longitude_error"]) / 1296000.0
        axis, shape = float(orbit["semi_major_axis"]), float(orbit["eccentricity"])
        rows.append((orbit["body"], axis, shape, period, part * period, "mean longitude"))
    return rows


def asteroids() -> tuple[list[Row], float]:
    """Period: the time between two epochs over the revolutions in it, counted by mean longitude.

    Also how far the momentary period of one body wanders between its two epochs: half the difference as part
    of the period, root mean square over the bodies. No disturbed orbit has a period sharper than that.
    """
    found: list[tuple[str, float, float, float]] = []
    scatter: list[float] = []
    for orbit in read("asteroids.csv"):
        first, second = (
            {key[:-2]: float(orbit[key]) for key in orbit if key.endswith(end)} for end in ("_1", "_2")
        )
        moved = sum(second[angle] - first[angle] for angle in ("peri", "node", "anomaly"))
        revolutions = int(orbit["turns"]) + (moved % 360.0) / 360.0
        period = (second["epoch"] - first["epoch"]) / YEAR / revolutions
        scatter.append(0.5 * (osculating(second["a"]) - osculating(first["a"])) / period)
        axis, shape = (0.5 * (first[key] + second[key]) for key in ("a", "e"))
        found.append((orbit["body"], axis, shape, period))
    pooled = math.sqrt(sum(value**2 for value in scatter) / len(scatter))
    return [(*row, 0.0, "two epochs") for row in found], pooled


def distant() -> list[Row]:
    """Period: as published, derived from the axis. These bodies have not moved far enough to be timed."""
    rows: list[Row] = []
    for orbit in read("distant.csv"):
        period = float(orbit["period"])
        sigma = 0.5 * abs(period - osculating(float(orbit["a_1"])))
        rows.append((orbit["body"], float(orbit["a"]), float(orbit["e"]), period, sigma, "axis"))
    return rows


def pull(body: str, axis: float) -> float:
    """How far, as part of the period, the planets may move it from that of a light body round the Sun alone.

    Mass inside the orbit (and the body's own) adds to the Sun's and shortens the period by half its part of the
    Sun's mass; a planet outside disturbs by its mass times the cube of the ratio of the axes (the tide).
    """
    orbits = {row["body"]: float(row["semi_major_axis"]) for row in read("planets.csv")}
    total = 0.0
    for planet, ratio in SUN_OVER.items():
        inside = planet == body or orbits[planet] <= axis
        total += (0.5 if inside else (axis / orbits[planet]) ** 3) / ratio
    return total


def osculating(axis: float) -> float:
    """The period that goes with a momentary axis (au) about the Sun alone, in Julian years, for errors."""
    return 365.256898326 / YEAR * axis**1.5


def main() -> None:
    timed, pooled = asteroids()
    rows = sorted([*planets(), *timed, *distant()], key=lambda row: row[1])
    with (HERE / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for body, axis, shape, period, own, origin in rows:
            wander = pooled if origin == "two epochs" else 0.0
            sigma = math.hypot(own, wander * period, pull(body, axis) * period)
            writer.writerow([body, f"{axis:.9g}", f"{shape:.7g}", f"{period:.9g}", f"{sigma:.3g}", origin])
    record = {
        "title": "Orbits of planets, dwarf planets and asteroids",
        "file": "data.csv",
        "rows": len(rows),
        "inputs": ["semi_major_axis", "eccentricity"],
        "target": "period",
        "uncertainty": "period_uncertainty",
        "units": {"semi_major_axis": "au", "period": "yr", "period_uncertainty": "yr"},
        "seed": 0,
        "sha256": hashlib.sha256((HERE / "data.csv").read_bytes()).hexdigest(),
        "source": "JPL Solar System Dynamics: positions of the planets (E. M. Standish), Small-Body Database",
        "licence": "public domain (facts published by NASA/JPL)",
    }
    (HERE / "dataset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
