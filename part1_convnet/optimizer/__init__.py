"""The rules by which gradients move weights."""

from .sgd import SGD

__all__ = ["SGD"]
