"""Right answers in odd code: each oddity changes one file, and says what must be remarked (or nothing)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.oddities.packing import CONV, NET, RELU, SGD

SIBLINGS = ("convolution", "linear", "max_pool", "relu", "softmax_ce")
LINEAR, POOL = "modules/linear.py", "modules/max_pool.py"
SEVEN_LOOPS = """
import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.dx = self.dw = self.db = self.cache = None

    def forward(self, x):
        p, s, k = self.padding, self.stride, self.kernel_size
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        N, C, H, W = xp.shape
        out = np.zeros((N, self.out_channels, (H - k) // s + 1, (W - k) // s + 1))
        for n in range(N):
            for f in range(self.out_channels):
                for i in range(out.shape[2]):
                    for j in range(out.shape[3]):
                        out[n, f, i, j] = self.bias[f]
                        for c in range(C):
                            for u in range(k):
                                for v in range(k):
                                    out[n, f, i, j] += xp[n, c, i*s+u, j*s+v] * self.weight[f, c, u, v]
        self.cache = x
        return out

    def backward(self, dout):
        p, s, k = self.padding, self.stride, self.kernel_size
        x = self.cache
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        dxp, self.dw, self.db = np.zeros(xp.shape), np.zeros(self.weight.shape), np.zeros(self.bias.shape)
        for n in range(x.shape[0]):
            for f in range(self.out_channels):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        g = dout[n, f, i, j]
                        self.db[f] += g
                        for c in range(x.shape[1]):
                            for u in range(k):
                                for v in range(k):
                                    self.dw[f, c, u, v] += xp[n, c, i*s+u, j*s+v] * g
                                    dxp[n, c, i*s+u, j*s+v] += self.weight[f, c, u, v] * g
        self.dx = dxp[:, :, p:dxp.shape[2]-p, p:dxp.shape[3]-p]
"""
IN_PLACE = """
import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for m in model.modules:
            if hasattr(m, "weight"):
                if not hasattr(m, "v_w"):
                    m.v_w, m.v_b = np.zeros_like(m.weight), np.zeros_like(m.bias)
                m.v_w *= self.momentum
                m.v_w -= self.learning_rate * m.dw
                m.v_b *= self.momentum
                m.v_b -= self.learning_rate * m.db
                m.weight += m.v_w
                m.bias += m.v_b
"""


@dataclass(frozen=True)
class Oddity:
    """One file of the solution, changed; `keeps` names the direction whose tests pass, None for all."""

    file: str
    change: Callable[[str], str]
    remark: str = ""
    keeps: str | None = None


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return what replaces `old`, which must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def head(lines: str) -> Callable[[str], str]:
    """Return what puts lines before everything else."""
    return lambda text: f"{lines}\n{text}"


def tail(lines: str) -> Callable[[str], str]:
    """Return what puts lines behind everything else."""
    return lambda text: f"{text}\n\n{lines}\n"


OUT = "        return out\n"
ODDITIES: dict[str, Oddity] = {
    # imports
    "absolute imports of siblings": Oddity(NET, swap("from .", "from modules.")),
    "imports from the package": Oddity(
        NET,
        lambda text: (
            "from modules import Conv2D, Linear, MaxPooling, ReLU, SoftmaxCrossEntropy\n"
            + text[text.index("LAYERS =") :]
        ),
    ),
    "imports of everything": Oddity(
        NET,
        lambda text: (
            "".join(f"from .{name} import *\n" for name in SIBLINGS) + text[text.index("LAYERS =") :]
        ),
    ),
    "imports as if run from inside of modules": Oddity(
        NET, swap("from .linear", "from linear"), "works only inside modules/"
    ),
    "an optimizer imported absolutely": Oddity(SGD, swap("from ._base", "from optimizer._base")),
    "matplotlib imported and never used": Oddity(
        RELU, head("import matplotlib.pyplot as plt"), "uses matplotlib.pyplot; this part does not allow it"
    ),
    "torch imported and never used": Oddity(RELU, head("import torch\nfrom torch import nn"), "uses torch"),
    "a file that does not exist imported and never used": Oddity(
        RELU, head("from my_helpers import plot"), "uses my_helpers"
    ),
    "os imported, for chdir": Oddity(RELU, head("import os\nos.chdir('..')")),
    "sys imported, for sys.path": Oddity(RELU, head("import sys\nsys.path.append('..')")),
    "time imported, to measure": Oddity(
        RELU, lambda text: "import time\n" + text.replace(OUT, "        time.time()\n" + OUT)
    ),
    "random imported, and seeded": Oddity(RELU, head("import random\nrandom.seed(0)")),
    # habits
    "seeds on import": Oddity(
        LINEAR, swap("import numpy as np\n", "import numpy as np\nnp.random.seed(231)\n")
    ),
    "a main block that tests and prints": Oddity(
        RELU, tail("if __name__ == '__main__':\n    import torch\n    print(ReLU().forward(torch.ones(3)))")
    ),
    "a print in a function that nobody calls": Oddity(
        RELU, tail("def debug():\n    print('here')"), "it did not run in the tests"
    ),
    "a print to stderr": Oddity(
        RELU, swap(OUT, "        import sys as s\n        print('x', file=s.stderr)\n" + OUT)
    ),
    "warnings": Oddity(
        RELU,
        lambda text: (
            "import warnings\nwarnings.warn('old')\n"
            + text.replace(OUT, "        np.log(x * 0)\n        '\\d'\n" + OUT)
        ),
    ),
    "numpy's errors switched on": Oddity(
        LINEAR, swap("import numpy as np\n", "import numpy as np\nnp.seterr(all='raise')\n")
    ),
    "annotations, dataclasses, helpers": Oddity(
        RELU,
        lambda text: (
            "from __future__ import annotations\nfrom dataclasses import dataclass\n"
            "from typing import Optional\n"
            + text
            + "\n\n@dataclass\nclass Note:\n    text: Optional[str] = None\n"
        ),
    ),
    "a base class of its own": Oddity(
        RELU, swap("class ReLU:\n", "class Base:\n    dx = None\n\n\nclass ReLU(Base):\n")
    ),
    "further arguments with defaults": Oddity(
        RELU, swap("def __init__(self):", "def __init__(self, slope=0.0, *, name=None):")
    ),
    "names that are not English": Oddity(
        RELU, lambda text: text.replace("passed", "durchgel\u00e4ssig").replace("out = ", "\u03c3 = out = ")
    ),
    "backward that returns dx, too": Oddity(
        RELU, swap("        self.dx = dx\n", "        self.dx = dx\n        return dx\n")
    ),
    "a thread in forward": Oddity(
        RELU,
        swap(
            OUT,
            "        from concurrent.futures import ThreadPoolExecutor\n"
            "        with ThreadPoolExecutor(2) as pool:\n"
            "            out = sum(pool.map(lambda part: np.maximum(part, 0), [x / 2, x / 2]))\n" + OUT,
        ),
    ),
    "a pool of threads in forward": Oddity(
        CONV,
        lambda text: (
            "from multiprocessing.pool import ThreadPool\n"
            + text.replace(
                "        windows, (batch, channels, height, width) = self.cache\n",
                "        windows, (batch, channels, height, width) = self.cache\n"
                "        with ThreadPool(2) as pool:\n"
                "            assert len(pool.map(np.sum, list(windows))) == batch\n",
            )
        ),
        "uses multiprocessing.pool; the handout does not list it, but it is available during grading. But "
        "multiprocessing has pools of threads, and starts no process",
    ),
    "asyncio in forward": Oddity(
        RELU,
        lambda text: (
            "import asyncio\n"
            + text.replace("self.cache = x > 0", "self.cache = asyncio.run(asyncio.sleep(0, x > 0))")
        ),
        "uses asyncio; the handout does not list it, but it is available",
    ),
    "a look at the machine on import": Oddity(
        RELU,
        head(
            "import os, socket, subprocess\n"
            "HERE, HOST = os.listdir(os.path.dirname(os.path.abspath(__file__))), socket.gethostname()\n"
            "try:\n    subprocess.check_output(['nvidia-smi'])\nexcept FileNotFoundError:\n    pass"
        ),
        "subprocess starts no program (FileNotFoundError)",
    ),
    "a document of 50 KiB": Oddity(RELU, head('"""' + "notes " * 8000 + '"""')),
    # values
    "float32": Oddity(RELU, swap(OUT, "        return out.astype(np.float32)\n")),
    "float16 where it is exact": Oddity(
        POOL,
        swap("self.cache = (winners", "winners = winners.astype(np.uint8)\n        self.cache = (winners"),
    ),
    "lists instead of arrays": Oddity(RELU, swap("self.dx = dx", "self.dx = dx.tolist()")),
    "the other byte order": Oddity(RELU, swap("self.dx = dx", "self.dx = dx.astype('>f8')")),
    "a subclass of arrays": Oddity(
        RELU,
        lambda text: (
            text.replace("self.dx = dx", "self.dx = dx.view(Named)")
            .replace(OUT, "        return out.view(Named)\n")
            .replace("class ReLU", "class Named(np.ndarray):\n    name = None\n\n\nclass ReLU")
        ),
    ),
    "longdouble": Oddity(LINEAR, swap("self.dw = flat", "self.dw = flat.astype(np.longdouble)")),
    "read-only arrays": Oddity(RELU, swap(OUT, "        out.flags.writeable = False\n" + OUT)),
    "arrays that are not contiguous": Oddity(
        RELU, swap("self.dx = dx", "self.dx = np.asfortranarray(np.repeat(dx, 2, axis=0))[::2]")
    ),
    "the loss as an array without axes": Oddity(
        NET, swap("return probs, loss", "return probs, (x * 0).sum() + loss")
    ),
    "the pair as a list": Oddity(NET, swap("return probs, loss", "return [probs, loss]")),
    "seven nested loops": Oddity(CONV, lambda text: SEVEN_LOOPS),
    "weights changed in place, velocities kept on the layers": Oddity(SGD, lambda text: IN_PLACE),
    "slow, but not too slow": Oddity(RELU, swap(OUT, "        sum(range(3 * 10**6))\n" + OUT)),
    # broken, and fair: only its own component
    "a file that does not parse": Oddity(RELU, tail("def broken(:"), "does not parse", keeps=""),
    "a conflict that was never resolved": Oddity(
        RELU, head("<<<<<<< HEAD"), "modules/relu.py:1 does not parse", keeps=""
    ),
    "a notebook's magic": Oddity(RELU, head("%load_ext autoreload"), "does not parse", keeps=""),
    "a backward that was not written": Oddity(
        RELU, swap("        passed = self.cache\n", "        raise NotImplementedError\n"), keeps="forward"
    ),
}
