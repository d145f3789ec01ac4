"""A test case that teaches: whole docstrings, loops that name their case, gaps and prints reported once."""

import contextlib
import functools
import inspect
import re
import unittest

from .printed import untold, watching

__unittest = True  # keeps the lines of this file out of unittest's tracebacks

GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # a gap raises NotImplementedError with such a name
NOT_WRITTEN = "is not written yet."


class TeachingTestCase(unittest.TestCase):
    """A test case for answers that may not be complete.

    A gap that is still open fails one test, with one line that names it; others that need it are skipped. A
    line that prints fails one test, once.
    """

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, name, _report_gaps(method))

    def run(self, result=None):
        """Run the test, and keep the failures of open gaps behind those of wrong answers."""
        self._told = vars(result).setdefault("gaps_told", set()) if result is not None else set()
        with watching():
            done = super().run(result)
        if isinstance(getattr(result, "failures", None), list):
            result.failures.sort(key=lambda failure: NOT_WRITTEN in failure[1])
        return done

    def shortDescription(self):
        """Return the whole docstring of the test: its second line is often the one that helps."""
        return inspect.getdoc(getattr(self, self._testMethodName))

    @contextlib.contextmanager
    def subTest(self, *message, **settings):
        """Run one case of a loop; an open gap ends the loop, because the other cases would only repeat it."""
        open_gap = None
        with super().subTest(*message, **settings):
            try:
                yield
            except NotImplementedError as error:
                if not is_gap(error):
                    raise
                open_gap = error
        if open_gap is not None:
            raise open_gap

    def tell_prints(self):
        """Fail beside whatever else the test finds, if lines print that no test has told yet."""
        prints = untold()
        if prints:
            with super().subTest("prints"):
                self.fail(prints)

    def assert_shape(self, got, expected, name):
        """Fail with both shapes in one line if `got` has another shape than expected."""
        shape = getattr(got, "shape", None)
        if shape is None:
            self.fail(f"{name}: expected shape {tuple(expected)}, got {describe(got, name)}.")
        if tuple(shape) != tuple(expected):
            self.fail(f"{name}: expected shape {tuple(expected)}, got {tuple(shape)}.")

    def assert_number(self, got, expected, name, tolerance=1e-6):
        """Fail with both numbers if they differ by more than `tolerance`, relative to the larger one."""
        got, expected = float(got), float(expected)
        if not abs(got - expected) <= tolerance * max(1.0, abs(got), abs(expected)):
            self.fail(f"{name}: got {got:.6g}, expected {expected:.6g}.")


def is_gap(error):
    """Tell whether a NotImplementedError is a gap of this course: libraries raise it with sentences."""
    return GAP.fullmatch(str(error)) is not None


def describe(value, name):
    """Say what came in place of an array and, for gradients, where they belong."""
    if value is not None:
        return f"a {type(value).__name__}"
    if name.split()[0] in ("dx", "dw", "db"):
        return f"None: backward must store it as self.{name.split()[0]}; its return value is not used"
    return "None: nothing was returned"


def placed(name, index):
    """Put an index behind the array that it belongs to.

    >>> placed("weight after step 2", "0, 1"), placed("loss", "")
    ('weight[0, 1] after step 2', 'loss')
    """
    array, space, rest = name.partition(" ")
    return f"{array}[{index}]{space}{rest}" if index else name


def _report_gaps(method):
    """Turn the NotImplementedError of a gap into a failure that names it, once."""

    @functools.wraps(method)
    def run(self):
        try:
            method(self)
        except NotImplementedError as error:
            if not is_gap(error):
                raise
            gap = str(error)
        else:
            return
        finally:
            self.tell_prints()
        told = getattr(self, "_told", set())
        if gap in told:
            self.skipTest(f"waits for {gap}")
        told.add(gap)
        self.fail(f"{gap} {NOT_WRITTEN}")

    return run
