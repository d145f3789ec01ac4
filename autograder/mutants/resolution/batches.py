"""What goes wrong in batches_by_size."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_batches = partial(Mutant, component="batches_by_size", file="images.py")
_ORDER = "order = torch.randperm(len(labels), generator=generator)"
_PLAN = "plan += [(place, chosen) for chosen in order.split(batch_size)]"
_WALK = "for number in torch.randperm(len(plan), generator=generator).tolist():"
_YIELD = "yield images[chosen], labels[chosen]"

MUTANTS = (
    _batches(
        "batches_by_size-one-size-after-the-other",
        replace=_WALK,
        by="for number in range(len(plan)):",
        hint="All batches of the first size come first, then those of the next. The network then forgets "
        "one size while it learns another: shuffle the batches.",
    ),
    _batches(
        "batches_by_size-sizes-take-turns",
        replace=_WALK,
        by="turns = {}\n"
        "    for number in range(len(plan)):\n"
        "        turns.setdefault(plan[number][0], []).append(number)\n"
        "    rounds = max(map(len, turns.values()), default=0)\n"
        "    for number in [its[at] for at in range(rounds) for its in turns.values() if at < len(its)]:",
        hint="The sizes take turns. The batches of all groups should come in random order.",
    ),
    _batches(
        "batches_by_size-shuffles-the-sizes-only",
        replace=_WALK,
        by="ranks = torch.randperm(len(groups), generator=generator).tolist()\n"
        "    for number in sorted(range(len(plan)), key=lambda at: ranks[plan[at][0]]):",
        hint="Whole groups are shuffled: all batches of one size still follow each other. Shuffle the "
        "batches.",
    ),
    _batches(
        "batches_by_size-does-not-shuffle-images",
        replace=_ORDER,
        by="order = torch.arange(len(labels))",
        hint="The images of a group keep their order, so the same ones are together in every epoch. Shuffle "
        "them first.",
    ),
    _batches(
        "batches_by_size-shuffles-nothing",
        replace=_ORDER,
        by="order = torch.arange(len(labels))",
        also=((_WALK, "for number in range(len(plan)):"),),
        hint="Nothing is shuffled: neither the images of a group nor the batches.",
    ),
    _batches(
        "batches_by_size-one-order-for-all-groups",
        replace=_ORDER,
        by="order = torch.randperm(len(labels), generator=torch.Generator().manual_seed("
        "generator.initial_seed() + calls))",
        also=(
            (
                "    plan = []\n",
                "    plan, calls = [], int(torch.randint(2**31, (1,), generator=generator))\n",
            ),
        ),
        hint="One random order is drawn and used for all groups. Draw one for each.",
    ),
    _batches(
        "batches_by_size-loses-the-last-batch",
        replace=_PLAN,
        by="plan += [(place, chosen) for chosen in order.split(batch_size) if len(chosen) == batch_size]",
        hint="The last batch of a group is left out where it is smaller.",
    ),
    _batches(
        "batches_by_size-repeats-images-to-fill-up",
        replace=_PLAN,
        by="order = torch.cat([order, order[: -len(order) % batch_size]])\n        " + _PLAN,
        hint="The last batch of a group is filled up with images that were there before. It may be smaller.",
    ),
    _batches(
        "batches_by_size-takes-as-many-of-each-group",
        replace=_ORDER,
        by=_ORDER + "[: min(len(theirs) for _, theirs in groups)]",
        hint="Of every group only as many images are used as the smallest one has.",
    ),
    _batches(
        "batches_by_size-labels-in-order",
        replace=_YIELD,
        by="yield images[chosen], labels[chosen.sort().values]",
        hint="Images are shuffled and labels are not. Choose both with the same indices.",
    ),
    _batches(
        "batches_by_size-labels-from-the-start",
        replace=_YIELD,
        by="yield images[chosen], labels[: len(chosen)]",
        hint="Every batch has the first labels of its group. Choose images and labels with the same indices.",
    ),
    _batches(
        "batches_by_size-divides-the-batch-size",
        replace=_PLAN,
        by=_PLAN.replace("batch_size", "max(1, batch_size // len(groups))"),
        hint="The batches are smaller than asked for: the batch size is divided by the number of groups.",
    ),
    _batches(
        "batches_by_size-divides-into-batch-size-parts",
        replace=_PLAN,
        by=_PLAN.replace("order.split(batch_size)", "order.tensor_split(batch_size)"),
        hint="Each group is divided into batch_size parts. A batch should have batch_size images.",
    ),
    _batches(
        "batches_by_size-draws-with-repetition",
        replace=_ORDER,
        by="order = torch.randint(len(labels), (len(labels),), generator=generator)",
        hint="Some images come several times in an epoch, and others never. Shuffle the indices.",
    ),
    _batches(
        "batches_by_size-uses-global-random-numbers",
        replace=_ORDER,
        by="order = torch.randperm(len(labels))",
        also=((_WALK, "for number in torch.randperm(len(plan)).tolist():"),),
        hint="An order, of the images or of the batches, is drawn with torch's global generator. Use the one "
        "that is given, so that a seed repeats it.",
    ),
    _batches(
        "batches_by_size-seeds-again",
        replace="    plan = []\n",
        by="    plan = []\n    generator.manual_seed(0)\n",
        hint="The generator is seeded again inside of the function: every epoch has the same batches.",
    ),
)
