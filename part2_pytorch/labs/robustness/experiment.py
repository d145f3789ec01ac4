"""Train networks on clean and on attacked images, and measure how they withstand attacks."""

from types import SimpleNamespace

import torch
from data import crop_and_flip
from labs.common.metrics import scores_of, topk_accuracy
from labs.common.training_loop import train
from labs.robustness.attacks import robust_accuracy
from labs.robustness.methods import LeastLikely, fgsm, pgd, step_of
from labs.robustness.networks import RobustNet
from labs.robustness.settings import LEVELS
from training.optimizers import make_optimizer

BATCH = 100


def run_all(run, settings, methods, images, test, device):
    """Train and measure what is not there yet; return {method: [a dict per seed]}, and networks of seed 0."""
    found, networks = {}, {}
    for method in methods:
        found[method] = []
        for seed in range(settings.seeds):
            network, history = trained(run, settings, method, seed, images, test, device)
            result = run.measure(
                f"{method}, seed {seed}: attacks",
                lambda network=network: measure(network, settings, test, device),
            )
            found[method].append({**result, "history": history})
            if seed == 0:
                networks[method] = network
    if "plain" in networks:
        found["ways"] = run.measure(
            "three attacks on the network of clean images",
            lambda: ways(networks["plain"], settings, test, device),
        )
    return found, networks


def trained(run, settings, method, seed, images, test, device):
    """Return the network that was trained by `method`, and its accuracies after every epoch."""
    torch.manual_seed(seed)
    model = RobustNet(settings.width, len(images.class_names)).to(device)
    how = SimpleNamespace(optimizer="muon", learning_rate=settings.rate, momentum=0.6)
    some = test.first(settings.watched).on(device)
    pixels, epsilon = some.pixels(), settings.epsilon / 255

    def watch(epoch):
        attacks = {"fgsm": fgsm(epsilon), "pgd": pgd(epsilon, 10)}
        clean = topk_accuracy(scores_of(model, some), some.labels.cpu())
        return {
            "clean": clean,
            **{name: robust_accuracy(model, pixels, some.labels, one) for name, one in attacks.items()},
        }

    key = f"{method}, seed {seed}: training"
    state = run.state_path(key)
    history = run.measure(
        key,
        lambda: train(
            model, make_optimizer(model, how), step_of(method, epsilon), images.on(device),
            epochs=settings.epochs, batch_size=settings.batch, seed=seed, state=state, after_epoch=watch,
            augment=crop_and_flip,
        ),
    )  # fmt: skip
    model.load_state_dict(torch.load(state, map_location=device, weights_only=True)["model"])
    return model.eval(), history


def measure(model, settings, test, device):
    """Return top-1 and top-5 accuracy, clean and attacked, and the accuracy for every size of the attack."""
    pixels, labels = test.pixels().to(device), test.labels.to(device)
    attack = pgd(settings.epsilon / 255, settings.steps)
    parts = [
        attack.perturb(model, *pair) for pair in zip(pixels.split(BATCH), labels.split(BATCH), strict=True)
    ]
    with torch.no_grad():
        kinds = {"clean": model(pixels), "attacked": torch.cat([model(part) for part in parts])}
    curve = [
        robust_accuracy(model, pixels, labels, pgd(level / 255, 10), batch_size=BATCH) for level in LEVELS
    ]
    tops = min(5, len(test.class_names))
    return {
        **{
            f"{name}, top-{k}": topk_accuracy(scores, labels, k)
            for name, scores in kinds.items()
            for k in (1, tops)
        },
        "curve": curve,
    }


def ways(model, settings, test, device):
    """Return the accuracy under three attacks of the same size: two of them are attacks."""
    pixels, labels = test.pixels().to(device), test.labels.to(device)
    epsilon, steps = settings.epsilon / 255, settings.steps
    attacks = {
        "climb the least likely label's loss (wrong)": LeastLikely(epsilon, steps, is_climbing=True),
        "descend the least likely label's loss": LeastLikely(epsilon, steps, is_climbing=False),
        "climb the true label's loss": pgd(epsilon, steps),
    }
    clean = topk_accuracy(scores_of(model, test.on(device)), test.labels.cpu())
    return {
        "no attack": clean,
        **{
            name: robust_accuracy(model, pixels, labels, attack, batch_size=BATCH)
            for name, attack in attacks.items()
        },
    }
