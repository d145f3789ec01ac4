"""What a training run needs beside the network: settings, schedule, device, records and images of them."""

from .devices import choose_device, seed_everything, settle_shapes, use_precision
from .optimizers import make_optimizer
from .run import Run, run_name
from .schedule import rate_at
from .settings import Settings, read_config
from .tally import Tally, progress

__all__ = [
    "Run",
    "Settings",
    "Tally",
    "choose_device",
    "make_optimizer",
    "progress",
    "rate_at",
    "read_config",
    "run_name",
    "seed_everything",
    "settle_shapes",
    "use_precision",
]
