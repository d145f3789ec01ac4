"""Measure native and custom convolutions: seconds per layer and step, peak memory, losses of a training."""

import concurrent.futures
import importlib
import multiprocessing
import statistics
import time

import torch
from labs.common.memory import peak_bytes
from labs.common.options import synchronise
from labs.custom_conv.settings import LAYERS
from labs.custom_conv.simple_net import SimpleNet
from torch import nn

RATE = 0.01
KINDS = {"native": "torch.nn:Conv2d", "custom": "labs.custom_conv.convolution:CustomConv2d"}


def layer_class(kind):
    """Return the layer that is called "native" or "custom", or any other as "module:Class"."""
    module, _, name = KINDS.get(kind, kind).partition(":")
    return getattr(importlib.import_module(module), name)


def measure(run, settings, kinds, images, *, device, threads):
    """Measure everything that is not measured yet.

    Returns: {"seconds": {what: {kind: seconds}}, "bytes": {kind: bytes}, "losses": {kind: per seed}}.
    """
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32  # the same precision for both
    seconds = {
        name: run.measure(
            f"seconds of {name}", lambda layer=layer: time_layers(layer, settings, kinds, device)
        )
        for name, layer in LAYERS.items()
    }
    seconds["a step of SimpleNet"] = run.measure(
        "seconds of a step of SimpleNet", lambda: time_steps(settings, kinds, device)
    )
    memory = {
        kind: run.measure(
            f"bytes of a step, {kind}", lambda kind=kind: step_bytes(kind, settings, device.type)
        )
        for kind in kinds
    }
    losses = {
        kind: [
            run.measure(
                f"losses, {kind}, seed {seed}",
                lambda kind=kind, seed=seed: train(kind, seed, settings, images, device),
            )
            for seed in range(settings.seeds)
        ]
        for kind in kinds
    }
    return {"seconds": seconds, "bytes": memory, "losses": losses}


def time_layers(layer, settings, kinds, device):
    """Return the median seconds of forward and backward of one layer, {kind: seconds}."""
    channels, filters, kernel, stride, padding, side = layer
    torch.manual_seed(0)
    x = torch.randn(settings.batch, channels, side, side, device=device, requires_grad=True)
    ways = {}
    for kind in kinds:
        convolve = layer_class(kind)(channels, filters, kernel, stride, padding).to(device)
        ways[kind] = lambda convolve=convolve: convolve(x).sum(dim=3).square().sum().backward()
    return medians(ways, settings.rounds, device)


def time_steps(settings, kinds, device):
    """Return the median seconds of a training step of SimpleNet, {kind: seconds}."""
    return medians({kind: step_of(kind, settings, device) for kind in kinds}, settings.rounds, device)


def step_of(kind, settings, device):
    """Return a function that takes one training step of SimpleNet on a batch of random images."""
    torch.manual_seed(0)
    model = SimpleNet(layer_class(kind)).to(device)
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9)
    images = torch.randn(settings.batch, 3, settings.side, settings.side, device=device)
    labels = torch.randint(100, (settings.batch,), device=device)
    return lambda: take_step(model, images, labels, optimizer)


def take_step(model, images, labels, optimizer):
    """Take one step of gradient descent, and return the loss from before it."""
    loss = nn.functional.cross_entropy(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def medians(ways, rounds, device):
    """Return the median seconds of every way; they take turns, so that what else runs meets all alike."""
    seconds = {name: [] for name in ways}
    for turn in range(rounds + 1):  # the first one warms up
        for name, run in ways.items():
            synchronise(device)
            start = time.perf_counter()
            run()
            synchronise(device)
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in seconds.items()}


def step_bytes(kind, settings, device):
    """Return the peak memory of a training step of SimpleNet above what is there before, in bytes.

    In a separate process: memory that an earlier measurement freed would hide what this one takes.
    """
    spawning = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawning) as pool:
        return pool.submit(_step_bytes, kind, settings, device).result()


def _step_bytes(kind, settings, device):
    torch.set_num_threads(1)
    return peak_bytes(step_of(kind, settings, torch.device(device)), torch.device(device))


def train(kind, seed, settings, images, device):
    """Train SimpleNet from the parameters and on the batches of a seed; return the loss of every step."""
    torch.manual_seed(seed)
    start = SimpleNet(nn.Conv2d, len(images.class_names)).state_dict()
    model = SimpleNet(layer_class(kind), len(images.class_names)).to(device)
    model.load_state_dict(start)
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9)
    generator = torch.Generator().manual_seed(seed)
    losses = []
    while len(losses) < settings.steps:
        for pixels, labels in images.batches(settings.batch, generator=generator):
            if len(losses) < settings.steps:
                losses.append(take_step(model, pixels.to(device) - 0.5, labels.to(device), optimizer))
    return losses
