"""Train networks on plain and on stylised images, and measure what they look at and what they withstand."""

import torch
from labs.common.metrics import accuracy_of
from labs.common.training_loop import train
from labs.texture_bias.bias import cue_conflict, shape_bias
from labs.texture_bias.corruptions import SEVERITIES, corrupt, corruption_error
from labs.texture_bias.image_sets import STYLE_SEED, as_bytes, stylised, training_sets
from labs.texture_bias.network import BiasNet
from labs.texture_bias.settings import NAMES
from torch.nn import functional as F

CONFLICT_SEED, NOISE_SEED = 13, 14


def run_all(run, settings, images, test, device, *, has_textures):
    """Train and measure what is not there yet; return {what was trained on: [a dict per seed]}.

    `has_textures` says that the images are this lab's, so that there are conflicts to measure a bias on.
    """
    sets, other = training_sets(images), stylised(test, seed=STYLE_SEED + 1)
    found = {}
    for kind in NAMES:
        found[kind] = []
        for seed in range(settings.seeds):
            network = trained(run, settings, kind, seed, sets[kind], device)
            result = run.measure(
                f"{kind}, seed {seed}: accuracy and corruptions",
                lambda network=network: {
                    "plain": accuracy_of(network, test),
                    "stylised": accuracy_of(network, other),
                    "errors": error_rates(network, test),
                },
            )
            if has_textures:
                result["decisions"] = run.measure(
                    f"{kind}, seed {seed}: conflicts",
                    lambda network=network: decisions(network, settings.conflicts),
                )
            found[kind].append(result)
    return found


def trained(run, settings, kind, seed, images, device):
    """Return a network that was trained on images of one kind."""
    torch.manual_seed(seed)
    model = BiasNet(settings.width, len(images.class_names)).to(device)
    key = f"{kind}, seed {seed}: training"
    state = run.state_path(key)
    optimizer = torch.optim.SGD(
        model.parameters(), settings.rate, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    run.measure(
        key,
        lambda: train(
            model, optimizer, take_step, images.on(device), epochs=settings.epochs,
            batch_size=settings.batch, seed=seed, state=state, after_epoch=lambda epoch: epoch,
        ),
    )  # fmt: skip
    model.load_state_dict(torch.load(state, map_location=device, weights_only=True)["model"])
    return model.eval()


def take_step(model, pixels, labels, optimizer):
    """Take one step of training."""
    optimizer.zero_grad()
    F.cross_entropy(model(pixels), labels).backward()
    optimizer.step()


def error_rates(network, test):
    """Return {corruption: error rates at the severities 1 to 5}; every network sees the same noise."""
    found = {}
    for name in SEVERITIES:
        found[name] = []
        for severity in range(1, 6):
            generator = torch.Generator().manual_seed(NOISE_SEED)
            pixels = corrupt(test.pixels(), name, severity, generator=generator)
            worse = type(test)(as_bytes(pixels), test.labels, test.class_names)
            found[name].append(1 - accuracy_of(network, worse))
    return found


def decisions(network, count):
    """Return the network's predictions for conflict images, and the classes of their two cues."""
    images, shapes, textures = cue_conflict(count, seed=CONFLICT_SEED)
    device = next(network.parameters()).device
    with torch.no_grad():
        predictions = torch.cat([network(some.to(device)).argmax(dim=1).cpu() for some in images.split(500)])
    return {
        "predictions": predictions.tolist(),
        "shapes": shapes.tolist(),
        "textures": textures.tolist(),
    }


def bias_of(result, *, of_class=None):
    """Return the shape bias of one network, over all conflicts or those whose shape is of one class.

    None if there is none: no such image was classified by its shape or its texture.
    """
    given = [torch.tensor(result["decisions"][name]) for name in ("predictions", "shapes", "textures")]
    if of_class is not None:
        given = [one[given[1] == of_class] for one in given]
    try:
        return shape_bias(*given)
    except ValueError:
        return None


def mean_errors(results):
    """Return {corruption: error rates by severity}, the mean over networks."""
    names = results[0]["errors"]
    return {
        name: torch.tensor([result["errors"][name] for result in results], dtype=torch.float64)
        .mean(dim=0)
        .tolist()
        for name in names
    }


def relative_error(result, baseline):
    """Return the mean corruption error of one network, or None if the baseline makes no errors."""
    try:
        return corruption_error(result["errors"], baseline)
    except ValueError:
        return None
