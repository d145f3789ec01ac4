"""A class: the roster, what is graded already, and the pools that grade the rest."""
