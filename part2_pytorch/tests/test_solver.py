"""One step of the Solver, on a network so small that every number is known."""

import math

import torch
from solver import Solver
from torch import nn

from .torch_case import TorchTestCase, tiny_model

DATA = torch.tensor([[0.0, math.log(3.0)]])  # softmax of the tiny model's scores: 1/4, 3/4
TARGET = torch.tensor([1])


def make_solver(model, learning_rate=0.4, momentum=0.0):
    """Return a Solver with `model` and nothing else of a run: no images, no settings."""
    solver = Solver.__new__(Solver)
    solver.model, solver.device = model, torch.device("cpu")
    solver.criterion = nn.CrossEntropyLoss()
    solver.optimizer = torch.optim.SGD(model.parameters(), learning_rate, momentum=momentum)
    return solver


class TestTrainingStep(TorchTestCase):
    def setUp(self):
        super().setUp()
        self.model = tiny_model()
        self.solver = make_solver(self.model)
        self.model.train()

    def test_output_and_loss(self):
        """The scores are [0, ln 3], and the loss of label 1 is ln 4/3: both from before the step."""
        output, loss = self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(output, DATA, "output")
        self.assert_close(loss, math.log(4 / 3), "loss")

    def test_step_by_hand(self):
        """The gradient of the bias is [1/4, -1/4]; at rate 0.4 the bias goes from 0 to [-0.1, 0.1]."""
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(self.model.bias, [-0.1, 0.1], "bias after one step")

    def test_gradients_do_not_add_up(self):
        """Gradients are cleared before each step: the same as three steps of a loop written out."""
        other = tiny_model()
        for _ in range(3):
            self.solver._compute_loss_update_params(DATA, TARGET)
            loss = nn.functional.cross_entropy(other(DATA), TARGET)
            gradients = torch.autograd.grad(loss, list(other.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(other.parameters(), gradients, strict=True):
                    parameter -= 0.4 * gradient
        self.assert_close(self.model.bias, other.bias, "bias after three steps")
        self.assert_close(self.model.weight, other.weight, "weight after three steps")

    def test_gradients_from_elsewhere_are_cleared(self):
        """A gradient left over from before does not affect the step."""
        self.model.bias.grad = torch.tensor([100.0, 100.0])
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(self.model.bias, [-0.1, 0.1], "bias after one step")

    def test_the_criterion_is_the_one_of_the_solver(self):
        """Another loss, another step: here the mean of the scores, whose gradient is 1/2 each."""
        self.solver.criterion = lambda output, target: output.mean()
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(self.model.bias, [-0.2, -0.2], "bias after one step")


class TestEvaluation(TorchTestCase):
    def setUp(self):
        super().setUp()
        self.model = tiny_model()
        self.solver = make_solver(self.model, momentum=0.9)
        self.model.eval()

    def test_output_and_loss(self):
        """Scores and loss as in training."""
        output, loss = self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(output, DATA, "output")
        self.assert_close(loss, math.log(4 / 3), "loss")

    def test_no_gradients(self):
        """Nothing is kept for a backward pass that never comes: less memory, more speed."""
        output, loss = self.solver._compute_loss_update_params(DATA, TARGET)
        self.assertFalse(
            output.requires_grad, "the output is attached to a graph; compute it without gradients"
        )
        self.assertFalse(loss.requires_grad, "the loss is attached to a graph; compute it without gradients")

    def test_nothing_changes(self):
        """Parameters, their gradients and the optimizer's velocities stay as they are."""
        self.model.bias.grad = torch.tensor([1.0, 2.0])
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(self.model.bias, [0.0, 0.0], "bias")
        self.assert_close(self.model.weight, torch.eye(2), "weight")
        self.assert_close(self.model.bias.grad, [1.0, 2.0], "gradient of the bias")
        self.assertEqual(len(self.solver.optimizer.state), 0, "the optimizer made a step")

    def test_training_goes_on_afterwards(self):
        """A step in training mode after an evaluation is the same as without it."""
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.model.train()
        self.solver._compute_loss_update_params(DATA, TARGET)
        self.assert_close(self.model.bias, [-0.1, 0.1], "bias after one step")
