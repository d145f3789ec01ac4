"""What the expressions of part 2's programs are called, and what people mix up in them."""

from __future__ import annotations

from autograder.mutants.slips import calls
from autograder.mutants.slips.generator import Component
from autograder.mutants.slips.glossary import Glossary

COUNTS = {"n": "sample"}
CALLS = (
    ("sum", "mean", "max", "prod"), ("exp", "log", "log1p", "expm1"), ("softmax", "log_softmax", "sigmoid"),
    ("sigmoid", "relu", "tanh", "softplus", "silu"), ("no_grad", "enable_grad"), ("MaxPool2d", "AvgPool2d"),
)  # fmt: skip
CALLED = {
    "log": "the logarithm", "exp": "the exponential", "softmax": "the softmax", "log_softmax": "the logarithm of the softmax",
    "sum": "the sum", "mean": "the mean", "relu": "the ReLU", "sigmoid": "the sigmoid", "MaxPool2d": "max pooling",
    "AvgPool2d": "average pooling", "flatten": "flattening", "pool": "pooling", "conv": "the convolution", "hidden": "the hidden layer",
    "scores": "the last layer", "gather": "choosing the label's entry", "float": "the conversion to float32",
}  # fmt: skip
LOSS = Glossary(
    {"p": "the probability", "log_p": "the logarithm of the probability", "log_probs": "the logarithms", "self.gamma": "gamma",
     "self.weight": "the weight", "self.weight[target]": "the weight of the label", "self.weight[y]": "the weight of the label",
     "losses": "the losses", "total": "the loss", "target": "the label", "y": "the label", "input": "the scores", "exps": "the exponentials",
     "input.shape[0]": "the batch size", "input.shape[1]": "the number of classes", "len(self.weight)": "the number of classes",
     "self.weight.sum()": "the sum of all weights", "self.weight.mean()": "the mean of all weights",
     "self.weight[input.argmax(dim=1)]": "the weight of the predicted class", "input.argmax(dim=1)": "the predicted class",
     "self.weight[target].sum()": "the sum of the labels' weights", "self.gamma / 2": "half of gamma"},
    (("p", "log_p"), ("input", "log_probs"), ("input.shape[0]", "input.shape[1]"), ("target", "input.argmax(dim=1)"),
     ("self.weight[target]", "self.weight.sum()", "self.weight.mean()", "self.weight[input.argmax(dim=1)]"),
     ("input.shape[0]", "self.weight[target].sum()", "self.weight.sum()", "len(self.weight)"), ("self.gamma", "self.gamma / 2", "2")),
    ("the losses", "the loss", "the logarithm of the probability"), COUNTS,
    (("1 / len(target)", "is divided by the batch size"), ("len(target)", "is multiplied by the batch size"), ("self.gamma", "is multiplied by gamma"),
     ("1 / self.weight[target].sum()", "is divided by the sum of the labels' weights"), ("1 / self.weight.sum()", "is divided by the sum of the weights"),
     ("self.weight.sum()", "is multiplied by the sum of the weights"), ("-1", "has the wrong sign"), ("2", "is doubled"), ("0.5", "is halved")),
    CALLS, CALLED, "the loss",
)  # fmt: skip
REWEIGHT = Glossary(
    {"counts": "the counts", "n": "the count", "beta": "beta", "weights": "the weights", "total": "the sum of the weights", "len(counts)": "C",
     "weights.sum()": "the sum of the weights", "len(weights)": "C", "w": "the weight", "sum(weights)": "the sum of the weights",
     "cls_num_list": "the counts", "weights.max()": "the largest weight", "max(weights)": "the largest weight",
     "weights.mean()": "the mean of the weights", "weights.norm()": "the norm of the weights", "counts.sum()": "the sum of the counts",
     "sum(cls_num_list)": "the sum of the counts", "counts / counts.sum()": "each class's share", "counts.max()": "the largest count",
     "counts.sqrt()": "the square root of the count"},
    (("len(counts)", "counts.sum()"), ("len(weights)", "sum(cls_num_list)"), ("weights.sum()", "weights.max()", "weights.mean()", "counts.sum()", "weights.norm()"),
     ("sum(weights)", "max(weights)", "sum(cls_num_list)"), ("counts", "counts / counts.sum()", "counts.max()", "counts.sqrt()")),
    ("the weights",), {"n": "class", "w": "class"}, (("2", "is doubled"), ("-1", "has the wrong sign"), ("1 / len(cls_num_list)", "is divided by C"), ("len(cls_num_list)", "is multiplied by C")),
    CALLS, CALLED, "the weights",
)  # fmt: skip
MODEL = Glossary(
    {"x": "x", "flat": "the flattened x", "activations": "the activations", "features": "the features", "pooled": "the pooled features",
     "input_dim": "the number of inputs", "hidden_size": "the number of hidden units", "num_classes": "the number of classes",
     "self.hidden": "the hidden layer", "self.scores": "the last layer", "self.hidden(flat)": "the hidden units"},
    (("flat", "x"), ("features", "x", "pooled"), ("input_dim", "hidden_size", "num_classes")), ("the activations", "the features"), {},
    (("2", "is doubled"), ("-1", "has the wrong sign"), ("0.5", "is halved")), CALLS, CALLED, "the scores",
)  # fmt: skip
SOLVER = Glossary(
    {"output": "the output", "loss": "the loss", "data": "the images", "target": "the labels"}, (), ("the loss", "the output"), {},
    (("2", "is doubled"), ("-1", "has the wrong sign"), ("1 / len(target)", "is divided by the batch size"), ("len(target)", "is multiplied by the batch size")),
    CALLS, CALLED, "what is returned",
)  # fmt: skip
COMPONENTS = {
    "twolayer": Component(("__init__", "forward"), MODEL, (calls.detached,)),
    "vanilla_cnn": Component(("__init__", "forward"), MODEL, (calls.detached,)),
    "reweight": Component(("reweight",), REWEIGHT),
    "focal_loss": Component(("forward",), LOSS, (calls.detached,)),
    "solver": Component(("_compute_loss_update_params",), SOLVER, (calls.detached,)),
}
