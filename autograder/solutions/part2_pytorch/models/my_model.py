"""MyModel: a network of your own design.

Read first: "Part 2: networks in PyTorch", a page of the handout.
"""

import torch
from torch import nn


class MyModel(nn.Module):
    """The best network that you can design and have the patience to train.

    It takes images (N, 3, 32, 32) and returns raw scores (N, 10). Layers, depth and width are your choice,
    within the size of a checkpoint (see assignment.json). What helps, roughly in this order: batch
    normalisation, more than one convolution before each pooling, shortcuts around some of them, more filters
    as the image shrinks. An unchanged copy of a network (such as a library's ResNet) does not count.

    In eval mode the scores of an image must be the same at every call, and must not depend on the other
    images of the batch: dropout and batch normalisation of torch.nn take care of this.
    """

    def __init__(self):
        """Make the layers."""
        super().__init__()

        # BEGIN SOLUTION my_model-init
        def conv(inputs, outputs, *smaller):
            """Convolve, pool, normalise: in this order the normalisation has fewer pixels to go through."""
            filters = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
            nn.init.dirac_(filters.weight[:inputs].data)  # begin by passing on what comes in
            norm = nn.BatchNorm2d(outputs, momentum=0.4)  # training is short: what was long ago is stale
            norm.weight.requires_grad = False
            return nn.Sequential(filters, *smaller, norm, nn.SiLU())

        # Mean and differences of 2x2 windows, of brightness and two opponent colours, with both signs for the
        # ReLU; about equally spread but for the finest differences of colour, which are noise. Not trained.
        signs = torch.tensor([[1.0, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 2
        colours = nn.functional.normalize(torch.tensor([[1.0, 1, 1], [1, 0, -1], [1, -2, 1]]))
        gain = torch.tensor([[0.25, 1.3, 1.4, 3.4], [0.9, 4, 4, 4], [2, 4, 4, 4]])
        filters = torch.einsum("ac,iu,ai->aicu", colours, signs, gain).reshape(12, 3, 2, 2)
        self.whiten = nn.Conv2d(3, 24, 2)
        self.whiten.weight = nn.Parameter(torch.cat([filters, -filters]), requires_grad=False)
        widths = [(24, 64), (64, 192), (192, 256)]  # 31 pixels a side, then 15, 7 and 3
        self.shrink = nn.ModuleList([conv(*pair, nn.MaxPool2d(2)) for pair in widths])
        self.refine = nn.ModuleList([nn.Sequential(conv(w, w), conv(w, w)) for _, w in widths])
        self.scores = nn.Linear(256, 10, bias=False)
        # END SOLUTION my_model-init

    def forward(self, x):
        """Score every class.

        Args:    x: (N, 3, 32, 32) images.
        Returns: (N, 10) raw scores.
        """
        # BEGIN SOLUTION my_model-forward
        if not self.training:  # moved by a pixel or seen in a mirror, it shows the same: let two views vote
            wide = nn.functional.pad(x, (1, 1, 1, 1), mode="reflect")
            x = torch.cat([wide[:, :, 2:, 2:], wide[:, :, :-2, :-2].flip(3)])
        x = x.contiguous(memory_format=torch.channels_last)  # which processors convolve faster
        features = torch.relu(self.whiten(x))
        for shrink, refine in zip(self.shrink, self.refine, strict=True):
            features = shrink(features)
            features = features + refine(features)
        scores = self.scores(features.amax(dim=(2, 3))) / 8  # small ones do not make wild first steps
        return scores if self.training else scores.view(2, -1, 10).mean(dim=0)
        # END SOLUTION my_model-forward
