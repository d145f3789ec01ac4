"""The networks of this part."""

from .cnn import VanillaCNN
from .my_model import MyModel
from .resnet import resnet32
from .twolayer import TwoLayerNet

__all__ = ["MyModel", "TwoLayerNet", "VanillaCNN", "resnet32"]
