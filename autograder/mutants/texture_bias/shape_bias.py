"""What goes wrong in shape_bias."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_bias = partial(Mutant, component="shape_bias", file="bias.py")
_CONFLICT = "    is_conflict = shapes != textures\n"
_SHAPE = "by_shape = (is_conflict & (predictions == shapes)).sum().item()"
_TEXTURE = "by_texture = (is_conflict & (predictions == textures)).sum().item()"
_NONE = (
    "    if by_shape + by_texture == 0:\n"
    '        raise ValueError("shape_bias: no conflict image was classified by its shape or its texture.")\n'
)
_RETURN = "    return by_shape / (by_shape + by_texture)\n"

MUTANTS = (
    _bias(
        "shape_bias-keeps-matches",
        replace=_CONFLICT,
        by="    is_conflict = torch.ones_like(shapes, dtype=torch.bool)\n",
        hint="Images whose shape and texture are of one class are counted, for both cues. They are not "
        "conflicts: leave them out.",
    ),
    _bias(
        "shape_bias-keeps-matches-for-shape",
        replace=_SHAPE,
        by="by_shape = (predictions == shapes).sum().item()",
        hint="Images whose shape and texture are of one class count as decisions for the shape. They are not "
        "conflicts: leave them out.",
    ),
    _bias(
        "shape_bias-keeps-matches-for-texture",
        replace=_TEXTURE,
        by="by_texture = (predictions == textures).sum().item()",
        hint="Images whose shape and texture are of one class count as decisions for the texture. They are "
        "not conflicts: leave them out.",
    ),
    _bias(
        "shape_bias-swaps-shape-and-texture",
        replace=_RETURN,
        by=_RETURN.replace("by_shape / (", "by_texture / ("),
        hint="That is the texture bias. The shape bias counts decisions for the shape above the line.",
    ),
    _bias(
        "shape_bias-divides-by-all-images",
        replace=_RETURN,
        by="    return by_shape / len(predictions)\n",
        hint="Predictions of a third class are in the denominator. Divide by the decisions for one of the "
        "two cues only.",
    ),
    _bias(
        "shape_bias-divides-by-all-conflicts",
        replace=_RETURN,
        by="    return by_shape / is_conflict.sum().item()\n",
        hint="All conflict images are in the denominator, also those classified as a third class. Divide by "
        "the decisions for one of the two cues only.",
    ),
    _bias(
        "shape_bias-takes-the-rest-for-texture",
        replace=_TEXTURE,
        by="by_texture = (is_conflict & (predictions != shapes)).sum().item()",
        hint="Every prediction that is not the shape counts as one for the texture. Some are a third class.",
    ),
    _bias(
        "shape_bias-takes-the-rest-for-shape",
        replace=_SHAPE,
        by="by_shape = (is_conflict & (predictions != textures)).sum().item()",
        hint="Every prediction that is not the texture counts as one for the shape. Some are a third class.",
    ),
    _bias(
        "shape_bias-divides-by-texture",
        replace=_RETURN,
        by="    return by_shape / max(by_texture, 1)\n",
        hint="That is the ratio of shape to texture decisions. The bias is a share: divide by their sum.",
    ),
    _bias(
        "shape_bias-subtracts",
        replace=_RETURN,
        by="    return (by_shape - by_texture) / (by_shape + by_texture)\n",
        hint="The difference of the two counts ranges from -1 to 1. The bias is the share of shape "
        "decisions.",
    ),
    _bias(
        "shape_bias-in-percent",
        replace=_RETURN,
        by="    return 100 * by_shape / (by_shape + by_texture)\n",
        hint="The result is in percent. It should be in [0, 1].",
    ),
    _bias(
        "shape_bias-averages-over-classes",
        replace=_RETURN,
        by="    found = []\n"
        "    for label in shapes.unique():\n"
        "        mine = is_conflict & (shapes == label)\n"
        "        one = (mine & (predictions == shapes)).sum().item()\n"
        "        two = (mine & (predictions == textures)).sum().item()\n"
        "        found += [one / (one + two)] if one + two else []\n"
        "    return sum(found) / len(found)\n",
        hint="The bias is computed for every shape and then averaged. Count over all images together: "
        "otherwise a shape with few decisions weighs as much as the others.",
    ),
    _bias(
        "shape_bias-undefined-is-zero",
        replace=_NONE,
        by="    if by_shape + by_texture == 0:\n        return 0.0\n",
        hint="A network that never decides for one of the two cues has no shape bias: raise ValueError. 0 "
        "would say that it decides for the texture.",
    ),
    _bias(
        "shape_bias-undefined-is-half",
        replace=_NONE,
        by="    if by_shape + by_texture == 0:\n        return 0.5\n",
        hint="A network that never decides for one of the two cues has no shape bias: raise ValueError. 0.5 "
        "would say that it decides for both equally often.",
    ),
    _bias(
        "shape_bias-changes-the-predictions",
        replace=_CONFLICT,
        by=_CONFLICT + "    predictions[~is_conflict] = -1\n",
        hint="The predictions that come in are overwritten. Compare without writing to them.",
    ),
)
