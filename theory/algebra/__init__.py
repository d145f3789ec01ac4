"""Deciding whether two formulas are the same, without simplifying either."""
