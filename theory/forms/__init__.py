"""The forms that answers take: what each kind of blank accepts, and what it reads a text as."""

from __future__ import annotations

from theory.forms.form import Form
from theory.forms.formulas import ExpressionForm, MatrixForm, OperatorForm, TextForm
from theory.forms.intervals import Interval, IntervalForm
from theory.forms.lists import ListForm
from theory.forms.numbers import DecimalForm, Measured, NumberForm
from theory.forms.sizes import SizeForm

__all__ = [
    "DecimalForm",
    "ExpressionForm",
    "Form",
    "Interval",
    "IntervalForm",
    "ListForm",
    "MatrixForm",
    "Measured",
    "NumberForm",
    "OperatorForm",
    "SizeForm",
    "TextForm",
]
