"""The forms that answers take: what each kind of blank accepts, and what it reads a text as."""

from __future__ import annotations

from theory.forms.form import Form
from theory.forms.formulas import ExpressionForm, ListForm, MatrixForm, OperatorForm, TextForm
from theory.forms.quantities import DecimalForm, Interval, IntervalForm, Measured, NumberForm, SizeForm

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
