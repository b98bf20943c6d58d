"""The units that kanlab knows: one row each, in terms of rows above it or of the seven SI base units.

Values are those of the SI Brochure (9th edition, 2019), of the IAU (au, pc: resolutions B2 2012 and 2015; yr is the
Julian year) and of the international yard and pound (1959); a measured value (u, M_sun) is rounded as printed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

BASE: tuple[str, ...] = ("m", "kg", "s", "A", "K", "mol", "cd")
"""The base units of the SI, in the order in which dimensions are printed."""

PREFIXES: Mapping[str, float] = {
    "Q": 1e30, "R": 1e27, "Y": 1e24, "Z": 1e21, "E": 1e18, "P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3,
    "h": 1e2, "da": 1e1, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "p": 1e-12,
    "f": 1e-15, "a": 1e-18, "z": 1e-21, "y": 1e-24, "r": 1e-27, "q": 1e-30,
}  # fmt: skip
"""Short prefixes, for the short names of rows that take them."""

WORDS: Mapping[str, float] = {
    "tera": 1e12, "giga": 1e9, "mega": 1e6, "kilo": 1e3, "hecto": 1e2, "deci": 1e-1, "centi": 1e-2, "milli": 1e-3,
    "micro": 1e-6, "nano": 1e-9, "pico": 1e-12, "femto": 1e-15,
}  # fmt: skip
"""Prefixes written out, for the long names of such rows."""

Row: TypeAlias = tuple[str, str, float, str]
"""Short names, long names, size, and the unit it is the size of."""

PREFIXED: tuple[Row, ...] = (
    ("m", "meter meters metre metres", 1, "m"),
    ("g", "gram grams", 1e-3, "kg"),
    ("s sec", "second seconds", 1, "s"),
    ("A", "ampere amperes amp amps", 1, "A"),
    ("K", "kelvin kelvins", 1, "K"),
    ("mol", "mole moles", 1, "mol"),
    ("cd", "candela candelas", 1, "cd"),
    ("N", "newton newtons", 1, "kg*m/s^2"),
    ("J", "joule joules", 1, "N*m"),
    ("W", "watt watts", 1, "J/s"),
    ("Pa", "pascal pascals", 1, "N/m^2"),
    ("Hz", "hertz", 1, "1/s"),
    ("C", "coulomb coulombs", 1, "A*s"),
    ("V", "volt volts", 1, "J/C"),
    ("ohm Ω Ω", "ohms", 1, "V/A"),
    ("S", "siemens", 1, "A/V"),
    ("F", "farad farads", 1, "C/V"),
    ("H", "henry henries", 1, "V*s/A"),
    ("Wb", "weber webers", 1, "V*s"),
    ("T", "tesla teslas", 1, "Wb/m^2"),
    ("lm", "lumen lumens", 1, "cd"),
    ("lx", "lux", 1, "lm/m^2"),
    ("Bq", "becquerel", 1, "1/s"),
    ("Gy", "gray", 1, "J/kg"),
    ("Sv", "sievert", 1, "J/kg"),
    ("kat", "katal", 1, "mol/s"),
    ("L l", "liter liters litre litres", 1e-3, "m^3"),
    ("M", "molar", 1, "mol/L"),
    ("eV", "electronvolt electronvolts", 1.602176634e-19, "J"),
    ("cal", "calorie calories", 4.184, "J"),
    ("bar", "bars", 1e5, "Pa"),
    ("pc", "parsec parsecs", 648000 / 3.141592653589793 * 149597870700.0, "m"),
    ("yr", "", 31557600.0, "s"),
    ("Da", "dalton daltons", 1.66053906660e-27, "kg"),
    ("rad", "radian radians", 1, ""),
    ("sr", "steradian", 1, ""),
    ("dyn", "dyne", 1e-5, "N"),
    ("erg", "ergs", 1e-7, "J"),
    ("Gs", "gauss", 1e-4, "T"),
    ("t", "tonne tonnes", 1e3, "kg"),
    ("Ci", "curie", 3.7e10, "Bq"),
    ("Wh", "", 3600, "J"),
    ("Jy", "jansky", 1e-26, "W/(m^2*Hz)"),
    ("P", "poise", 0.1, "Pa*s"),
)
"""Units that a prefix may stand before."""

PLAIN: tuple[Row, ...] = (
    ("min", "minute minutes", 60, "s"),
    ("h hr", "hour hours", 3600, "s"),
    ("d", "day days", 86400, "s"),
    ("", "week weeks", 604800, "s"),
    ("", "month months", 2629800.0, "s"),
    ("a y", "year years", 31557600.0, "s"),
    ("au AU ua", "", 149597870700.0, "m"),
    ("ly", "lightyear lightyears", 9460730472580800.0, "m"),
    ("Å Å", "angstrom angstroms", 1e-10, "m"),
    ("", "micron microns", 1e-6, "m"),
    ("in", "inch inches", 0.0254, "m"),
    ("ft", "foot feet", 0.3048, "m"),
    ("yd", "yard yards", 0.9144, "m"),
    ("mi", "mile miles", 1609.344, "m"),
    ("nmi", "", 1852, "m"),
    ("kn kt", "knot knots", 1852 / 3600, "m/s"),
    ("mph", "", 1609.344 / 3600, "m/s"),
    ("kph", "", 1 / 3.6, "m/s"),
    ("ha", "hectare hectares", 1e4, "m^2"),
    ("cc", "", 1e-6, "m^3"),
    ("gal", "gallon gallons", 3.785411784e-3, "m^3"),
    ("b", "barn barns", 1e-28, "m^2"),
    ("lb lbm", "pound pounds", 0.45359237, "kg"),
    ("oz", "ounce ounces", 0.028349523125, "kg"),
    ("u amu", "", 1.66053906660e-27, "kg"),
    ("M_sun Msun M☉", "", 1.98841e30, "kg"),
    ("lbf", "", 4.4482216152605, "N"),
    ("psi", "", 4.4482216152605 / 0.0254**2, "Pa"),
    ("atm", "atmosphere atmospheres", 101325, "Pa"),
    ("mmHg", "", 133.322387415, "Pa"),
    ("Torr", "torr", 101325 / 760, "Pa"),
    ("hp", "horsepower", 745.69987158227022, "W"),
    ("rpm", "", 1 / 60, "1/s"),
    ("degC °C ℃", "celsius", 1, "K"),
    ("degF °F ℉", "fahrenheit", 5 / 9, "K"),
    ("deg °", "degree degrees", 3.141592653589793 / 180, ""),
    ("arcmin ′", "", 3.141592653589793 / 10800, ""),
    ("arcsec ″", "", 3.141592653589793 / 648000, ""),
    ("%", "percent", 1e-2, ""),
    ("‰", "permille", 1e-3, ""),
    ("ppm", "", 1e-6, ""),
    ("ppb", "", 1e-9, ""),
    ("dex dB mag Np", "", 1, ""),
)
"""Units that take no prefix. Logarithmic ones are pure numbers; of a temperature only the size of its degree counts."""

PURE: frozenset[str] = frozenset(
    {"", "-", "—", "–", "none", "dimensionless", "unitless", "n/a", "count", "counts"}
)
"""Texts that say that a column is a number without unit."""

LOGARITHMS: tuple[str, ...] = ("log", "ln", "log10", "log2", "lg")
"""Functions that may stand around a unit, as in log10(s): a logarithm is a pure number."""
