"""What the tests share: comparisons that explain, and numeric gradients."""

import torch

from .teaching_case import TeachingTestCase, describe, placed

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


class TorchTestCase(TeachingTestCase):
    """A test case with comparisons of tensors and numeric gradients."""

    def setUp(self):
        """Draw the same random numbers in every test."""
        torch.manual_seed(7643)

    def assert_close(self, got, expected, name, tolerance=1e-4):
        """Fail where two tensors differ, with the place and both values of the entry that is furthest off."""
        if not isinstance(got, torch.Tensor):
            self.fail(f"{name}: expected a tensor, got {describe(got, name)}.")
        expected = torch.as_tensor(expected)
        self.assert_shape(got, expected.shape, name)
        got, expected = got.detach().double(), expected.detach().double()
        off = (got - expected).abs() > tolerance * (1 + expected.abs())
        off |= got.isnan()
        if off.any():
            distance = (got - expected).abs().nan_to_num(nan=float("inf"))
            place = [int(index) for index in torch.nonzero(distance == distance.max())[0]]
            where = placed(name, ", ".join(map(str, place)))
            self.fail(
                f"{where}: got {got[tuple(place)]:.6g}, expected {expected[tuple(place)]:.6g}; "
                f"{int(off.sum())} of {off.numel()} entries are wrong, this one most."
            )

    def assert_gradient(self, function, x, name, step=1e-2):
        """Fail where autograd's gradient of `function` at `x` differs from what small steps of x do."""
        x = x.clone().requires_grad_()
        out = function(x)
        if not out.requires_grad:
            self.fail(f"{name}: no gradient flows back; was something detached, or computed under no_grad?")
        (gradient,) = torch.autograd.grad(out, x)
        numeric = torch.zeros_like(x)
        with torch.no_grad():
            for index in range(x.numel()):
                move = torch.zeros(x.numel())
                move[index] = step
                move = move.view(x.shape)
                numeric.view(-1)[index] = (function(x + move) - function(x - move)) / (2 * step)
        self.assert_close(gradient, numeric, name, tolerance=2e-3)
