"""Well-known networks, by how many parameters they have with ten classes and with ImageNet's thousand."""

from __future__ import annotations

from collections.abc import Mapping

KNOWN: Mapping[str, tuple[int, ...]] = {
    "TwoLayerNet": (789258,),
    "VanillaCNN": (58826,),
    "ResNet-20 for CIFAR": (269722, 272474),
    "ResNet-32": (464154, 466906),
    "ResNet-44 for CIFAR": (658586, 661338),
    "ResNet-56 for CIFAR": (853018, 855770),
    "ResNet-110 for CIFAR": (1727962, 1730714),
    "AlexNet": (57044810, 61100840),
    "ConvNeXt-Tiny": (27827818, 28589128),
    "DenseNet-121": (6964106, 7978856),
    "DenseNet-161": (26494090, 28681000),
    "DenseNet-169": (12501130, 14149480),
    "DenseNet-201": (18112138, 20013928),
    "EfficientNet-B0": (4020358, 5288548),
    "EfficientNet-B1": (6525994, 7794184),
    "EfficientNet-B2": (7715084, 9109994),
    "EfficientNet-B3": (10711602, 12233232),
    "EfficientNetV2-S": (20190298, 21458488),
    "GoogLeNet": (9960638, 13004888),
    "Inception v3": (24371444, 27161264),
    "MNASNet 0.5": (950322, 2218512),
    "MNASNet 1.0": (3115122, 4383312),
    "MobileNetV2": (2236682, 3504872),
    "MobileNetV3-Large": (4214842, 5483032),
    "MobileNetV3-Small": (1528106, 2542856),
    "ResNet-18": (11181642, 11689512),
    "ResNet-18 with a 3 x 3 stem": (11173962,),
    "ResNet-34": (21289802, 21797672),
    "ResNet-50": (23528522, 25557032),
    "ResNet-50 with a 3 x 3 stem": (23520842,),
    "ResNet-101": (42520650, 44549160),
    "ResNet-152": (58164298, 60192808),
    "ResNeXt-50": (23000394, 25028904),
    "ShuffleNetV2 0.5": (352042, 1366792),
    "ShuffleNetV2 1.0": (1263854, 2278604),
    "SqueezeNet 1.0": (740554, 1248424),
    "SqueezeNet 1.1": (727626, 1235496),
    "Swin-T": (27527044, 28288354),
    "VGG-11": (128807306, 132863336),
    "VGG-11 with batch normalisation": (128812810, 132868840),
    "VGG-13": (128991818, 133047848),
    "VGG-13 with batch normalisation": (128997706, 133053736),
    "VGG-16": (134301514, 138357544),
    "VGG-16 with batch normalisation": (134309962, 138365992),
    "VGG-19": (139611210, 143667240),
    "ViT-B/16": (85806346, 86567656),
    "Wide ResNet-50-2": (66854730, 68883240),
}


def network_of(parameters: int) -> str:
    """Return the name of the well-known network with that many parameters, or nothing.

    >>> network_of(464154), network_of(464155)
    ('ResNet-32', '')
    """
    return next((name for name, counts in KNOWN.items() if parameters in counts), "")
