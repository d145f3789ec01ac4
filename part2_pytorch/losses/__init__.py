"""The loss for classes of very different sizes."""

from .focal_loss import FocalLoss, reweight

__all__ = ["FocalLoss", "reweight"]
