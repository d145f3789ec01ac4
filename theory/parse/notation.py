"""Spellings that mean the same: Unicode signs, LaTeX commands and wrappers."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

SUPERSCRIPTS = MappingProxyType(dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True)))
SUBSCRIPTS = MappingProxyType(dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)))
SCRIPTS = MappingProxyType(str.maketrans({**SUPERSCRIPTS, **SUBSCRIPTS}))
FRACTIONS = MappingProxyType({"½": "1/2", "⅓": "1/3", "¼": "1/4", "¾": "3/4", "⅔": "2/3", "⅛": "1/8"})
GREEK = MappingProxyType({"σ": "sigma", "ŷ": "yhat", "∞": "infinity", "π": "pi"})
KEPT = frozenset({*SUPERSCRIPTS, *SUBSCRIPTS, *FRACTIONS, *GREEK, *"⁽⁾₍₎ᵀᵗ…"})

# One character to one character, so that a position in the text stays the same position.
SIGNS = MappingProxyType(
    {
        **dict.fromkeys("−–—‒‐‑―", "-"),
        **dict.fromkeys("·×⋅∗∙•・‧⨯✕", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("′’‘ʹ", "'"),
        **dict.fromkeys("≈≃≅≡≐∼≔", "="),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u2061\u2062", " "),
    }
)


def plain_signs(text: str) -> str:
    """Return `text` with each sign as its plain twin, character by character.

    >>> plain_signs("（−１·𝑥）")
    '(-1*x)'
    """
    return "".join(char if char.isascii() else _plain(char) for char in text)


def _plain(char: str) -> str:
    if char in KEPT or char in SIGNS:
        return SIGNS.get(char, char)
    same = unicodedata.normalize("NFKC", char)
    return SIGNS.get(same, same) if len(same) == 1 else char


# What stands before the last of these is passed over.
RELATION = re.compile(r"=|\\(?:approx|simeq|cong|doteq|equiv|sim|coloneqq|triangleq)(?![A-Za-z])")

# What a command stands for: kind of token and its text; "" kinds are passed over.
COMMANDS = MappingProxyType(
    {
        **dict.fromkeys(("cdot", "times", "ast", "cdotp", "bullet"), ("STAR", "*")),
        **dict.fromkeys(("div", "slash"), ("SLASH", "/")),
        "lbrack": ("_LBRACKET", "["), "rbrack": ("_RBRACKET", "]"),
        "lbrace": ("_LBRACE", "{"), "rbrace": ("_RBRACE", "}"),
        "lparen": ("_LPAR", "("), "rparen": ("_RPAR", ")"),
        **dict.fromkeys(("cr", "newline", "tabularnewline"), ("_SEMI", "\\\\")),
        "prime": ("TRANSPOSE", "'"),
        "lfloor": ("_LFLOOR", "⌊"), "rfloor": ("_RFLOOR", "⌋"),
        "lceil": ("_LCEIL", "⌈"), "rceil": ("_RCEIL", "⌉"),
        **dict.fromkeys(
            ("left", "right", "middle", "limits", "nolimits", "quad", "qquad", "enspace", "thinspace",
             "medspace", "thickspace", "negthinspace", "displaystyle", "textstyle", "scriptstyle",
             "hline", "boxed", "fbox", "ensuremath", "mathord", "mathbin", "notag", "nonumber",
             "mathstrut", "strut", "allowbreak", "small", "normalsize", "large"), ("", "")),
        **dict.fromkeys(
            (f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")),
            ("", "")),
        **dict.fromkeys(
            ("mathbf", "mathrm", "mathsf", "mathit", "mathtt", "mathnormal", "bm", "boldsymbol", "pmb",
             "bold", "operatorname", "text", "textbf", "textit", "textrm", "vec", "underline",
             "bf", "rm", "it"),
            ("", "")),
    }
)  # fmt: skip
FRACTION_COMMANDS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})

MATRIX_NAMES = ("bmatrix", "pmatrix", "matrix", "vmatrix", "Bmatrix", "Vmatrix", "smallmatrix", "array")
LAYOUT_NAMES = (
    "aligned",
    "align",
    "equation",
    "gather",
    "gathered",
    "split",
    "displaymath",
    "math",
    "multline",
)

SPACES = re.compile(
    r"(?:[ \t\r\f\v~$]|\\[,;:! \[\]()]|\\(?:left|right)\s?\."
    r"|\\(?:text|mbox|textrm)\{ {0,9}\}|\\[hv]space\*?\{[^{}]{0,20}\})+"
)
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
SCIENTIFIC = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,2}(?![0-9A-Za-z.])")
GROUPED = re.compile(  # 52 488  52,488  52{,}488  83\,520  20'736
    r"[1-9][0-9]{0,2}(?P<mark>,|\{,\}|'|_|(?:[ ~]|\\[,;:! ]){1,4})[0-9]{3}(?:(?P=mark)[0-9]{3}){0,8}"
    r"(?:\.[0-9]+)?(?![0-9]|,[0-9])"
)
LETTERS = re.compile(r"[A-Za-z]+")
COMMAND = re.compile(r"\\([A-Za-z]+)")
MODULE = re.compile(r"(?:np|numpy|math|torch|sympy|tf|F|nn\.functional)\.(?=[A-Za-z])")
ARRAY = re.compile(r"(?:(?:np|numpy|torch|sympy)\.)?(?:array|matrix|tensor|Matrix|Tensor)\s?(?=\()")
_WRAPPER = r"\\(?:mathbf|mathrm|mathsf|mathit|bm|boldsymbol|pmb|operatorname|text|textbf|textit|vec)\*?"
WRAPPED = re.compile(_WRAPPER + r"\s{0,9}\{\s{0,9}([A-Za-z]+)\s{0,9}\}")
BRACED = re.compile(r"\{ {0,9}([A-Za-z]+) {0,9}\}(?= {0,9}[_^])")
_LETTER = r"\s{0,9}([A-Za-z])\s{0,9}"
_UPRIGHT = r"\\(?:text|mathrm)\s?\{hat\}"
HAT = re.compile(
    rf"\\(?:wide)?hat(?:\s{{0,9}}\{{{_LETTER}\}}|\s{{0,9}}([A-Za-z])(?![A-Za-z])"  # \hat{y}  \hat y
    rf"|\s{{0,9}}\{{\s{{0,9}}{_WRAPPER}(?:\s{{0,9}}\{{{_LETTER}\}}|{_LETTER})\s{{0,9}}\}})"
    rf"|([A-Za-z])(?:_?[hH]at(?![A-Za-z])|\u0302|_\{{ {{0,9}}hat {{0,9}}\}}|_\{{{_UPRIGHT}\}}|_{_UPRIGHT})"
    rf"|hat\({_LETTER}\)"
)
MATRIX = re.compile(r"\\(begin|end)\s{0,9}\{\s{0,9}([A-Za-z]+)\*?\s{0,9}\}")
COLUMNS = re.compile(r"\{[clr| ]{1,80}\}")  # of \begin{array}{ccc}
ROW_END = re.compile(r"\\\\(?:\*?\s{0,9}\[\s{0,9}-?[0-9.]{1,9}\s{0,9}(?:pt|em|ex|mm|cm|in|px|mu)\s{0,9}\])?")
ALIASES = MappingProxyType(
    {"sigmoid": "sigma", "logistic": "sigma", "expit": "sigma", "int": "floor", "ceiling": "ceil"}
)

TRANSPOSED = re.compile(
    r"\^ ?\{ ?(?:T|\\top|\\intercal|⊤|\\(?:math(?:sf|rm|bf|it)|text) ?(?:\{ ?T ?\}|T)) ?\}"  # ^{\top}
    r"|\^ ?(?:T|\\top|\\intercal|\\math(?:sf|rm) ?(?:\{ ?T ?\}|T))(?![A-Za-z])|\^? ?⊤|\.T(?![A-Za-z])"
    r"|\.transpose\(\)|\.t\(\)|[ᵀᵗ]"
)
ELLIPSIS = re.compile(r"\\(?:[cdlv]?dots|dotsc|dotsb)(?![A-Za-z])|\.\.\.|…")
POWER = re.compile(r"([⁺⁻]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")

_LIST = r" {0,3}([0-9]{1,6}(?:[ ,]{1,4}[0-9]{1,6}){0,3}) {0,3}"
_SUPER, _SUB = r"([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,6})", r"([₀₁₂₃₄₅₆₇₈₉]{1,6}(?:, ?[₀₁₂₃₄₅₆₇₈₉]{1,6})?)"
INDICES = (
    re.compile(r" ?_ ?\{ {0,3}\(?" + _LIST + r"\)? {0,3}\}"),  # w_{(2,2)}  w_{22}
    re.compile(r"_\(" + _LIST + r"\)"),  # w_(2,2)
    re.compile(r"\[ ?([0-9]{1,6}) ?\]\[ ?([0-9]{1,6}) ?\]"),  # w[2][2]
    re.compile(r"_? ?\[" + _LIST + r"\]"),  # w[2,2]
    re.compile(r" ?\^ ?\{ {0,3}[(\[]" + _LIST + r"[)\]] {0,3}\}"),  # W^{(3)}  W^{[3]}
    re.compile(r"\^[(\[]" + _LIST + r"[)\]]"),  # W^(3)
    re.compile(r" ?[₍]?" + _SUB + r"[₎]?"),  # W₃  w₂₂
    re.compile(r"⁽" + _SUPER + r"⁾"),  # W⁽³⁾
    re.compile(r"_?([0-9]{1,6})_([0-9]{1,6})"),  # w_2_2
    re.compile(r"(?:_ ?)?([0-9]{1,6})"),  # w_22  w22
)
# Only where the name means nothing without an index: W(3) and, for matrices, W^3, where W1, W2, W3 are known.
CALLED_INDEX = re.compile(r"\(" + _LIST + r"\)")
RAISED_INDICES = (re.compile(r" ?\^ ?\{? ?([0-9]{1,6}) ?\}?"), re.compile(_SUPER))
