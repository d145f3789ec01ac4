"""What the functions of this lab take: colour images in [0, 1]."""


def check_images(name, images):
    """Raise ValueError unless `images` are float (N, 3, H, W) in [0, 1], and at least one."""
    if images.ndim != 4 or images.shape[1] != 3 or not len(images):
        raise ValueError(
            f"{name}: expected colour images (N, 3, H, W), got {tuple(images.shape)}; for grey images repeat "
            "the channel: images.expand(-1, 3, -1, -1)."
        )
    if not images.is_floating_point():
        raise ValueError(f"{name}: expected float images in [0, 1], got {images.dtype}; divide bytes by 255.")
    least, most = images.min().item(), images.max().item()
    if not (least >= -1e-6 and most <= 1 + 1e-6):
        raise ValueError(
            f"{name}: expected images in [0, 1], got pixels from {least:.3g} to {most:.3g}; pass them "
            "before they are normalised."
        )
