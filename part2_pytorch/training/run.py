"""The folder of a run: what it wrote, what it learned, and where it can go on after a break.

runs/<name>/settings.json     with what it was started
runs/<name>/metrics.jsonl     one line per epoch
runs/<name>/last.pth          everything that is needed to go on
runs/<name>/best.pth          the parameters to keep; best.json says what they were trained on
runs/<name>/curves.png, confusion.png, classes.md        from the first epoch on, half a minute old at most
checkpoints/<model>.pth       a copy of best.pth, to hand in together with the .json beside it
"""

import dataclasses
import json
import os
import tempfile
import time
from pathlib import Path

import torch

from .figures import draw_confusion, draw_curves, table_of_classes
from .provenance import note_on, note_path

SECONDS_BETWEEN_IMAGES = 30  # drawing takes half a second, a small network's epoch hardly more
FREE_TO_CHANGE = ("resume", "verbose", "device", "data_root", "path_prefix", "download", "checksums")


def run_name(settings):
    """Return the name of the run's folder: the one that is set, or one made of what matters most."""
    made = f"{settings.model}-{settings.data}-{settings.imbalance}-{settings.loss_type}".lower()
    return settings.name or made


def checkpoint_path(settings):
    """Return where the parameters to hand in go."""
    return Path(settings.path_prefix, "checkpoints", f"{settings.model.lower()}.pth")


def read_state(folder):
    """Return what is needed to go on with the run in `folder`, or None if there is none."""
    path = Path(folder, "last.pth")
    return torch.load(path, map_location="cpu", weights_only=True) if path.is_file() else None


def is_finished(folder, settings):
    """Tell whether the run in `folder` has these settings, and all of its epochs behind it."""
    state = read_state(folder)
    if state is None or settings_that_changed(folder, settings, state=state):
        return False
    return len(state["history"]) == settings.epochs and Path(folder, "classes.md").is_file()


def settings_that_changed(folder, settings, *, state=None):
    """Say in words how `settings` differ from those of the run in `folder`; "" if they do not."""
    state = state or read_state(folder)
    if state is None:
        return ""
    before, now = json.loads(state["settings"]), _plain(settings)
    free = set(FREE_TO_CHANGE)
    if settings.schedule == "steps" and settings.epochs >= len(state["history"]):
        free.add("epochs")
    changed = [name for name in now if name not in free and before.get(name, now[name]) != now[name]]
    return ", ".join(f"{name} was {before[name]}, is {now[name]}" for name in changed)


def _plain(settings):
    """Return the settings as JSON has them."""
    return json.loads(json.dumps(dataclasses.asdict(settings)))


class Run:
    """One run and its folder. A program that is killed loses the epoch it was in, and no other."""

    def __init__(self, folder, settings, class_names):
        """Know where things go; nothing is written yet."""
        self.folder, self.settings, self.class_names = Path(folder), settings, class_names
        self.confusion = None
        self.next_images = 0.0  # when they are due, by time.monotonic()

    def begin(self, model, optimizer):
        """Make the folder or, with `resume`, go back to where the last run of this name was.

        Returns: the history so far, a list with one dict per epoch.
        Raises:  ValueError if the run that is to go on was started with other settings.
        """
        if self.settings.resume and (self.folder / "last.pth").is_file():
            return self._restore(model, optimizer)
        self._set_aside()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write("settings.json", json.dumps(_plain(self.settings), indent=2) + "\n")
        return []

    def end_epoch(self, model, optimizer, history, confusion):
        """Store what an epoch gave: the parameters, if they are to be kept, the state, the metrics."""
        parameters = {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}
        accuracies = [entry["test_accuracy"] for entry in history]
        if not self.settings.save_best or accuracies[-1] > max([-1.0, *accuracies[:-1]]):
            self.confusion = confusion
            for path in (self.folder / "best.pth", checkpoint_path(self.settings)):
                save_atomically(parameters, path)
                write_atomically(note_on(path, self.settings, history), note_path(path))
        state = {
            "model": parameters,
            "optimizer": optimizer.state_dict(),
            "history": history,
            "confusion": self.confusion,
            "settings": json.dumps(_plain(self.settings)),
        }
        if len(history) == self.settings.epochs or time.monotonic() >= self.next_images:
            self._draw(history)
        save_atomically(state, self.folder / "last.pth")  # after the images: a run that is finished has them
        self._write_metrics(history)

    def finish(self):
        """Draw the images of a run that had no epoch left, should somebody have removed them."""
        if not (self.folder / "classes.md").is_file():
            self._draw(read_state(self.folder)["history"])

    def _draw(self, history):
        """Draw the curves and the confusion matrix, and write the table of classes."""
        with replacing(self.folder / "curves.png") as stream:
            draw_curves(history, stream)
        with replacing(self.folder / "confusion.png") as stream:
            draw_confusion(self.confusion, self.class_names, stream)
        self._write("classes.md", table_of_classes(self.confusion, self.class_names))
        self.next_images = time.monotonic() + SECONDS_BETWEEN_IMAGES

    def _restore(self, model, optimizer):
        state = read_state(self.folder)
        differences = settings_that_changed(self.folder, self.settings, state=state)
        if differences:
            raise ValueError(
                f"{self.folder}: expected the settings that the run was started with, but {differences}; "
                "restore them, give the new run another name, or omit resume to start from scratch."
            )
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        self.confusion = state["confusion"]
        self._write_metrics(state["history"])  # it may have been stopped between the two files
        return list(state["history"])

    def _set_aside(self):
        """Rename the folder of an earlier run of this name; of several, the latest is kept."""
        if (self.folder / "last.pth").is_file():
            previous = self.folder.with_name(self.folder.name + ".previous")
            if previous.is_dir():
                for path in previous.iterdir():
                    path.unlink()
                previous.rmdir()
            self.folder.rename(previous)

    def _write_metrics(self, history):
        self._write("metrics.jsonl", "".join(json.dumps(entry) + "\n" for entry in history))

    def _write(self, name, text):
        write_atomically(text, self.folder / name)


def save_atomically(value, path):
    """torch.save `value` to `path`: whole or, if the program is stopped, not at all."""
    with replacing(Path(path)) as stream:
        torch.save(value, stream)


def write_atomically(text, path):
    """Write `text` to `path`: whole or, if the program is stopped, not at all."""
    with replacing(Path(path)) as stream:
        stream.write(text.encode())


class replacing:
    """Open a file beside `path`, which takes its place when everything is written."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, self.draft = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=self.path.parent)
        self.stream = os.fdopen(handle, "wb")
        return self.stream

    def __exit__(self, kind, error, traceback):
        with self.stream:
            if kind is None:
                self.stream.flush()
                os.fsync(self.stream.fileno())
        if kind is None:
            os.chmod(self.draft, 0o644)
            os.replace(self.draft, self.path)
        else:
            os.unlink(self.draft)
