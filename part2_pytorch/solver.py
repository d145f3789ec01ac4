"""Train a network and save its parameters.

Read first: "Part 2: networks in PyTorch", a page of the handout.

    python solver.py --config configs/config_twolayer.yaml                   on the images that are graded
    python solver.py --config configs/config_twolayer.yaml --data cifar10    on CIFAR-10, downloaded once
    python solver.py --config configs/config_mymodel.yaml --resume           continue after a break

Each run writes its records to runs/<name>/ and the checkpoint to hand in to checkpoints/.
"""

import time
from pathlib import Path

import torch
from torch import nn


class Solver:
    """A model, its images, its loss and its optimizer, and the training loop.

    Settings are given by name: Solver(model="VanillaCNN", epochs=3).train(). See training/settings.py for all
    of them. Methods import what they need inside, so that a gap elsewhere does not stop this file.
    """

    def __init__(self, **kwargs):
        """Load the images; make model, loss and optimizer; raise ValueError for wrong settings."""
        from data import load_images
        from training import Settings, choose_device, make_optimizer, run_name, seed_everything

        self.settings = settings = Settings(**kwargs)
        self.device = choose_device(settings.device)
        seed_everything(settings.seed)
        self.model = self._make_model().to(self.device)
        self.images = load_images(settings)
        self.criterion = self._make_criterion().to(self.device)
        self.optimizer = make_optimizer(self.model, settings)
        self.folder = Path(settings.path_prefix, "runs", run_name(settings))
        self.history = []

    def train(self):
        """Train for `epochs` epochs, or for the remaining ones of an interrupted run if `resume` is set.

        Returns: the history, one dict per epoch: losses, accuracies in [0, 1] and seconds.
        """
        from training import Run, use_precision

        run = Run(self.folder, self.settings, self.images.class_names)
        self.history = run.begin(self.model, self.optimizer)
        with use_precision(self.model, self.device, self.settings.precision):
            for epoch in range(len(self.history), self.settings.epochs):
                start = time.perf_counter()
                learned = self._train_epoch(epoch)
                tested, confusion = self.evaluate()
                seconds = round(time.perf_counter() - start, 3)
                self.history.append({"epoch": epoch, **learned, **tested, "seconds": seconds})
                run.end_epoch(self.model, self.optimizer, self.history, confusion)
        run.finish()
        return self.history

    def evaluate(self):
        """Return the test loss and accuracy by name, and the confusion matrix (rows: labels)."""
        from training import Tally

        self.model.eval()
        tally = Tally(len(self.images.class_names))
        batches = self.images.batches(train=False, device=self.device)
        for data, target in batches:
            tally.add(*self._compute_loss_update_params(data, target), target)
        return {"test_loss": tally.loss, "test_accuracy": tally.accuracy}, tally.confusion

    def _train_epoch(self, epoch):
        """Take one step per batch; return training loss and accuracy by name."""
        from training import Tally, progress, rate_at, seed_everything

        # Each epoch has its own random numbers, so that a resumed run equals an uninterrupted one.
        generator = seed_everything(self.settings.seed, epoch + 1)
        batches = self.images.batches(train=True, device=self.device, generator=generator)
        self.model.train()
        tally = Tally(len(self.images.class_names))
        with progress(batches, epoch, self.settings) as bar:
            for step, (data, target) in enumerate(bar):
                for group in self.optimizer.param_groups:
                    group["lr"] = group["scale"] * rate_at(self.settings, epoch, step / len(batches))
                tally.add(*self._compute_loss_update_params(data, target), target)
        return {"train_loss": tally.loss, "train_accuracy": tally.accuracy}

    def _compute_loss_update_params(self, data, target):
        """Run one batch through the model; in training mode, also take one step downhill.

        In training mode (self.model.training): clear the gradients of the last step, which would
        otherwise accumulate; run the loss backward; let the optimizer move the parameters, once.
        In evaluation mode: only compute, without gradients, and change nothing.

        Args:    data: (N, 3, 32, 32) images; target: (N,) labels; both on the model's device.
        Returns: output, the model's scores (N, C); loss, the output of self.criterion, a scalar tensor.
                 Both are from before the step.
        """
        # TODO solver-step
        raise NotImplementedError("solver-step")

    def _make_model(self):
        """Return the network that the settings name, with fresh parameters."""
        import models
        from training import settle_shapes

        makers = {
            "TwoLayerNet": lambda: models.TwoLayerNet(3 * 32 * 32, self.settings.hidden_size, 10),
            "VanillaCNN": models.VanillaCNN,
            "MyModel": models.MyModel,
            "ResNet-32": models.resnet32,
        }
        model = makers[self.settings.model]()
        return settle_shapes(model, channels_last=self.settings.channels_last)

    def _make_criterion(self):
        """Return cross entropy, or the focal loss with the weights of the training images' classes."""
        from losses import FocalLoss, reweight

        if self.settings.loss_type == "CE":
            return nn.CrossEntropyLoss(label_smoothing=self.settings.label_smoothing)
        weights = reweight(self.images.cls_num_list, beta=self.settings.beta)
        return FocalLoss(weight=weights, gamma=self.settings.gamma)


if __name__ == "__main__":
    from training.command_line import main

    main(Solver)
