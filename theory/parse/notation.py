"""Spellings that mean the same: Unicode signs, LaTeX commands and wrappers."""

from __future__ import annotations

import re
from types import MappingProxyType

# One character to one character, so that a position in the text stays the same position.
SIGNS = MappingProxyType(
    str.maketrans(
        {"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "∗": "*", "÷": "/", "′": "'", "\u00a0": " "}
    )
)

# What a command stands for: kind of token and its text; "" kinds are passed over.
COMMANDS = MappingProxyType(
    {
        "cdot": ("STAR", "*"),
        "times": ("STAR", "*"),
        "ast": ("STAR", "*"),
        "div": ("SLASH", "/"),
        "frac": ("FRAC", "frac"),
        "dfrac": ("FRAC", "frac"),
        "tfrac": ("FRAC", "frac"),
        "lbrack": ("LBRACKET", "["),
        "rbrack": ("RBRACKET", "]"),
        **dict.fromkeys(("left", "right", "quad", "qquad", "displaystyle", "big", "Big", "limits"), ("", "")),
    }
)

MATRIX_NAMES = ("bmatrix", "pmatrix", "matrix", "vmatrix", "Bmatrix", "smallmatrix", "array")

SPACES = re.compile(r"(?:[ \t\r\f\v~$]|\\[,;:! \[\]()])+")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
LETTERS = re.compile(r"[A-Za-z]+")
COMMAND = re.compile(r"\\([A-Za-z]+)")
WRAPPED = re.compile(
    r"\\(?:mathbf|mathrm|mathsf|mathit|bm|boldsymbol|operatorname|text|vec)\s*\{\s*([A-Za-z]+)\s*\}"
)
HAT = re.compile(r"\\(?:hat|widehat)\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z])(?![A-Za-z]))")
MATRIX = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+)\*?\s*\}")
COLUMNS = re.compile(r"\{[clr| ]{1,80}\}")  # of \begin{array}{ccc}
GREEK = MappingProxyType({"σ": "sigma", "ŷ": "yhat", "∞": "infinity"})

TRANSPOSED = re.compile(
    r"\^ ?\{ ?(?:T|\\top|\\intercal|⊤|\\math(?:sf|rm) ?\{T\}) ?\}"  # ^{\top}
    r"|\^ ?(?:T|\\top|\\intercal)(?![A-Za-z])|\^? ?⊤|\.T(?![A-Za-z])"  # ^\top  .T
)
ELLIPSIS = re.compile(r"\\(?:[cdlv]?dots|dotsc|dotsb)(?![A-Za-z])|\.\.\.|…")
SUPERSCRIPTS = MappingProxyType({"²": "2", "³": "3"})

_LIST = r" {0,3}([0-9]{1,6}(?:[ ,]{1,4}[0-9]{1,6}){0,3}) {0,3}"
INDICES = (
    re.compile(r" ?_ ?\{ {0,3}\(?" + _LIST + r"\)? {0,3}\}"),  # w_{(2,2)}  w_{22}
    re.compile(r"_\(" + _LIST + r"\)"),  # w_(2,2)
    re.compile(r"\[ ?([0-9]{1,6}) ?\]\[ ?([0-9]{1,6}) ?\]"),  # w[2][2]
    re.compile(r"\[" + _LIST + r"\]"),  # w[2,2]
    re.compile(r" ?\^ ?\{ {0,3}\(" + _LIST + r"\) {0,3}\}"),  # W^{(3)}
    re.compile(r"\^\(" + _LIST + r"\)"),  # W^(3)
    re.compile(r"_?([0-9]{1,6})"),  # w_22  w22
)
