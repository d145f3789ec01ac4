"""Probes of the lab on shape and texture: conflicts, the bias, styles, corruptions and their error.

Where students' code draws images or takes paintings, it gets the probe's own, so that labels can be read from
images and the drawn painting can be told. Everything is float32, on one thread, and seeded.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def conflict(load: Load, case: ProbeInput) -> Yields:
    """Call cue_conflict; `draw` is the probe's own, and its images show their shape, texture and noise.

    settings  n, seed
    yields    counts   (classes, classes): how often each shape (row) has each texture (column)
              even     1 where no pair is a match, and no pair occurs more than once more than another
              form     1 where images are float32 (n, 3, 32, 32) and labels int64 (n,); else 2 where a shape
                       differs, 3 where a type does
              shown    1 where every image shows the labels at its place, 2 where they are swapped, else 0
              mixed    1 where the order is random; 2 where it is sorted, 3 where it repeats itself
              steady   1 where the same seed gives the same images and labels again
              fresh    1 where another seed gives another order and other images
              alone    1 where torch's global generator is as it was
    """
    tools = _tools()
    function = load("bias", {"textures": {"draw": tools.draw}}).cue_conflict
    yield from tools.conflicts(function, case)


@probe
def bias(load: Load, case: ProbeInput) -> Yields:
    """Call shape_bias once per row.

    arrays    predictions, shapes, textures: (R, N)
    yields    bias (R,): -1 where ValueError was raised; untouched: 1 where the arrays are as they were
    """
    yield from _tools().biases(load("bias").shape_bias, case)


@probe
def style(load: Load, case: ProbeInput) -> Yields:
    """Call stylise with a gallery of the probe's own.

    settings  seed
    arrays    x (N, 3, H, W); gallery (G, 3, H, W)
    yields    out (N, 3, H, W); x_after
    """
    tools = _tools()
    gallery = tools.gallery_of(case)
    function = load("styles", {"textures": {"paintings": lambda height, width: gallery.clone()}}).stylise
    yield from tools.stylised(function, case)


@probe
def style_draws(load: Load, case: ProbeInput) -> Yields:
    """Call stylise on copies of one image, and find out which painting each copy got.

    settings  seed, copies
    arrays    x (1, 3, H, W); gallery (G, 3, H, W)
    yields    one      1 where every image differs from stylised ones by one painting's detail alone
              counts   (G,): how many images got each painting
              turns    1 where the paintings do not simply take turns
              steady, fresh, alone   as in `conflict`
              moves    1 where a second call with the same generator draws again
    """
    tools = _tools()
    gallery = tools.gallery_of(case)
    blur = load("filters").blur
    function = load("styles", {"textures": {"paintings": lambda height, width: gallery.clone()}}).stylise
    yield from tools.drawn_styles(function, blur, gallery, case)


@probe
def corruption(load: Load, case: ProbeInput) -> Yields:
    """Call corrupt.

    settings  name, severity, seed
    arrays    x (N, 3, H, W)
    yields    out (N, 3, H, W); x_after; inside: 1 where out is in [0, 1]
    """
    yield from _tools().corrupted(load("corruptions").corrupt, case)


@probe
def noise(load: Load, case: ProbeInput) -> Yields:
    """Call corrupt with one of the noises on images of one grey level, 0.5.

    settings  name, severity, seed, images, side
    yields    size     gaussian: the standard deviation; impulse: the share of values that changed; both
                       relative to the strength
              side     gaussian: the mean, in standard deviations; impulse: the share of 1 among the changed
              other    the share of changed values that are neither 0 nor 1
              own      the share of channels of images whose noise no other one has
              steady, fresh, alone, moves   as in `style_draws`
    """
    module = load("corruptions")
    yield from _tools().noisy(module.corrupt, module.SEVERITIES, case)


@probe
def error(load: Load, case: ProbeInput) -> Yields:
    """Call corruption_error once per row.

    settings  reversed: whether the baseline names its corruptions in the opposite order
    arrays    errors, baseline: (R, corruptions, severities)
    yields    error (R,)
    """
    yield from _tools().relative_errors(load("corruptions").corruption_error, case)


def _tools() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.texture_bias_tools")
