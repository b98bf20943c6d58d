"""Make `data.csv` and the checksum in `dataset.json`: `python datasets/exp_sin/make.py`."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROWS = 2000


def main() -> None:
    x1, x2 = np.random.default_rng(0).uniform(-1.0, 1.0, (ROWS, 2)).T
    y = np.exp(np.sin(np.pi * x1) + x2**2)
    with (HERE / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["x1", "x2", "y"])
        # repr gives the shortest text that reads back as the same float64.
        writer.writerows([repr(float(value)) for value in row] for row in zip(x1, x2, y, strict=True))
    record = {
        "title": "exp(sin(pi x1) + x2^2)",
        "file": "data.csv",
        "rows": ROWS,
        "inputs": ["x1", "x2"],
        "target": "y",
        "units": {},
        "split": {"train": [0, 800], "validation": [800, 1000], "test": [1000, 2000]},
        "sha256": hashlib.sha256((HERE / "data.csv").read_bytes()).hexdigest(),
        "source": "synthetic; first example of Liu et al., KAN: Kolmogorov-Arnold Networks, arXiv:2404.19756",
        "licence": "CC0-1.0",
    }
    (HERE / "dataset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
