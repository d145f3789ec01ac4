"""Numbers as people write them: every spelling keeps its value and its digits."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.errors import FormError, ParseError
from theory.forms import DecimalForm, NumberForm

DECIMALS = {
    "-16/25 1/1000": [
        "-0.640", "$-0.640$", r"\(-0.640\)", "$$-0.640$$", "(-0.640)", "{-0.640}", "–0.640", "−0.640",
        "—0.640",
        "- 0.640", "−\u20090.640", "~-0.640", r"\,-0.640\,", "-0.640;", r"-0.640 \\", "-0.640.", "+-0.640",
        "-.640",
        r"-6.40 \times 10^{-1}", "-6.40 * 10^-1", "-6.40e-1", "-6.40E-01", "-6.40·10⁻¹", "−6.40 × 10⁻¹",
        "-6.40 x 10^-1", "-6.40*10**-1", "-6.40*10**(-1)", r"-6.40\cdot10^{-1}", r"$-6.40 \cdot 10^{-1}$",
        r"-640 \times 10^{-3}", "≈ -0.640", r"\approx -0.640", "dL/dy ≈ −0.640", "x = -0.640",
        r"y \approx -0.640",
        "-0,640", "-0{,}640", "about -0.640", "approx. -0.640", r"\boxed{-0.640}", r"\mathbf{-0.640}",
        "－０.640",
        r"\displaystyle -0.640", "-2(1 - 0.680) = -0.640", "[-0.640]", "( - 0.640 )", "\u202f-0.640\u00a0",
        "-00.640",
        "-0.640\n", "-\u200b0.640", "-0.0640e1", r"\left(-0.640\right)", r"\[ -0.640 \]",
    ],
    "113/10000 1/10000": [
        "1.13e-2", "0.0113", r"1.13 \times 10^{-2}", "1.13 × 10⁻²", "1,13 · 10^{-2}", "+0.0113", ".0113",
        "0.113e-1",
        "11.3E-3", r"$1.13\cdot 10^{-2}$", "1.13*10^(-2)", r"\approx 1.13 \times 10^{-2}",
    ],
    "12 1": ["12", "12.", "$12$", "1.2e1", "+12", "12;"],
    "123456/100 1/100": ["1234.56", "1 234.56", "1,234.56", r"1\,234.56", "1'234.56"],
}  # fmt: skip
CASES = [(text, *key.split()) for key, texts in DECIMALS.items() for text in texts]


@pytest.mark.parametrize(("text", "value", "unit"), CASES)
def test_a_decimal_keeps_its_digits_in_every_notation(text: str, value: str, unit: str) -> None:
    read = DecimalForm().read(text)
    assert (read.value, read.unit) == (sympy.Rational(value), sympy.Rational(unit))


@pytest.mark.parametrize("text", ["4/5", r"\frac{4}{5}", "2*0.4", "0.5 + 0.3", r"\frac45"])
def test_a_fraction_or_a_product_is_exact(text: str) -> None:
    read = DecimalForm().read(text)
    assert (read.value, read.unit, str(read)) == (sympy.Rational(4, 5), 0, "4/5")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("-0.640", "-0.640"), (r"-6.40 \times 10^{-1}", "-0.640"), ("1.13e-2", "0.0113"), ("−.5", "-0.5"),
     ("-0.00", "0.00"),
     ("12", "12"), ("6.40e5", "640e3"), ("0,8", "0.8")],
)  # fmt: skip
def test_a_decimal_is_shown_with_the_digits_that_were_given(text: str, shown: str) -> None:
    assert str(DecimalForm().read(text)) == shown


@pytest.mark.parametrize(
    "text",
    ["61706", "61,706", "61 706", "61\u00a0706", "61\u2009706", "61\u202f706", r"61\,706", r"61\ 706",
     "61~706", "61'706",
     "61’706", "61{,}706", "$61,706$", "total = 61,706", r"$61\,706$", "61_706", "6.1706e4",
     r"6.1706 \times 10^4", "= 61706",
     "≈ 61706", "61706.", "(61706)", "61706 parameters", "61,706 trainable parameters",
     "156 + 2416 + 48120 + 10164 + 850",
     "156+2 416+48 120+10 164+850", r"156 + 2{,}416 + 48{,}120 + 10{,}164 + 850", "61706.0", "６１７０６",
     "123412/2",
     r"\frac{123412}{2}", "2 x 30853", r"2 \cdot 30853", "2·30853", "2(30853)", "N = 61706 params"],
)  # fmt: skip
def test_every_spelling_of_a_whole_number_is_read(text: str) -> None:
    assert NumberForm(is_whole=True).read(text) == 61706


@pytest.mark.parametrize(
    ("text", "value"),
    [("576 000", 576000), ("1,153,840", 1153840), ("$1,153,840$", 1153840), ("1.153.840", 1153840), ("5.76e5",
     576000),
     ("1 153 840", 1153840), ("29 029", 29029), ("0", 0), ("-5", -5), ("6^2·20", 720), ("6²·20", 720), ("10⁵",
     100000)],
)  # fmt: skip
def test_thousands_are_groups_of_three(text: str, value: int) -> None:
    assert NumberForm(is_whole=True).read(text) == value


@pytest.mark.parametrize(
    "text",
    ["61 70", "6 1706", "6 6 20", "61 7061", "576 00", "1 2", "1, 2", "61,70,6", "5 1/2", "3½", "1.2.3",
     "0 123", "6,17",
     "12 34 567", "1,23,456", "61 706 12", "2 3 x 4"],
)  # fmt: skip
def test_numbers_beside_each_other_are_never_multiplied(text: str) -> None:
    with pytest.raises((FormError, ParseError)):
        NumberForm(is_whole=True).read(text)


def test_what_stands_side_by_side_is_named() -> None:
    with pytest.raises(ParseError, match="two numbers are side by side"):
        NumberForm(is_whole=True).read("61 70")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5", "3/2"), ("1,5", "3/2"), ("3/2", "3/2"), (r"\frac{3}{2}", "3/2"), (r"\frac32", "3/2"),
     (r"\tfrac{3}2", "3/2"),
     (r"\frac3{2}", "3/2"), ("½", "1/2"), ("1½ - 1", None), ("−1.5", "-3/2"), ("W = 1.5", "3/2"), ("3⁄2",
     "3/2"), ("3÷2", "3/2"),
     (r"3 \div 2", "3/2"), ("$1.5$.", "3/2"), ("1.50", "3/2"), ("2^{-1}", "1/2"), ("2⁻¹", "1/2"), ("10⁻²",
     "1/100")],
)  # fmt: skip
def test_fractions_in_every_spelling(text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(ParseError, match="side by side"):
            NumberForm().read(text)
    else:
        assert NumberForm().read(text) == sympy.Rational(value)


@pytest.mark.parametrize("form", [NumberForm(), DecimalForm()])
def test_a_comma_with_two_readings_is_refused(form: NumberForm | DecimalForm) -> None:
    with pytest.raises(FormError, match=r"may mean 1200 or 1\.200"):
        form.read("1,200")


SIGNS = st.sampled_from(["-", "−", "–", "- ", "+", "", "－"])
WRAPPERS = st.sampled_from(
    ["{}", "${}$", r"\({}\)", "({})", "$({})$", "x = {}", r"\approx {}", "{}.", "≈ {}", r"\boxed{{{}}}"]
)
NOTATIONS = st.sampled_from(
    [r"{} \times 10^{{{}}}", "{}e{}", "{} * 10^{}", "{}·10^({})", r"{}\cdot 10^{{{}}}"]
)


@given(
    SIGNS, st.integers(0, 99_999), st.integers(0, 6), st.integers(-9, 9), NOTATIONS, WRAPPERS, st.booleans()
)
@settings(max_examples=150, deadline=None)
def test_value_and_unit_are_those_of_the_digits(
    sign: str, digits: int, places: int, power: int, notation: str, wrapper: str, has_power: bool
) -> None:
    text = f"{digits:0{places + 1}d}"
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    value = Fraction(text) * (-1 if sign.strip() in ("-", "−", "–", "－") else 1)
    written = wrapper.format(sign + (notation.format(text, power) if has_power else text))
    read = DecimalForm().read(written)
    scale = Fraction(10) ** power if has_power else Fraction(1)
    assert Fraction(int(read.value.p), int(read.value.q)) == value * scale
    assert Fraction(int(read.unit.p), int(read.unit.q)) == scale / 10**places


@given(
    st.integers(1_000, 10**12), st.sampled_from([" ", ",", r"\,", "'", "{,}", "\u2009", "\u00a0", "_", "~"])
)
@settings(max_examples=100, deadline=None)
def test_any_grouped_number_is_itself(number: int, mark: str) -> None:
    text = f"{number:,}".replace(",", mark)
    assert NumberForm(is_whole=True).read(text) == number
    assert NumberForm(is_whole=True).read(f"{text} + 1") == number + 1
