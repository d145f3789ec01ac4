"""Train networks on images of one size and of several, and measure what they make of each size."""

import dataclasses

import torch
from labs.common.metrics import accuracy_of, scores_of, topk_accuracy
from labs.common.training_loop import train
from labs.resolution.image_sets import SIDE, divided, of_many_sizes, of_one_size
from labs.resolution.images import augment
from labs.resolution.networks import FixedNet, VariableNet, count_parameters
from labs.resolution.settings import NETWORKS, SIZES, SWEEPS, UNSEEN
from torch.nn import functional as F

AT_ONCE = 100  # images of up to 80 x 80 pixels that are scored together: more would need much memory


def run_all(run, settings, parts, images, test, device):
    """Train and measure what is not there yet; return {part: what `compare`, `augmented`, `swept` return}."""
    todo = {"comparison": compare, "augmentation": augmented, "sweeps": swept}
    return {part: todo[part](run, settings, images, test, device) for part in parts}


def compare(run, settings, images, test, device):
    """Compare the networks on images of several sizes.

    Returns: {network: {"parameters": int, "runs": [{size: accuracy} per seed]}}.
    """
    found = {}
    for kind in NETWORKS:
        sizes = of_many_sizes(images, SIZES, side=side_of(kind))
        runs = []
        for seed in range(settings.seeds):
            network = trained(run, settings, f"{kind}, seed {seed}", seed, sizes, device, kind=kind)
            runs.append(
                run.measure(
                    f"{kind}, seed {seed}: accuracy by size",
                    lambda network=network, kind=kind: by_size(network, kind, test),
                )
            )
        found[kind] = {"parameters": count_parameters(network), "runs": runs}
    return found


def by_size(network, kind, test):
    """Return {size: accuracy} for all test images, padded to each size; sizes are text, as JSON has them."""
    found = {}
    for size in sorted({*SIZES, *UNSEEN}):
        padded = of_one_size(test, size, side=side_of(kind))
        scores = scores_of(network, padded, batch_size=AT_ONCE)
        found[str(size)] = topk_accuracy(scores, padded.labels)
    return found


def augmented(run, settings, images, test, device):
    """Train FixedNet on images of 28 x 28 pixels without and with augmentation.

    Returns: {"without" or "with": [accuracy per seed]}.
    """
    plain, tested = of_one_size(images, SIDE), of_one_size(test, SIDE)
    found = {}
    for name, function in (("without", None), ("with", augment)):
        found[name] = []
        for seed in range(settings.seeds):
            key = f"{name} augmentation, seed {seed}"
            network = trained(run, settings, key, seed, plain, device, augment=function)
            found[name].append(
                run.measure(f"{key}: accuracy", lambda network=network: accuracy_of(network, tested))
            )
    return found


def swept(run, settings, images, test, device):
    """Train FixedNet with other learning rates, batch sizes and epochs, judged on validation images.

    Returns: {setting: {value: [accuracy per seed]}}; values are text. A combination that occurs in several
    sweeps is trained once.
    """
    learned, validation = (of_one_size(some, SIDE) for some in divided(images))
    found = {}
    for name, values in SWEEPS.items():
        found[name] = {}
        for value in values:
            changed = dataclasses.replace(settings, **{name: value})
            results = []
            for seed in range(settings.seeds):
                key = f"rate {changed.rate}, batch {changed.batch}, epochs {changed.epochs}, seed {seed}"
                network = trained(run, changed, key, seed, learned, device)
                results.append(
                    run.measure(f"{key}: accuracy", lambda network=network: accuracy_of(network, validation))
                )
            found[name][str(value)] = results
    return found


def trained(run, settings, key, seed, images, device, *, kind="fixed", augment=None):
    """Return a network that was trained on the images, by Adam with a rate that falls to 0."""
    torch.manual_seed(seed)
    model = network_of(kind, len(images.class_names)).to(device)
    key = f"{key}: training"
    state = run.state_path(key)
    run.measure(
        key,
        lambda: train(
            model, torch.optim.Adam(model.parameters(), settings.rate), take_step, images.on(device),
            epochs=settings.epochs, batch_size=settings.batch, seed=seed, state=state,
            after_epoch=lambda epoch: epoch, augment=augment,
        ),
    )  # fmt: skip
    model.load_state_dict(torch.load(state, map_location=device, weights_only=True)["model"])
    return model.eval()


def network_of(kind, classes):
    """Return a new network of one kind."""
    if kind == "fixed":
        return FixedNet(num_classes=classes)
    return VariableNet(pooling=kind, num_classes=classes)


def side_of(kind):
    """Return to how many pixels a side images are resized for a network; None: they stay as they are."""
    return SIDE if kind == "fixed" else None


def take_step(model, pixels, labels, optimizer):
    """Take one step of training."""
    optimizer.zero_grad()
    F.cross_entropy(model(pixels), labels).backward()
    optimizer.step()
