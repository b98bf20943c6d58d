"""Make `deepmind_sample.csv.gz` and `dataset.json` from the two files of the sample:

    python datasets/knots-deepmind/make.py train.csv test.csv

The files are `knot_theory/train.csv` and `knot_theory/test.csv` of the repository `mli/ag-docs`, commit a687de9.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILE = HERE / "deepmind_sample.csv.gz"
STARTS = {"train": "efd57677", "test": "8086a5df"}
"""First digits of the checksums (SHA-256) of the two files."""

SYMMETRIES = ("0", "D3", "D4", "D6", "D8", "Z/2 + Z/2")
INPUTS = (
    "chern_simons",
    "cusp_volume",
    "hyperbolic_adjoint_torsion_degree",
    "hyperbolic_torsion_degree",
    "injectivity_radius",
    "longitudinal_translation",
    "meridinal_translation_imag",
    "meridinal_translation_real",
    "short_geodesic_imag_part",
    "short_geodesic_real_part",
    *(f"Symmetry_{group}" for group in SYMMETRIES),
    "volume",
)


def rows_of(path: Path, part: str) -> list[list[str]]:
    """The rows of one file as they are written there, below the name of the part and the number of the row."""
    content = path.read_bytes()
    if not hashlib.sha256(content).hexdigest().startswith(STARTS[part]):
        raise SystemExit(f"{path} is not the {part} file that the sample was made from")
    # The column without a name holds the row's number in the table of 243,746 rows.
    table = csv.DictReader(io.StringIO(content.decode("utf-8")))
    return [[part, *(row[name] for name in ("", *INPUTS, "signature"))] for row in table]


def main(train: Path, test: Path) -> None:
    rows = rows_of(train, "train") + rows_of(test, "test")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["split", "row_in_original", *INPUTS, "signature"])
    writer.writerows(rows)
    # mtime=0: the same table gives the same bytes.
    FILE.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))
    record = {
        "title": "Hyperbolic knots of DeepMind (a sample of 15,000 rows)",
        "file": FILE.name,
        "rows": len(rows),
        "inputs": list(INPUTS),
        "target": "signature",
        "units": {},
        "splits": {
            "volume": {"groups": {"column": "volume", "digits": 4}},
            "paper": {"given": {"column": "split", "test": "test"}},
            "random": {"random": {}},
        },
        "seed": 0,
        "sha256": hashlib.sha256(FILE.read_bytes()).hexdigest(),
        "source": "A. Davies et al., Advancing mathematics by guiding human intuition with AI, "
        "Nature 600 (2021) 70-74; data of DeepMind",
        "licence": "CC-BY-4.0",
    }
    (HERE / "dataset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
