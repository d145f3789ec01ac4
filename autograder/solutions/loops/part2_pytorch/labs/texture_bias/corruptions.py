import torch
from checks import check_images
from filters import blur
from torch.nn import functional as F

SEVERITIES = {
    "gaussian_noise": (0.08, 0.12, 0.18, 0.26, 0.38),
    "impulse_noise": (0.03, 0.06, 0.09, 0.17, 0.27),
    "gaussian_blur": (0.5, 0.75, 1.0, 1.5, 2.0),
    "contrast": (0.4, 0.3, 0.2, 0.1, 0.05),
    "brightness": (0.1, 0.2, 0.3, 0.4, 0.5),
    "pixelate": (0.6, 0.5, 0.4, 0.3, 0.25),
}


def corrupt(images, name, severity, *, generator):
    check_images("corrupt", images)
    strength = SEVERITIES[name][severity - 1]
    corrupted = images.clone()
    for n in range(len(images)):
        image = images[n : n + 1]
        if name == "gaussian_blur":
            image = blur(image, strength)
        if name == "contrast":
            mean = image.mean(dim=(2, 3), keepdim=True)
            image = mean * (1 - strength) + image * strength
        if name == "brightness":
            image = image + strength
        if name == "pixelate":
            height, width = image.shape[2], image.shape[3]
            size = (round(height * strength), round(width * strength))
            small = F.interpolate(image, size=size, mode="area")
            image = F.interpolate(small, size=(height, width), mode="nearest")
        if name in ("gaussian_noise", "impulse_noise"):
            image = add_noise(image, name, strength, generator=generator)
        corrupted[n] = torch.clamp(image, 0, 1)[0]
    return corrupted


def add_noise(images, name, strength, *, generator):
    if name == "gaussian_noise":
        return images + torch.randn(images.shape, generator=generator) * strength
    changed = torch.rand(images.shape, generator=generator) < strength
    is_white = torch.rand(images.shape, generator=generator) < 0.5
    noisy = images.clone()
    noisy[changed] = is_white[changed].float()
    return noisy


def corruption_error(errors, baseline):
    if set(errors) != set(baseline):
        raise ValueError(f"corruption_error: {', '.join(set(errors) ^ set(baseline))} in only one.")
    total = 0
    for name in errors:
        above = 0
        below = 0
        for s in range(5):
            above += errors[name][s]
            below += baseline[name][s]
        total += above / below
    return total / len(errors)
