"""Units of columns: values from SciPy's table of constants, and the laws of products and powers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from kanlab.data.unit_table import PLAIN, PREFIXED
from kanlab.data.units import ONE, Unit, parse_unit

SIZES = {
    "km/h": constants.kmh,
    "mph": constants.mph,
    "kn": constants.knot,
    "au": constants.au,
    "AU": constants.au,
    "pc": constants.parsec,
    "ly": constants.light_year,
    "yr": constants.Julian_year,
    "d": constants.day,
    "h": constants.hour,
    "eV": constants.electron_volt,
    "cal": constants.calorie,
    "erg": constants.erg,
    "dyn": constants.dyn,
    "atm": constants.atm,
    "mmHg": constants.mmHg,
    "Torr": constants.torr,
    "bar": constants.bar,
    "psi": constants.psi,
    "hp": constants.hp,
    "lb": constants.lb,
    "oz": constants.oz,
    "lbf": constants.pound_force,
    "inches": constants.inch,
    "ft": constants.foot,
    "yd": constants.yard,
    "mi": constants.mile,
    "nmi": constants.nautical_mile,
    "ha": constants.hectare,
    "mL": 1e-3 * constants.liter,
    "gal": constants.gallon,
    "degF": constants.degree_Fahrenheit,
    "deg": constants.degree,
    "arcsec": constants.arcsec,
    "nm": constants.nano,
    "µm": constants.micro,
    "kWh": 1000 * constants.hour,
    "10^3 kg": 1e3,
    "%": 0.01,
    "g": constants.gram,
    "t": constants.metric_ton,
    "angstrom": constants.angstrom,
}

DIMENSIONS = {
    "": "1",
    "rad": "1",
    "log10(s)": "1",
    "N": "m*kg/s^2",
    "kg*m^2/s^2": "m^2*kg/s^2",
    "J/kg K": "m^2/(s^2*K)",
    "J/kg*K": "m^2*K/s^2",
    "mol/L": "mol/m^3",
    "W m⁻² K⁻¹": "kg/(s^3*K)",
    "m²": "m^2",
    "m s-2": "m/s^2",
    "m/s/s": "m/s^2",
    "m**0.5": "m^(1/2)",
    "m^(-3/2)": "1/m^(3/2)",
    "[m / s]": "m/s",
    "W/(m2 K)": "kg/(s^3*K)",
    "km s-1 Mpc-1": "1/s",
    "V/ohm": "A",
    "F*H": "s^2",
    "°C": "K",
    "furlong": "furlong",
    "furlong/s": "furlong/s",
}


@pytest.mark.parametrize("text", SIZES)
def test_sizes(text: str) -> None:
    assert parse_unit(text).factor == pytest.approx(SIZES[text], rel=1e-6)


@pytest.mark.parametrize("text", DIMENSIONS)
def test_dimensions(text: str) -> None:
    assert str(parse_unit(text).dimension) == DIMENSIONS[text]


@pytest.mark.parametrize(
    "text",
    ["3 apples per (day", "H2O", "1e400 m", "m^1000", "0 m", "m^", "(" * 60, 'a"', "m^(1/0)", "x" * 300],
)
def test_a_text_that_is_no_unit_is_a_dimension_of_its_own(text: str) -> None:
    unit = parse_unit(text)
    assert unit.powers == ((text, Fraction(1)),)
    assert not unit.alike(ONE)
    assert (unit / parse_unit(text)).pure
    assert parse_unit(str(unit)) == unit


def test_units_of_one_kind_can_differ() -> None:
    meter, kilometer = parse_unit("m"), parse_unit("km")
    assert meter.alike(kilometer)
    assert not meter.same_as(kilometer)
    assert parse_unit("1000*m").same_as(kilometer)
    assert parse_unit("J").same_as(parse_unit("N*m"))
    assert not parse_unit("%").pure


@pytest.mark.parametrize("row", [*PREFIXED, *PLAIN], ids=lambda row: row[0] or row[1])
def test_every_row_is_made_of_base_units(row: tuple[str, str, float, str]) -> None:
    for name in (*row[0].split(), *row[1].split()):
        powers = parse_unit(name).dimension.powers
        assert {base for base, _ in powers} <= {"m", "kg", "s", "A", "K", "mol", "cd"}
        assert parse_unit(name).factor == pytest.approx(row[2] * parse_unit(row[3]).factor)


NAMES = st.one_of(
    st.sampled_from(
        ["m", "kg", "s", "km", "Hz", "°C", "%", "yr", "furlong", "µm", "M_sun", "e", "log", "per"]
    ),
    st.text(min_size=1, max_size=8),
)
EXPONENTS = st.fractions(-5, 5, max_denominator=6).filter(bool)


@st.composite
def units(draw: st.DrawFn) -> Unit:
    """A product of powers of up to four names, with or without a number."""
    unit = Unit((), draw(st.one_of(st.just(1.0), st.floats(1e-20, 1e20))))
    for name, exponent in draw(st.dictionaries(NAMES, EXPONENTS, max_size=4)).items():
        unit = unit * Unit(((name, exponent),))
    return unit


@given(units())
def test_text_says_all(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    unit = parse_unit(text)
    assert 0 < unit.factor < float("inf")
    assert parse_unit(str(unit)) == unit


@given(units(), units())
def test_products(one: Unit, other: Unit) -> None:
    assert (one * other).same_as(other * one)
    assert (one * other / other).same_as(one)
    assert (one / one).pure
    assert (one**2 * other**2).same_as((one * other) ** 2)
    assert (one * other).factor == pytest.approx(one.factor * other.factor, rel=1e-9)
