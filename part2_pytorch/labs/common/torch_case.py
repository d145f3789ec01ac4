"""What public tests share: comparisons that explain, numeric gradients, plain words for open gaps."""

import functools
import unittest

import torch

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


class TorchTestCase(unittest.TestCase):
    """A test case in which a gap that is still open fails with one line that names it."""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, name, _name_open_gaps(method))

    def setUp(self):
        """Draw the same random numbers in every test."""
        torch.manual_seed(7643)

    def assert_close(self, got, expected, name, tolerance=1e-4):
        """Fail where two tensors differ, with the place and both values of the entry that is furthest off."""
        if not isinstance(got, torch.Tensor):
            self.fail(f"{name}: expected a tensor, got {type(got).__name__}.")
        expected = torch.as_tensor(expected)
        if got.shape != expected.shape:
            self.fail(f"{name}: expected shape {tuple(expected.shape)}, got {tuple(got.shape)}.")
        got, expected = got.detach().double(), expected.detach().double()
        off = (got - expected).abs() > tolerance * (1 + expected.abs())
        off |= got.isnan()
        if off.any():
            distance = (got - expected).abs().nan_to_num(nan=float("inf"))
            place = [int(index) for index in torch.nonzero(distance == distance.max())[0]]
            self.fail(
                f"{name}{place or ''}: got {got[tuple(place)]:.6g}, expected {expected[tuple(place)]:.6g}; "
                f"{int(off.sum())} of {off.numel()} entries are off, this one most."
            )

    def assert_gradient(self, function, x, name, step=1e-2):
        """Fail where autograd's gradient of `function` at `x` differs from what small steps of x do."""
        x = x.clone().requires_grad_()
        out = function(x)
        if not out.requires_grad:
            self.fail(f"{name}: no gradient flows back; was something detached, or made under no_grad?")
        (gradient,) = torch.autograd.grad(out, x)
        numeric = torch.zeros_like(x)
        with torch.no_grad():
            for index in range(x.numel()):
                move = torch.zeros(x.numel())
                move[index] = step
                move = move.view(x.shape)
                numeric.view(-1)[index] = (function(x + move) - function(x - move)) / (2 * step)
        self.assert_close(gradient, numeric, name, tolerance=2e-3)


def _name_open_gaps(method):
    """Turn the NotImplementedError of a gap into a failure that names it."""

    @functools.wraps(method)
    def run(self):
        try:
            method(self)
        except NotImplementedError as gap:
            problem = f"{gap} is not written yet."
        else:
            return
        self.fail(problem)

    return run
