"""All invariants of one knot, by SnapPy and the modules beside this one."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from geodesic import shortest
from geometry import tiling
from torsion import torsion_degrees

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # SnapPy leaves a file open when it is imported
    import snappy

GEOMETRIC = ("all tetrahedra positively oriented", "contains negatively oriented tetrahedra")
SYMMETRIES = ("0", "D3", "D4", "D6", "D8", "Z/2 + Z/2")
TRIES = 40

Row = dict[str, Any]


def invariants(name: str) -> Row | None:
    """A row of the table without KnotInfo's name, or None for a knot that is not hyperbolic. Raises ValueError."""
    census = snappy.Manifold(name)
    if census.solution_type() not in GEOMETRIC or census.volume() < 1:
        return None
    manifold = positively_oriented(census)
    area, meridian, longitude = cusp(manifold)
    diagram = census.link()
    hand = orientation(diagram, meridian)
    homology = diagram.knot_floer_homology()
    tiles = tiling(manifold)
    length, angle, count = shortest(tiles)
    degree, adjoint = torsion_degrees(tiles)
    group = manifold.symmetry_group()
    if not group.is_full_group() or degree is None or adjoint is None:
        raise ValueError("the symmetry group or a torsion degree is not certain")
    return {
        "name": name,
        "crossings": len(diagram.crossings),
        "alternating": int("a" in name),
        "chern_simons": float(census.chern_simons()),
        "cusp_volume": area,
        "hyperbolic_adjoint_torsion_degree": adjoint,
        "hyperbolic_torsion_degree": degree,
        "injectivity_radius": min(length / 2, float(np.arcsinh(abs(meridian) / 2))),
        "longitudinal_translation": longitude,
        "meridinal_translation_imag": meridian.imag,
        "meridinal_translation_real": meridian.real,
        "short_geodesic_imag_part": angle,
        "short_geodesic_real_part": length,
        **{f"Symmetry_{one}": int(str(group) == one) for one in SYMMETRIES},
        "volume": float(manifold.volume()),
        "signature": hand * signature(diagram),
        "slope": longitude * meridian.real / abs(meridian) ** 2,
        "symmetry_group": str(group),
        "amphicheiral": int(group.is_amphicheiral()),
        "max_cusp_volume": area / 2,
        "genus": homology["seifert_genus"],
        "fibered": int(homology["fibered"]),
        "tau": hand * homology["tau"],
        "num_tetrahedra": manifold.num_tetrahedra(),
        "shortest_geodesic_count": count,
    }


def positively_oriented(census: Any) -> Any:
    """A copy whose tetrahedra are all positively oriented."""
    manifold = census.copy()
    for _ in range(TRIES):
        if manifold.solution_type() == GEOMETRIC[0]:
            return manifold
        manifold.randomize()
    raise ValueError("no triangulation is positively oriented")


def cusp(manifold: Any) -> tuple[float, complex, float]:
    """Area of the maximal cusp, its meridian with the longitude turned to the positive reals, and the longitude."""
    neighborhood = manifold.cusp_neighborhood()
    neighborhood.set_displacement(neighborhood.stopping_displacement(0), 0)
    ((meridian, longitude),) = neighborhood.all_translations()
    meridian, longitude = complex(meridian), complex(longitude)
    meridian *= abs(longitude) / longitude
    if meridian.imag < 0:
        raise ValueError("the cusp is turned over")
    return 2 * float(neighborhood.volume(0)), meridian, abs(longitude)


def orientation(diagram: Any, meridian: complex) -> int:
    """1 where the exterior of the diagram is the manifold of this meridian, -1 where it is its mirror image."""
    exterior = diagram.exterior()
    for _ in range(TRIES):
        if exterior.solution_type() in GEOMETRIC:
            break
        exterior.randomize()
    _, found, _ = cusp(exterior)
    if abs(found.imag - meridian.imag) > 1e-5 or abs(abs(found.real) - abs(meridian.real)) > 1e-5:
        raise ValueError("the exterior of the diagram is another manifold")
    return 1 if abs(found.real - meridian.real) < 1e-5 else -1


def signature(diagram: Any) -> int:
    """Signature of V + V^T for the Seifert matrix V of the diagram; that of the right-handed trefoil is -2."""
    seifert = np.array(diagram.seifert_matrix())
    if not seifert.size:
        return 0
    eigenvalues = np.linalg.eigvalsh((seifert + seifert.T).astype(float))
    if np.abs(eigenvalues).min() < 1e-9:
        raise ValueError("the form of the Seifert matrix is singular")
    return int((eigenvalues < 0).sum() - (eigenvalues > 0).sum())
