"""How fast is the model answer's convolution? It against torch's, and the seven loops against both.

    python benchmarks/conv2d.py              print the tables
    python benchmarks/conv2d.py --write      and refresh benchmarks/conv2d.md

One thread, float32, best of several runs. Backward is everything: dx, dw and db; for torch one call of
autograd on a graph that is kept. The loops run on one image and one filter, and their time is scaled: their
cost is proportional to images and to filters.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from measuring import seven_loops
from measuring.clock import best, processor, run_on_one_thread

HERE = Path(__file__).resolve().parent
SOLUTION = HERE.parent / "autograder" / "solutions" / "part1_convnet" / "modules" / "convolution.py"
TABLE = HERE / "conv2d.md"
LIMIT = 4.0  # times torch

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Setup:
    """One shape: N images of C channels and H x H pixels, F filters of K x K, stride s, padding p."""

    N: int
    C: int
    H: int
    F: int
    K: int
    s: int
    p: int

    @property
    def side(self) -> int:
        """Return the side of the output, in pixels."""
        return (self.H + 2 * self.p - self.K) // self.s + 1


SETUPS = (
    Setup(8, 3, 32, 8, 3, 1, 1),
    Setup(64, 32, 32, 64, 3, 1, 1),
    Setup(64, 3, 32, 32, 7, 1, 0),
    Setup(32, 64, 16, 128, 3, 1, 1),
    Setup(32, 64, 17, 64, 3, 2, 1),
)


@dataclass(frozen=True)
class Times:
    """Seconds of one shape, forward and backward, by who did the work."""

    setup: Setup
    torch: tuple[float, float]
    solution: tuple[float, float]
    loops: tuple[float, float]


def draw(setup: Setup) -> tuple[Floats, Floats, Floats, Floats]:
    """Draw x, weight, bias and dout in float32."""
    rng = np.random.default_rng(0)
    shapes = (
        (setup.N, setup.C, setup.H, setup.H),
        (setup.F, setup.C, setup.K, setup.K),
        (setup.F,),
        (setup.N, setup.F, setup.side, setup.side),
    )
    x, weight, bias, dout = (rng.standard_normal(shape).astype(np.float32) for shape in shapes)
    return x, weight, bias, dout


def time_solution(setup: Setup, layer_class: Any, *, repeats: int) -> tuple[float, float]:
    """Time the model answer; check first that it agrees with torch, for a wrong answer has no speed."""
    x, weight, bias, dout = draw(setup)
    layer = layer_class(setup.C, setup.F, setup.K, setup.s, setup.p)
    layer.weight, layer.bias = weight, bias
    tensors = [torch.from_numpy(array) for array in (x, weight, bias)]
    expected = torch.nn.functional.conv2d(tensors[0], tensors[1], tensors[2], setup.s, setup.p)
    np.testing.assert_allclose(layer.forward(x), expected.numpy(), rtol=1e-3, atol=1e-2)
    forward = best(lambda: layer.forward(x), repeats=repeats)
    return forward, best(lambda: layer.backward(dout), repeats=repeats)


def time_torch(setup: Setup, *, repeats: int) -> tuple[float, float]:
    """Time torch.nn.functional.conv2d without a graph, and its backward on a graph that is kept."""
    x, weight, bias, dout = (torch.from_numpy(array) for array in draw(setup))
    conv = torch.nn.functional.conv2d
    with torch.no_grad():
        forward = best(lambda: conv(x, weight, bias, setup.s, setup.p), repeats=repeats)
    inputs = [tensor.requires_grad_() for tensor in (x, weight, bias)]
    out = conv(x, weight, bias, setup.s, setup.p)
    backward = best(lambda: torch.autograd.grad(out, inputs, dout, retain_graph=True), repeats=repeats)
    return forward, backward


def time_loops(setup: Setup) -> tuple[float, float]:
    """Time the loops on one image and one filter, times N * F: their cost is proportional to both."""
    x, weight, bias, dout = draw(setup)
    x, weight, bias, dout = x[:1], weight[:1], bias[:1], dout[:1, :1]
    share = setup.N * setup.F
    forward = best(lambda: seven_loops.forward(x, weight, bias, setup.s, setup.p), repeats=1)
    backward = best(lambda: seven_loops.backward(x, weight, dout, setup.s, setup.p), repeats=1)
    return forward * share, backward * share


def load_solution() -> Any:
    """Return the class Conv2D of the solution file, which needs NumPy only."""
    spec = importlib.util.spec_from_file_location("convolution", SOLUTION)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"conv2d benchmark: expected the solution in {SOLUTION}, found none.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Conv2D


def measure(*, repeats: int) -> list[Times]:
    """Time all shapes."""
    torch.set_num_threads(1)
    layer_class = load_solution()
    return [
        Times(
            setup,
            time_torch(setup, repeats=repeats),
            time_solution(setup, layer_class, repeats=repeats),
            time_loops(setup),
        )
        for setup in SETUPS
    ]


def table(times: list[Times], direction: int) -> list[str]:
    """Return the Markdown table of one direction, 0 forward or 1 backward."""
    lines = [
        "| N, C, H = W, F, K, s, p | torch, ms | solution, ms | ratio | seven loops (scaled), s | ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in times:
        base, ours, loops = row.torch[direction], row.solution[direction], row.loops[direction]
        shape = ", ".join(str(value) for value in vars(row.setup).values())
        lines.append(
            f"| {shape} | {1e3 * base:.2f} | {1e3 * ours:.2f} | {ours / base:.2f} "
            f"| {loops:.1f} | {loops / base:,.0f} |"
        )
    return lines


def report(times: list[Times], *, repeats: int) -> str:
    """Return the whole page."""
    worst = max(row.solution[d] / row.torch[d] for row in times for d in (0, 1))
    facts = (
        f"{processor()}, one thread; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"torch {torch.__version__}; float32, best of {repeats}."
    )
    note = (
        "The seven loops ran on one image and one filter, and their time was multiplied by N * F, to which "
        "it is proportional: nobody waited for the rest."
    )
    verdict = f"Slowest against torch: {worst:.2f} times; the limit that we set is {LIMIT:g}."
    lines = ["# Conv2D: the solution against torch and against loops", "", facts, "", note, "", verdict]
    for direction, title in enumerate(("Forward", "Backward (dx, dw and db)")):
        lines += ["", f"## {title}", "", *table(times, direction)]
    return "\n".join([*lines, "", "Made by `python benchmarks/conv2d.py --write`.", ""])


def main() -> None:
    """Read the options, measure, print, and write the page where asked to."""
    parser = argparse.ArgumentParser(description="Time the solution's Conv2D against torch and plain loops.")
    parser.add_argument("--repeats", type=int, default=9, help="take the best of so many runs (default: 9)")
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    run_on_one_thread()
    page = report(measure(repeats=options.repeats), repeats=options.repeats)
    print(page)
    if options.write:
        TABLE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
