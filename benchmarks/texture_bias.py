"""Which cue do networks follow, by the images that they were trained on? The lab's own experiment.

    python benchmarks/texture_bias.py             run it and print the page
    python benchmarks/texture_bias.py --write     and refresh benchmarks/texture_bias.md

The reference answers of the lab train its networks, as `python -m labs.texture_bias` does; the page has its
tables. `--out` keeps the experiment, so that the same command continues where it stopped.
"""

from __future__ import annotations

import argparse
import importlib
import json
import tempfile
from pathlib import Path
from typing import Any

from measuring.clock import processor
from measuring.solved import lay_out

TABLES = ("bias", "classes", "corruptions")


def page(out: Path, command: str) -> str:
    """Return the page from the results in `out`."""
    results: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    settings = results["settings"]
    images = "{train} training, {test} test and {conflicts} conflict images".format(**settings)
    training = "{seeds} seeds, {epochs} epochs of batches of {batch}".format(**settings)
    lines = ["# Shape or texture", ""]
    lines += [f"{processor()}, CPU; torch {results['machine']['torch']}; {images}; {training}."]
    lines += ["Mean and standard deviation over seeds; mCE is relative to the networks of plain images.", ""]
    for name in TABLES:
        lines.append((out / f"{name}.md").read_text(encoding="utf-8"))
    return "\n".join([*lines, f"Made by `{command}`.", ""])


def main() -> None:
    """Read the options, run the experiment, print the page, and write it where asked to."""
    parser = argparse.ArgumentParser(description="Train networks on plain and on stylised images.")
    parser.add_argument("--out", type=Path, help="keep the experiment in this folder")
    parser.add_argument("--write", action="store_true", help="refresh benchmarks/texture_bias.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), "texture_bias")
        out = (options.out or Path(folder) / "out").resolve()
        importlib.import_module("labs.texture_bias.__main__").main(["--device", "cpu", "--out", str(out)])
        text = page(out, "python benchmarks/texture_bias.py --write")
        if options.write:
            Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
