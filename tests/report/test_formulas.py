"""Formulas, held against what typst makes of them: it has to compile, and to show what TeX would show."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
import typst

from report.formulas import typeset


def written(*formulas: str) -> list[str]:
    pieces, reasons = typeset([("DisplayMath", tex) for tex in formulas])
    assert not reasons
    return pieces


def shown(tex: str) -> str:
    """Return the characters of a formula in the PDF, without blanks."""
    pdf = typst.compile(written(tex)[0].encode())
    assert isinstance(pdf, bytes)
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        (r"a \otimes b \odot c \ominus d", "⊗⊙⊖"),
        (r"A \cap B \sqcap C", "∩⊓"),
        (r"\left|\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}\right|", "1234"),
        (r"\begin{Vmatrix} 5 & 6 \end{Vmatrix}", "56‖"),
        (r"\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}", "1234"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}", "10≤"),
        (r"\left\{\begin{array}{l} 1 \\ 2 \end{array}\right.", "12"),
        (r"\begin{align} 1 &= 2 \tag{17} \\ &= 3 \nonumber \label{eq:x} \end{align}", "123(17)"),
        (r"\operatorname*{arg\,max}_{7} 8 \bigl( 9 \bigr)", "78(9)argmax"),
        (r"1 \\ 2", "12"),
        (r"\frac12 \dfrac34 \tfrac{5}6", "123456"),
        (r"1{,}000", "1,000"),
    ],
)
def test_every_sign_of_a_formula_is_there(tex: str, signs: str) -> None:
    text = shown(tex)
    assert all(sign in text for sign in signs), text
    assert "⟦" not in text


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\frac{1}{\frac{2}{3}}", "frac(1, frac(2, 3))"),
        (r"{\frac{1}{2}}^2", "frac(1, 2)^2"),
        (r"\frac{a}{b}_x", "frac(a, b)_x"),
        (r"\left.\frac{a}{b}\right|_{x=1}", r"frac(a, b) stretch(\|, size: #240%)_(x = 1)"),
        (r"\begin{matrix} 1 & 2 \end{matrix}", "mat(delim: #none, 1, 2)"),
        (r"\left(\begin{matrix} 1 & 2 \end{matrix}\right)", 'mat(delim: "(", 1, 2)'),
        (r"\begin{vmatrix} 1 & 2 \end{vmatrix}", 'mat(delim: "|", 1, 2)'),
    ],
)
def test_what_pandoc_would_set_wrongly_keeps_its_meaning(tex: str, part: str) -> None:
    assert part in written(tex)[0]


def test_formulas_come_back_in_their_order() -> None:
    pieces, reasons = typeset([("InlineMath", "a"), ("DisplayMath", r"\nosuch"), ("InlineMath", "b_1")])
    assert [pieces[0], pieces[2]] == ["$a$", "$b_1$"]
    assert reasons == {1: r"unexpected control sequence \nosuch"}


@pytest.mark.slow
def test_every_symbol_of_tex_that_pandoc_writes_is_one_that_typst_knows() -> None:
    from matplotlib._mathtext_data import tex2uni  # the longest list of TeX's symbols at hand

    symbols = [rf"\{name}" for name in tex2uni if name.isalpha()]
    pieces, reasons = typeset([("DisplayMath", tex) for tex in symbols])
    assert len(pieces) - len(reasons) > 500
    good = [piece for index, piece in enumerate(pieces) if index not in reasons]
    typst.compile("\n\n".join(good).encode())
