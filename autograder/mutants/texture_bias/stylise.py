"""What goes wrong in stylise."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_style = partial(Mutant, component="stylise", file="styles.py")
_DRAWN = "drawn = torch.randint(len(gallery), (len(images),), generator=generator)\n"
_CHOSEN = "    chosen = gallery[drawn.to(images.device)]\n"
_DETAIL = "detail = chosen - blur(chosen, SIGMA)\n"
_RETURN = "    return (blur(images, SIGMA) + detail).clamp(0, 1)\n"

MUTANTS = (
    _style(
        "stylise-draws-once-for-the-batch",
        replace=_DRAWN,
        by="drawn = torch.randint(len(gallery), (1,), generator=generator).expand(len(images))\n",
        hint="All images of the batch get the same painting. Draw one for every image: otherwise the style "
        "says which batch an image was in.",
    ),
    _style(
        "stylise-takes-turns",
        replace=_DRAWN,
        by="drawn = torch.arange(len(images)) % len(gallery)\n",
        hint="The paintings take turns, so an image's place in the batch decides its style. Draw at random.",
    ),
    _style(
        "stylise-never-draws-the-last",
        replace=_DRAWN,
        by=_DRAWN.replace("len(gallery),", "max(len(gallery) - 1, 1),"),
        hint="The last painting of the gallery is never drawn: the upper end of torch.randint is exclusive.",
    ),
    _style(
        "stylise-always-takes-the-first",
        replace=_CHOSEN,
        by="    chosen = gallery[:1].expand_as(images)\n",
        hint="Every image gets the first painting of the gallery.",
    ),
    _style(
        "stylise-averages-the-gallery",
        replace=_CHOSEN,
        by="    chosen = gallery.mean(dim=0, keepdim=True).expand_as(images)\n",
        hint="Every image gets the average of all paintings, which has hardly any detail. Draw one of them.",
    ),
    _style(
        "stylise-ignores-the-generator",
        replace=_DRAWN,
        by=_DRAWN.replace(", generator=generator", ""),
        hint="The paintings are drawn from torch's global generator. Use the one that is given.",
    ),
    _style(
        "stylise-seeds-again",
        replace=_DRAWN,
        by="generator.manual_seed(0)\n    " + _DRAWN,
        hint="The generator is seeded again at every call, so every batch gets the same paintings.",
    ),
    _style(
        "stylise-draws-from-a-copy",
        replace=_DRAWN,
        by="copy = torch.Generator()\n    copy.set_state(generator.get_state())\n    "
        + _DRAWN.replace("generator=generator", "generator=copy"),
        hint="The paintings are drawn from a copy of the generator, so the next call draws the same ones.",
    ),
    _style(
        "stylise-keeps-the-images-texture",
        replace=_RETURN,
        by=_RETURN.replace("blur(images, SIGMA)", "images"),
        hint="The image keeps its own texture, and the painting's comes on top. Blur the image first.",
    ),
    _style(
        "stylise-adds-the-whole-painting",
        replace=_DETAIL,
        by="detail = chosen\n",
        hint="The whole painting is added, its colours and its coarse structure as well. Subtract its blur.",
    ),
    _style(
        "stylise-swaps-image-and-painting",
        replace=_DETAIL,
        by="detail = images - blur(images, SIGMA)\n",
        also=((_RETURN, _RETURN.replace("blur(images, SIGMA)", "blur(chosen, SIGMA)")),),
        hint="The result has the coarse structure of the painting and the texture of the image. It should be "
        "the other way round.",
    ),
    _style(
        "stylise-keeps-the-images-detail",
        replace=_DETAIL,
        by="detail = images - blur(images, SIGMA)\n",
        hint="The detail is that of the image itself, so nothing changes. It should come from the painting.",
    ),
    _style(
        "stylise-subtracts-the-detail",
        replace=_RETURN,
        by=_RETURN.replace("+ detail", "- detail"),
        hint="The detail of the painting is subtracted. Add it.",
    ),
    _style(
        "stylise-blurs-only",
        replace=_RETURN,
        by=_RETURN.replace(" + detail", ""),
        hint="The images are blurred, and no style is added.",
    ),
    _style(
        "stylise-mixes-half-and-half",
        replace=_RETURN,
        by="    return (0.5 * blur(images, SIGMA) + 0.5 * chosen).clamp(0, 1)\n",
        hint="Image and painting are averaged. Add the painting's detail to the blurred image.",
    ),
    _style(
        "stylise-blurs-twice-as-much",
        replace=_RETURN,
        by=_RETURN.replace("blur(images, SIGMA)", "blur(images, 2 * SIGMA)"),
        hint="The image is blurred more than the painting. Both blurs have SIGMA.",
    ),
    _style(
        "stylise-blurs-the-result",
        replace=_RETURN,
        by="    return blur(images + detail, SIGMA).clamp(0, 1)\n",
        hint="The result is blurred, with the new style in it. Blur the image alone, then add the detail.",
    ),
    _style(
        "stylise-leaves-the-box",
        replace=_RETURN,
        by=_RETURN.replace(".clamp(0, 1)", ""),
        hint="Some pixels are below 0 or above 1. Cut them to [0, 1].",
    ),
    _style(
        "stylise-cuts-the-detail",
        replace=_DETAIL,
        by="detail = (chosen - blur(chosen, SIGMA)).clamp(0, 1)\n",
        hint="The negative half of the detail is cut off. Cut the sum, not the detail: details are around 0.",
    ),
    _style(
        "stylise-changes-the-images",
        replace=_RETURN,
        by="    return images.copy_(blur(images, SIGMA) + detail).clamp_(0, 1)\n",
        hint="The images that come in are overwritten. Return new ones.",
    ),
)
