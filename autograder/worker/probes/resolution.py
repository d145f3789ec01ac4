"""Probes of the lab on images of any resolution: two networks, and what gets images ready for them.

Functions that draw are called with images that can be told apart, so that what was drawn can be read from the
result. Everything is float32, on one thread, and seeded.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def fixed(load: Load, case: ProbeInput) -> Yields:
    """Run FixedNet.

    settings  num_classes (default: not given)
    arrays    x (N, 1, 28, 28); weight_0 (16, 1, 3, 3), bias_0, ..., weight_3 (classes, 576), bias_3; dout
    yields    as `pytorch.vanilla_cnn`
    """
    yield from _tools().run_network(load("networks").FixedNet, case)


@probe
def variable(load: Load, case: ProbeInput) -> Yields:
    """Run VariableNet.

    settings  width, pooling, num_classes (each default: not given)
    arrays    x (N, 1, H, W); weight_0 (16, 1, 3, 3), bias_0, ..., weight_3 (classes, width), bias_3; dout
    yields    as `pytorch.vanilla_cnn`
    """
    yield from _tools().run_network(load("networks").VariableNet, case)


@probe
def counts(load: Load, case: ProbeInput) -> Yields:
    """Call count_parameters on layers of the probe's own.

    arrays    sides (R, 6): per network the inputs and outputs of its linear layers, then zeros
    settings  frozen: the first layer needs no gradients; shared: the first and the last layer have one
              weight; buffers: batch normalisation follows
    yields    counts (R,)
    """
    yield from _tools().count(load("networks").count_parameters, case)


@probe
def widths(load: Load, case: ProbeInput) -> Yields:
    """Call width_for; what it finds as VariableNet and count_parameters are the probe's own.

    arrays    targets (R,)
    yields    widths (R,)
    """
    yield from _tools().find_widths(load("networks"), case)


@probe
def pad(load: Load, case: ProbeInput) -> Yields:
    """Call pad_to.

    settings  size; bytes: whether the images are uint8 (default false)
    arrays    x (N, C, H, W)
    yields    out (N, C, size, size); x_after; kind: 1 where the type stayed
    """
    yield from _tools().padded(load("images").pad_to, case)


@probe
def scale(load: Load, case: ProbeInput) -> Yields:
    """Call resize.

    settings  size (default: not given)
    arrays    x (N, C, H, W)
    yields    out (N, C, size, size); x_after
    """
    yield from _tools().resized(load("images").resize, case)


@probe
def groups(load: Load, case: ProbeInput) -> Yields:
    """Call multi_resolution with images each of which has a grey level of its own.

    settings  images, channels, height, width: of the images; sizes (default: not given); seed;
              bytes: whether the images are uint8 (default false)
    arrays    labels (N,)
    yields    lengths (G,)  how many images each group has
              sides (G, 2)  their height and width
              whole     1 where every image is in exactly one group; 2 where some are missing, 3 where some
                        are there twice
              labels    1 where every image has its own label; 2 where all labels are there, in another order
              middle    1 where every image is in the middle of a black square, of the type that it had
              mixed     1 where the division is random; 2 where groups are blocks of the given order, 3 where
                        images take turns; then 10 more where each group still has the given order
              steady    1 where a generator in the same state gives the same groups
              fresh     1 where another seed gives other groups
              moves     1 where a second call with the same generator draws again
              alone     1 where torch's global generator is as it was
              untouched 1 where images and labels that came in are as they were
    """
    yield from _tools().divided(load("images").multi_resolution, case)


@probe
def batches(load: Load, case: ProbeInput) -> Yields:
    """Call batches_by_size with images each of which has a grey level of its own.

    settings  batch_size, sizes, counts: of the groups; seed
    arrays    labels (N,): of all groups, one after the other
    yields    lengths   how many images each batch has, sorted by the size of its images, then by length
              of_one    1 where no batch has images of two sizes
              whole, labels   as in `groups`
              order     1 where images are shuffled in every group; 2 where some keep their order
              own       1 where groups of the same length are shuffled differently
              mixed     1 where batches of different sizes come in random order; 2 where those of one size
                        follow each other, 4 where they do in varying order, 3 where sizes take turns
              steady, fresh, moves, alone, untouched   as in `groups`
    """
    yield from _tools().batched(load("images").batches_by_size, case)


@probe
def augmented(load: Load, case: ProbeInput) -> Yields:
    """Call augment on copies of an image with one long spot in the middle, and see where it went.

    settings  images, channels, height, width, seed
    yields    turned (4,)   of the angles, in units of 15 degrees: least, largest, mean, root mean square
              down (4,), right (4,)   of the shifts, in units of 2 pixels, likewise
              together (3,) the correlations of angle and down, angle and right, down and right
              own       the share of images that moved as no other one did
              form      1 where shape and type are those of the images; 2 where a shape differs, 3 where a
                        type does
              black     1 where nothing but the spot is bright
              steady, fresh, moves, alone, untouched   as in `groups`
    """
    yield from _tools().moved(load("images").augment, case)


def _tools() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.resolution_tools")
