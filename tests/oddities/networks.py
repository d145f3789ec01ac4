"""Right code of part 2 in the ways in which people write it; each changes files of a whole submission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.oddities.packing import Files
from tests.oddities.weights import MODEL

Change: TypeAlias = Callable[[Files], Files]
TWO, CNN, SOLVER = "models/twolayer.py", "models/cnn.py", "solver.py"
CARD = "asks for a graphics card (cuda), but graders have none, so it ran on the processor"


@dataclass(frozen=True)
class OddNetwork:
    """What is changed; the remark that must come ("" for none); the components that lose all points."""

    change: Change
    remark: str = ""
    loses: tuple[str, ...] = ()
    zeroed: bool = False


def swap(file: str, old: str, new: str) -> Change:
    """Return what replaces `old`, which must be there."""

    def change(files: Files) -> Files:
        text = files[file].decode()
        assert old in text, old
        return {**files, file: text.replace(old, new).encode()}

    return change


def head(file: str, lines: str) -> Change:
    """Return what puts lines before everything else."""
    return lambda files: {**files, file: f"{lines}\n".encode() + files[file]}


def without(*names: str) -> Change:
    """Return what leaves files out."""
    return lambda files: {name: content for name, content in files.items() if name not in names}


def within(file: str, name: str, old: str, new: str) -> Change:
    """Return what replaces `old` in `file`, and gives it another `name`."""
    return lambda files: {**without(file)(files), name: files[file].replace(old.encode(), new.encode())}


AFTER_SUPER = "        super().__init__()\n"
RELU = "        x = self.norm(self.filters(x)).relu()\n"
IMPORTS = (
    "import yaml\nimport torchvision\nimport torchvision.transforms as transforms\nfrom tqdm import tqdm\n"
)
IMPORTS += (
    "import matplotlib.pyplot as plt\nfrom data import Imbalanced_CIFAR10\nfrom torchvision import datasets\n"
)
TORCHVISION = "import torchvision\nfrom torchvision import models, transforms\n"
TORCHVISION += "from torchvision.models import resnet18\n"
PARTS = "from torchvision.ops import StochasticDepth\nfrom torchvision.transforms import functional as tf\n"
ODD_NETWORKS: dict[str, OddNetwork] = {
    "as it should be": OddNetwork(lambda files: files),
    # graphics cards
    "a layer that is moved by cuda()": OddNetwork(
        swap(MODEL, "nn.Linear(4, 10)", "nn.Linear(4, 10).cuda()"), CARD
    ),
    "images that are moved by cuda() in forward": OddNetwork(
        swap(MODEL, RELU, f"        x = x.cuda(0, non_blocking=True)\n{RELU}"), CARD
    ),
    "images that are moved to the first card": OddNetwork(
        swap(MODEL, RELU, f"        x = x.to(0)\n{RELU}"), CARD
    ),
    "a model that moves itself": OddNetwork(
        swap(MODEL, "nn.Linear(4, 10)\n", "nn.Linear(4, 10)\n        self.to(torch.device('cuda:0'))\n"), CARD
    ),
    "a layer that is made on a card": OddNetwork(
        swap(MODEL, "nn.Linear(4, 10)", "nn.Linear(4, 10, device='cuda')"), CARD
    ),
    "a mask that is made on a card": OddNetwork(
        swap(MODEL, RELU, f"{RELU}        x = x * torch.ones(1, device=torch.device('cuda'))\n"), CARD
    ),
    "a card where there is one": OddNetwork(
        swap(MODEL, RELU, f"        x = x.to('cuda' if torch.cuda.is_available() else 'cpu')\n{RELU}")
    ),
    "a model that is parallel by itself": OddNetwork(
        swap(MODEL, AFTER_SUPER, f"{AFTER_SUPER}        self.many = nn.DataParallel(nn.Identity())\n")
    ),
    # layers
    "lazy layers": OddNetwork(
        lambda files: swap(MODEL, "nn.Linear(4, 10)", "nn.LazyLinear(10)")(
            swap(MODEL, "nn.Conv2d(3, 4, 3, bias=False)", "nn.LazyConv2d(4, 3, bias=False)")(files)
        )
    ),
    "dropout that heeds the mode": OddNetwork(
        swap(MODEL, RELU, f"{RELU}        x = nn.functional.dropout(x, 0.1, self.training)\n")
    ),
    "autocast": OddNetwork(
        swap(MODEL, RELU, f"        with torch.autocast('cpu', enabled=False):\n    {RELU}")
    ),
    "scores that keep their graph": OddNetwork(
        swap(MODEL, RELU, f"        torch.set_grad_enabled(True)\n{RELU}")
    ),
    "scores as float64": OddNetwork(swap(MODEL, "dim=(2, 3)))", "dim=(2, 3))).double()")),
    # imports
    "modules that training needs, at the top": OddNetwork(head(SOLVER, IMPORTS)),
    "torchvision in a model, for nothing": OddNetwork(head(MODEL, TORCHVISION)),
    "torchvision's parts in a compiled forward": OddNetwork(
        lambda files: head(MODEL, PARTS)(
            swap(MODEL, "    def forward", "    @torch.compile\n    def forward")(
                swap(
                    MODEL,
                    RELU,
                    f"        x = tf.hflip(x)\n{RELU}        x = StochasticDepth(0.1, 'row').eval()(x)\n",
                )(files)
            )
        )
    ),
    # prints
    "a print in forward": OddNetwork(
        swap(MODEL, RELU, f"        print(x.shape)\n{RELU}"), "print", zeroed=True
    ),
    # files
    "no solver": OddNetwork(without(SOLVER), "solver.py is not in the submission", loses=("solver",)),
    "no checkpoints": OddNetwork(
        lambda files: {name: content for name, content in files.items() if not name.endswith(".pth")},
        loses=("twolayer_checkpoint", "vanilla_checkpoint", "my_checkpoint"),
    ),
    "configurations in config/": OddNetwork(
        lambda files: {**files, "config/config_mymodel.yaml": b"Train:\n  batch_size: 64\n"}
    ),
    "configurations that are no YAML": OddNetwork(
        lambda files: {**files, "configs/config_mymodel.yaml": b"\t{[: !!python/object:x"},
        "Your code can read these files while it is graded: configs/config_mymodel.yaml.",
    ),
    "names in capitals": OddNetwork(
        within(MODEL, "models/My_Model.py", "", ""), "My_Model.py was graded as models/my_model.py"
    ),
    "everything in a folder": OddNetwork(
        lambda files: {f"hw1/part2_pytorch/{name}": content for name, content in files.items()},
        "Read from the folder hw1/part2_pytorch/",
    ),
    "by macOS": OddNetwork(lambda files: {**files, **{f"__MACOSX/{name}": b"\0" for name in files}}),
    "runs, logs and images besides": OddNetwork(
        lambda files: {
            **files,
            "runs/a/last.pth": b"x",
            "data/cifar-10-batches-py/test_batch": b"x",
            "curves.png": b"x",
        }
    ),
}
