"""SoftmaxCrossEntropy is given: these tests show what it does."""

import numpy as np
from modules import SoftmaxCrossEntropy

from .gradient_check import check_gradients
from .layer_case import LayerTestCase


class TestSoftmaxCrossEntropy(LayerTestCase):
    def test_by_hand(self):
        """Scores [0, ln 3] become 1/4 and 3/4; with label 1 the loss is -ln 3/4, and dx is [1/4, -1/4]."""
        criterion = SoftmaxCrossEntropy()
        probs, loss = criterion.forward(np.array([[0.0, np.log(3.0)]]), np.array([1]))
        criterion.backward()
        self.assert_close(probs, [[0.25, 0.75]], "probs")
        self.assert_number(loss, np.log(4 / 3), "loss")
        self.assert_close(criterion.dx, [[0.25, -0.25]], "dx")

    def test_loss_and_gradient_are_means_over_the_batch(self):
        """The same sample twice has the same loss, and each copy gets half of the gradient."""
        criterion = SoftmaxCrossEntropy()
        _, loss = criterion.forward(np.zeros((2, 4)), np.array([0, 0]))
        criterion.backward()
        self.assert_number(loss, np.log(4), "loss")
        self.assert_close(criterion.dx, [[-0.375, 0.125, 0.125, 0.125]] * 2, "dx")

    def test_huge_scores(self):
        """Scores of 10,000 neither overflow nor lose the loss: it is 10,000 if the wrong class has 1e4."""
        probs, loss = SoftmaxCrossEntropy().forward(np.array([[1e4, 0.0]]), np.array([1]))
        self.assert_close(probs, [[1.0, 0.0]], "probs")
        self.assert_number(loss, 1e4, "loss")

    def test_numeric_gradient(self):
        """dx equals the numeric gradient of the loss."""
        criterion = SoftmaxCrossEntropy()
        x, y = self.numbers(5, 4), np.array([0, 3, 1, 1, 2])
        criterion.forward(x, y)
        criterion.backward()
        check_gradients(lambda x: criterion.forward(x, y)[1], x, criterion.dx)
