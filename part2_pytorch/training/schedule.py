"""The learning rate over time."""


def rate_at(settings, epoch, part=0.0):
    """Return the learning rate at a step: of epoch `epoch`, counted from 0, a share `part` is over.

    steps     the full rate; a tenth of it from epoch steps[0] on, a hundredth from steps[1] on.
              During the first `warmup` epochs it climbs, epoch by epoch: rate * (epoch + 1) / warmup.
    linear    climbs from 0 during `warmup` epochs, step by step, then falls to 0 at the end.
    """
    rate, now = settings.learning_rate, epoch + part
    if settings.schedule == "linear":
        if now < settings.warmup:
            return rate * now / settings.warmup
        return rate * (settings.epochs - now) / (settings.epochs - settings.warmup)
    if epoch < settings.warmup:
        return rate * min((epoch + 1) / settings.warmup, 1)
    return rate * 0.1 ** sum(epoch >= step for step in settings.steps)
