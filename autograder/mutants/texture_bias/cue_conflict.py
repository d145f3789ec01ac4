"""What goes wrong in cue_conflict."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_conflict = partial(Mutant, component="cue_conflict", file="bias.py")
_SEED = "    generator = torch.Generator().manual_seed(seed)\n"
_OTHER = "for texture in range(CLASSES) if shape != texture]"
_ORDER = "order = torch.randperm(n, generator=generator) % len(pairs)"
_PAIRS = "shapes, textures = torch.tensor(pairs)[order].T.contiguous()\n"
_RETURN = "    return images, shapes, textures\n"

MUTANTS = (
    _conflict(
        "cue_conflict-keeps-matches",
        replace=_OTHER,
        by="for texture in range(CLASSES)]",
        hint="Some images have the texture of their own shape, so there is no conflict. Leave those "
        "pairs out.",
    ),
    _conflict(
        "cue_conflict-has-matches-only",
        replace=_OTHER,
        by="for texture in range(CLASSES) if shape == texture]",
        hint="Every image has the texture of its own shape. A conflict needs a different one.",
    ),
    _conflict(
        "cue_conflict-pairs-half",
        replace=_OTHER,
        by="for texture in range(CLASSES) if shape < texture]",
        hint="Only 10 of the 20 pairs occur: a disc with checks is a conflict, and so is a ring with "
        "stripes.",
    ),
    _conflict(
        "cue_conflict-takes-the-next-texture",
        replace=_OTHER,
        by="for texture in [(shape + 1) % CLASSES]]",
        hint="Every shape occurs with one texture only. Use all textures but its own.",
    ),
    _conflict(
        "cue_conflict-draws-pairs-independently",
        replace=_ORDER,
        by="order = torch.randint(len(pairs), (n,), generator=generator)",
        hint="The pairs are drawn independently, so some occur more often than others. Each should occur "
        "equally often, in random order.",
    ),
    _conflict(
        "cue_conflict-mixes-nothing",
        replace=_ORDER,
        by="order = torch.arange(n) % len(pairs)",
        hint="The order of the pairs is always the same. Mix it with the generator.",
    ),
    _conflict(
        "cue_conflict-sorts-the-pairs",
        replace=_ORDER,
        by=_ORDER + "\n    order = order.sort().values",
        hint="The pairs come sorted. Mix their order.",
    ),
    _conflict(
        "cue_conflict-swaps-the-labels",
        replace=_RETURN,
        by="    return images, textures, shapes\n",
        hint="Shape and texture are swapped, either where the images are drawn or in what is returned.",
    ),
    _conflict(
        "cue_conflict-mixes-the-labels-apart",
        replace=_RETURN,
        by="    again = torch.randperm(n, generator=generator)\n"
        "    return images, shapes[again], textures[again]\n",
        hint="The labels are in another order than the images.",
    ),
    _conflict(
        "cue_conflict-ignores-the-seed",
        replace=_SEED,
        by="    generator = torch.Generator().manual_seed(0)\n",
        hint="The seed has no effect: every seed gives the same images.",
    ),
    _conflict(
        "cue_conflict-forgets-to-seed",
        replace=_SEED,
        by="    generator = torch.Generator()\n    generator.seed()\n",
        hint="The same seed gives different images each time: start the generator from the seed.",
    ),
    _conflict(
        "cue_conflict-seeds-torch",
        replace=_SEED,
        by="    generator = torch.manual_seed(seed)\n",
        hint="torch.manual_seed changes the random numbers of the whole program, such as the order of a "
        "training. Make a generator for this function alone.",
    ),
    _conflict(
        "cue_conflict-returns-columns",
        replace=_RETURN,
        by="    return images, shapes[:, None], textures[:, None]\n",
        hint="The labels have a second axis. They should have the shape (n,).",
    ),
    _conflict(
        "cue_conflict-returns-float-labels",
        replace=_RETURN,
        by="    return images, shapes.float(), textures.float()\n",
        hint="The labels are floats. Class numbers are integers: int64.",
    ),
)
