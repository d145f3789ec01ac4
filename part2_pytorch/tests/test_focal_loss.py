"""FocalLoss, by hand and by numeric gradients."""

import math

import torch
import torch.nn.functional as F
from losses import FocalLoss

from .torch_case import TorchTestCase

LN3 = math.log(3.0)
SCORES = [[0.0, LN3]]  # softmax: 1/4, 3/4
ONES = torch.ones(2)


class TestFocalLossValue(TorchTestCase):
    def test_gamma_zero_is_cross_entropy(self):
        """Scores [0, ln 3], label 1: p = 3/4, and the loss is -ln 3/4 = 0.28768."""
        loss = FocalLoss(weight=ONES, gamma=0.0)(torch.tensor(SCORES), torch.tensor([1]))
        self.assert_close(loss, math.log(4 / 3), "loss")

    def test_gamma_one(self):
        """The same with gamma 1: a quarter of it, because 1 - p = 1/4."""
        loss = FocalLoss(weight=ONES, gamma=1.0)(torch.tensor(SCORES), torch.tensor([1]))
        self.assert_close(loss, math.log(4 / 3) / 4, "loss")

    def test_gamma_two_of_the_wrong_class(self):
        """Label 0 has p = 1/4: (3/4)^2 ln 4 = 0.77979."""
        loss = FocalLoss(weight=ONES, gamma=2.0)(torch.tensor(SCORES), torch.tensor([0]))
        self.assert_close(loss, 9 / 16 * math.log(4), "loss")

    def test_mean_over_the_batch_not_over_the_weights(self):
        """Two samples of weights 3 and 1 and equal p = 1/2: (3 ln 2 + ln 2) / 2 = 2 ln 2, and not ln 2."""
        criterion = FocalLoss(weight=torch.tensor([3.0, 1.0]), gamma=0.0)
        loss = criterion(torch.zeros(2, 2), torch.tensor([0, 1]))
        self.assert_close(loss, 2 * math.log(2), "loss")

    def test_weight_is_that_of_the_label(self):
        """One sample of label 1 has the weight of class 1, whatever the other weights are."""
        criterion = FocalLoss(weight=torch.tensor([100.0, 0.5, 100.0]), gamma=1.0)
        loss = criterion(torch.zeros(1, 3), torch.tensor([1]))
        self.assert_close(loss, 0.5 * (2 / 3) * LN3, "loss")

    def test_weighted_cross_entropy(self):
        """At gamma 0 it is torch's cross entropy of every sample, times its weight, divided by N."""
        scores, target = torch.randn(7, 5), torch.randint(5, (7,))
        weight = torch.rand(5) + 0.5
        expected = (F.cross_entropy(scores, target, reduction="none") * weight[target]).mean()
        self.assert_close(FocalLoss(weight=weight, gamma=0.0)(scores, target), expected, "loss")

    def test_what_is_right_already_counts_less(self):
        """At p = 0.9 gamma 2 leaves a hundredth of cross entropy, at p = 0.5 a quarter."""
        for p, share in ((0.9, 0.01), (0.5, 0.25)):
            with self.subTest(p=p):
                scores = torch.tensor([[math.log(p / (1 - p)), 0.0]])
                loss = FocalLoss(weight=ONES, gamma=2.0)(scores, torch.tensor([0]))
                self.assert_close(loss, -share * math.log(p), "loss")

    def test_huge_scores(self):
        """Scores of 1000 neither overflow nor lose the loss: it is 1000 if the wrong class leads."""
        loss = FocalLoss(weight=ONES, gamma=1.0)(torch.tensor([[1000.0, 0.0]]), torch.tensor([1]))
        self.assert_close(loss, 1000.0, "loss")

    def test_scalar(self):
        """The loss is one number, without axes."""
        loss = FocalLoss(weight=torch.ones(3), gamma=1.0)(torch.randn(4, 3), torch.tensor([0, 2, 1, 2]))
        self.assert_shape(loss, (), "loss")


class TestFocalLossGradient(TorchTestCase):
    def test_by_hand(self):
        """At gamma 0 the gradient is w_y (softmax - one-hot) / N: for [0, ln 3], label 1, [1/4, -1/4]."""
        scores = torch.tensor(SCORES, requires_grad=True)
        FocalLoss(weight=torch.tensor([1.0, 2.0]), gamma=0.0)(scores, torch.tensor([1])).backward()
        self.assert_close(scores.grad, [[0.5, -0.5]], "gradient")

    def test_numeric_gradient(self):
        """The factor (1 - p)^gamma depends on the scores too: it has to stay in the graph."""
        scores, target = torch.randn(4, 3), torch.tensor([0, 2, 1, 2])
        for gamma in (0.0, 1.0, 2.0, 3.5):
            with self.subTest(gamma=gamma):
                criterion = FocalLoss(weight=torch.tensor([0.5, 2.0, 1.0]), gamma=gamma)
                self.assert_gradient(lambda x, f=criterion: f(x, target), scores, "gradient")

    def test_inputs_are_left_alone(self):
        """Scores, labels and weights are read, not changed."""
        scores, target, weight = torch.randn(4, 3), torch.tensor([0, 2, 1, 2]), torch.rand(3)
        before = [tensor.clone() for tensor in (scores, target, weight)]
        FocalLoss(weight=weight, gamma=1.0)(scores, target)
        for name, now, then in zip(
            ("scores", "target", "weight"), (scores, target, weight), before, strict=True
        ):
            self.assertTrue(torch.equal(now, then), f"{name} was changed")
