"""Batches: images and labels, a few at a time, ready for the network."""

import torch

from .augmentation import crop_and_flip, cut_out, normalise


class Batches:
    """Walk once through images that are in memory.

    for data, target in Batches(images, labels, 128): ...

    data is float32 (N, 3, H, W), normalised and contiguous; target is int64 (N,). The last batch may be
    smaller. With `shuffle`, every walk draws a new order from `generator`.
    """

    def __init__(
        self,
        images,
        labels,
        batch_size,
        *,
        shuffle=False,
        augment=False,
        shift=4,
        hole=0,
        channels_last=False,
        generator=None,
    ):
        """Keep the uint8 `images` (N, 3, H, W) and the int64 `labels` (N,), both on one device.

        With `augment`, images are mirrored at random, moved by up to `shift` pixels, and lose a
        square of `hole` pixels a side.
        """
        if len(images) != len(labels):
            raise ValueError(
                f"Batches: expected one label per image, got {len(images)} images, {len(labels)} labels."
            )
        self.images, self.labels, self.batch_size = images, labels, batch_size
        self.shuffle, self.augment, self.generator = shuffle, augment, generator
        self.shift, self.hole = shift, hole
        self.layout = torch.channels_last if channels_last else torch.contiguous_format

    def __len__(self):
        """Return the number of batches of one walk."""
        return -(-len(self.images) // self.batch_size)

    def __iter__(self):
        """Yield (data, target)."""
        count = len(self.images)
        order = torch.randperm(count, generator=self.generator) if self.shuffle else torch.arange(count)
        for chosen in order.to(self.images.device).split(self.batch_size):
            images = self.images[chosen]
            if self.augment:
                images = crop_and_flip(images, padding=self.shift, generator=self.generator)
            data = normalise(images)
            if self.augment:
                data = cut_out(data, self.hole, generator=self.generator)
            yield data.contiguous(memory_format=self.layout), self.labels[chosen]
