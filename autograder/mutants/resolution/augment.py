"""What goes wrong in augment."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_augment = partial(Mutant, component="augment", file="images.py")
_DRAW = "angles, down, right = 2 * torch.rand(3, len(images), generator=generator) - 1"
_RETURN = "return turn_and_shift(images, ANGLE * angles, SHIFT * down, SHIFT * right)"

MUTANTS = (
    _augment(
        "augment-one-draw-for-the-batch",
        replace=_DRAW,
        by="angles, down, right = (2 * torch.rand(3, 1, generator=generator) - 1).expand(-1, len(images))",
        hint="All images of a batch move in the same way. Draw for each of them.",
    ),
    _augment(
        "augment-turns-one-way",
        replace=_DRAW,
        by=_DRAW + "\n    angles = angles.abs()",
        hint="Images turn in one direction only. Draw angles from -ANGLE to ANGLE.",
    ),
    _augment(
        "augment-everything-one-way",
        replace=_DRAW,
        by="angles, down, right = torch.rand(3, len(images), generator=generator)",
        hint="torch.rand draws from [0, 1): images turn in one direction and move down and right only.",
    ),
    _augment(
        "augment-moves-one-way",
        replace=_RETURN,
        by=_RETURN.replace("SHIFT * down, SHIFT * right", "SHIFT * down.abs(), SHIFT * right.abs()"),
        hint="Images move down and to the right only. Draw shifts from -SHIFT to SHIFT.",
    ),
    _augment(
        "augment-half-as-far",
        replace=_DRAW,
        by="angles, down, right = torch.rand(3, len(images), generator=generator) - 0.5",
        hint="Images move half as far as they may: the numbers are from [-0.5, 0.5].",
    ),
    _augment(
        "augment-normal-for-uniform",
        replace=_DRAW,
        by="angles, down, right = torch.randn(3, len(images), generator=generator)",
        hint="The numbers are normally distributed, so that some images move much too far. Draw uniformly.",
    ),
    _augment(
        "augment-extremes-only",
        replace=_DRAW,
        by="angles, down, right = 2 * torch.randint(2, (3, len(images)), generator=generator).float() - 1",
        hint="Images always move as far as they may. Draw uniformly, everything in between, too.",
    ),
    _augment(
        "augment-diagonal-shifts",
        replace=_RETURN,
        by=_RETURN.replace("SHIFT * right", "SHIFT * down"),
        hint="Images move as far to the right as down. Draw two numbers.",
    ),
    _augment(
        "augment-one-number-for-everything",
        replace=_RETURN,
        by="return turn_and_shift(images, ANGLE * angles, SHIFT * angles, SHIFT * angles)",
        hint="One random number decides the angle and both shifts. Draw three.",
    ),
    _augment(
        "augment-forgets-to-turn",
        replace=_RETURN,
        by=_RETURN.replace("ANGLE * angles", "0 * angles"),
        hint="The images are not turned, or hardly: turn_and_shift wants degrees, not radians.",
    ),
    _augment(
        "augment-forgets-to-move",
        replace=_RETURN,
        by=_RETURN.replace("SHIFT * down, SHIFT * right", "0 * down, 0 * right"),
        hint="The images are not moved.",
    ),
    _augment(
        "augment-moves-down-only",
        replace=_RETURN,
        by=_RETURN.replace("SHIFT * right", "0 * right"),
        hint="The images move up and down only. They should move to the left and right, too.",
    ),
    _augment(
        "augment-moves-right-only",
        replace=_RETURN,
        by=_RETURN.replace("SHIFT * down", "0 * down"),
        hint="The images move to the left and right only. They should move up and down, too.",
    ),
    _augment(
        "augment-mixes-angle-and-shift",
        replace=_RETURN,
        by="return turn_and_shift(images, SHIFT * angles, ANGLE * down, ANGLE * right)",
        hint="ANGLE and SHIFT are mixed up: images move by up to 15 pixels.",
    ),
    _augment(
        "augment-turns-twice-as-far",
        replace=_RETURN,
        by=_RETURN.replace("ANGLE * angles", "2 * ANGLE * angles"),
        hint="Images turn by up to 30 degrees. ANGLE says how far they may turn.",
    ),
    _augment(
        "augment-uses-global-random-numbers",
        replace=_DRAW,
        by="angles, down, right = 2 * torch.rand(3, len(images)) - 1",
        hint="torch's global generator draws. Use the one that is given, so that a seed repeats it.",
    ),
    _augment(
        "augment-seeds-again",
        replace=_DRAW,
        by="generator.manual_seed(0)\n    " + _DRAW,
        hint="The generator is seeded again inside of the function: every batch moves in the same way.",
    ),
    _augment(
        "augment-in-place",
        replace=_RETURN,
        by="images.copy_(turn_and_shift(images, ANGLE * angles, SHIFT * down, SHIFT * right))\n"
        "    return images",
        hint="The images that came in are changed: in the next epoch they would be moved again. Return new "
        "ones.",
    ),
    _augment(
        "augment-greys-colours",
        replace=_RETURN,
        by=_RETURN.replace("turn_and_shift(images,", "turn_and_shift(images.mean(dim=1, keepdim=True),"),
        hint="The result has one channel. Images keep their channels.",
    ),
)
