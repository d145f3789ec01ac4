"""The folder of a lab's experiment: what was measured, once, and the tables and figures made of it.

runs/<lab>/results.json      settings, machine, and every measured value, rewritten after each
runs/<lab>/*.md, *.png       tables and figures
runs/<lab>/states/*.pth      trainings, epoch by epoch
"""

import json
import platform
import sys
import time
from pathlib import Path

import torch
from training.run import replacing


class Experiment:
    """What is measured is kept: stopped and started again, an experiment continues where it stopped.

    run = Experiment("runs/robustness", settings)
    clean = run.measure("clean accuracy, seed 0", lambda: accuracy_of(model, test))
    """

    def __init__(self, folder, settings):
        """Open the folder; results of other settings are set aside as `<folder>.previous`."""
        self.folder, self.settings = Path(folder), json.loads(json.dumps(settings))
        self.measured = {}
        known = self._known()
        if known.get("settings") == self.settings:
            self.measured = known["measured"]
        elif self.folder.exists():
            self._set_aside()
        (self.folder / "states").mkdir(parents=True, exist_ok=True)
        self._write()

    def measure(self, key, function):
        """Return what `function()` returned under this key, now or before; it must be a value of JSON."""
        if key in self.measured:
            say(f"{key}: kept from before")
        else:
            say(f"{key} …")
            start = time.perf_counter()
            value = function()
            seconds = round(time.perf_counter() - start, 2)
            self.measured[key] = {"value": value, "seconds": seconds}
            self._write()
            say(f"{key}: {seconds:.1f} s")
        return self.measured[key]["value"]

    def state_path(self, key):
        """Return where the training called `key` keeps its state."""
        name = "".join(letter if letter.isalnum() else "-" for letter in key)
        return self.folder / "states" / f"{name}.pth"

    def write_table(self, name, header, rows, *, caption=""):
        """Write <name>.md, a Markdown table, and return it; the first column is text, the others numbers."""
        text = markdown_table(header, rows)
        with replacing(self.folder / f"{name}.md") as stream:
            stream.write((f"{caption}\n\n{text}" if caption else text).encode())
        return text

    def write_figure(self, name, figure):
        """Write <name>.png."""
        with replacing(self.folder / f"{name}.png") as stream:
            figure.savefig(stream, format="png", dpi=120)

    def _known(self):
        path = self.folder / "results.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            raise ValueError(
                f"{path}: expected JSON, but the file is damaged; move its folder away."
            ) from None

    def _set_aside(self):
        aside = self.folder.with_name(f"{self.folder.name}.previous")
        number = 2
        while aside.exists():
            aside = self.folder.with_name(f"{self.folder.name}.previous-{number}")
            number += 1
        self.folder.rename(aside)
        say(f"{self.folder} was made with other settings; it is now {aside.name}, and this run starts over.")

    def _write(self):
        content = {"settings": self.settings, "machine": machine(), "measured": self.measured}
        with replacing(self.folder / "results.json") as stream:
            stream.write((json.dumps(content, indent=2) + "\n").encode())


def markdown_table(header, rows):
    """Return a Markdown table.

    >>> print(markdown_table(("net", "accuracy"), [("a", 0.5)]), end="")
    | net | accuracy |
    | --- | ---: |
    | a | 0.5 |
    """
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in (header, rule, *rows))


def machine():
    """Return what numbers depend on beside the settings."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "processor": platform.processor() or platform.machine(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "",
    }


def say(line):
    """Tell how far the experiment is; tables go to standard output, this does not."""
    print(line, file=sys.stderr, flush=True)
