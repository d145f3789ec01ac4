"""The settings of a run: their names, their defaults, and how they are read from a file."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from .graded import graded_source

CHOICES = {
    "model": ("TwoLayerNet", "VanillaCNN", "MyModel", "ResNet-32"),
    "imbalance": ("regular", "imbalance"),
    "imb_type": ("exp", "step"),
    "loss_type": ("CE", "Focal"),
    "data": ("cifar10", "procedural"),
    "optimizer": ("sgd", "muon"),
    "schedule": ("steps", "linear"),
    "precision": ("float32", "bfloat16", "auto"),
}
SIDE = 32  # pixels of an image
AT_LEAST_ONE = ("batch_size", "epochs", "hidden_size", "num_train", "num_test")
NOT_NEGATIVE = (
    "learning_rate",
    "momentum",
    "reg",
    "warmup",
    "gamma",
    "beta",
    "label_smoothing",
    "seed",
    "shift",
    "hole",
)


@dataclass(frozen=True, init=False)
class Settings:
    """Everything that can be set; raise ValueError for a value that makes no sense."""

    path_prefix: str = "."  # runs/ and checkpoints/ are made in here
    name: str = ""  # of the run's folder; "" makes one of model, data and loss
    model: str = "TwoLayerNet"
    hidden_size: int = 256  # of TwoLayerNet
    device: str = "cpu"  # or cuda, mps, or auto for the best that is there
    precision: str = "float32"  # auto: bfloat16 where the processor computes in it
    channels_last: bool = False  # faster for deep networks; `view` then needs to be `reshape`
    seed: int = 0

    data: str = ""  # "": the images that this course grades checkpoints on
    data_root: str = ""  # "": data/files below path_prefix
    download: bool = True  # of CIFAR-10, where data_root does not hold it
    checksums: bool = True  # of CIFAR-10's files
    num_train: int = 50_000
    num_test: int = 10_000
    imbalance: str = "regular"
    imb_type: str = "exp"
    imb_factor: float = 0.01

    loss_type: str = "CE"
    beta: float = 0.9999  # of reweight
    gamma: float = 1.0  # of FocalLoss
    label_smoothing: float = 0.0  # of CE

    batch_size: int = 128
    shift: int = 4  # pixels by which augmented images move at most
    hole: int = 0  # pixels a side of the square that augmented images lose
    epochs: int = 10
    learning_rate: float = 1e-4
    momentum: float = 0.9
    nesterov: bool = False
    optimizer: str = "sgd"  # or muon, for networks of convolutions: see optimizers.py
    reg: float = 5e-4  # weight decay
    schedule: str = "steps"  # or linear: up during `warmup`, then down to 0
    steps: tuple = (6, 8)  # epochs after which the rate is a tenth, then a hundredth
    warmup: float = 0  # epochs

    save_best: bool = True  # keep the epoch that was best on the test images; otherwise the last one
    resume: bool = False
    verbose: bool = True

    def __init__(self, **kwargs):
        """Take settings by name, and the defaults of those that are not named."""
        fields = {field.name: field for field in dataclasses.fields(self)}
        unknown = sorted(set(kwargs) - set(fields))
        if unknown:
            raise ValueError(f"Solver: unknown setting {', '.join(unknown)}; known: {', '.join(fields)}.")
        for name, field in fields.items():
            object.__setattr__(self, name, _as_kind(name, kwargs.get(name, field.default), field.default))
        if not self.data:
            object.__setattr__(self, "data", graded_source())
        if not self.data_root:
            object.__setattr__(self, "data_root", str(Path(self.path_prefix, "data", "files")))
        self._check()

    def _check(self):
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"Solver: expected {name} to be one of {', '.join(allowed)}, got {getattr(self, name)!r}."
                )
        for names, least in ((AT_LEAST_ONE, 1), (NOT_NEGATIVE, 0)):
            for name in names:
                if not getattr(self, name) >= least:
                    raise ValueError(
                        f"Solver: expected {name} to be at least {least}, got {getattr(self, name)}."
                    )
        if self.beta >= 1:
            raise ValueError(f"Solver: expected beta to be below 1, got {self.beta}.")
        if self.shift >= SIDE:
            raise ValueError(
                f"Solver: expected shift to be below {SIDE}, the side of an image, got {self.shift}."
            )
        if len(self.steps) != 2:
            raise ValueError(f"Solver: expected two epochs in steps, got {list(self.steps)}.")


def read_config(path):
    """Read a YAML file in sections (Train, network, data, loss) into one flat dict.

    Raises: ValueError if it cannot be read, or is not made of sections.
    """
    import yaml

    try:
        sections = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(
            f"{path}: expected a config file, got: {error.strerror}; name one of configs/."
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: expected YAML in UTF-8, got an error: {error}.") from error
    if not isinstance(sections, dict) or not all(isinstance(entry, dict) for entry in sections.values()):
        raise ValueError(
            f"{path}: expected sections such as Train and network, each with `name: value` lines."
        )
    return {name: value for section in sections.values() for name, value in section.items()}


def _as_kind(name, value, default):
    """Turn `value` into the type of `default`: YAML reads 1e-4 as a text, and [6, 8] as a list."""
    kind = type(default)
    try:
        if kind is bool and not isinstance(value, bool):
            raise ValueError
        return kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"Solver: expected {name} to be a {kind.__name__}, got {value!r}.") from None
