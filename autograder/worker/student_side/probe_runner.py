"""The worker's side of the sandbox: import a workspace, run probes on it, send arrays back.

Everything here shares a process with student code, which may read, patch or end it. So nothing here decides
anything: a reply holds arrays, and the grader checks every byte of it.
"""

from __future__ import annotations

import random
import socket
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from autograder.worker.probes import Array, ProbeInput
from autograder.worker.student_side import finder, own_files
from autograder.worker.student_side.faults import describe
from autograder.worker.student_side.importing import Importer
from autograder.worker.student_side.plain import NotPlain, in_words, to_plain
from autograder.worker.student_side.printing import Recorder
from autograder.worker.student_side.sources import Sources
from autograder.worker.wire import ALIGNMENT, Frame, Inbox, encode

LARGEST_CASE = 2**40
LARGE = 2**20  # bytes; an array from here on is handed on as it came, for two of it are too much memory


def run(line: socket.socket, *, reply_bytes: int, hello: Mapping[str, Any]) -> None:
    """Say hello, take the workspace, then answer one case after another until the line is cut."""
    frames = _frames(line)
    _send(line, hello, {})
    workspace = next(frames, None)
    if workspace is None:
        return
    runner = ProbeRunner(workspace, reply_bytes=reply_bytes)
    for frame in frames:
        if "case" in frame.header:
            _send(line, *runner.answer(frame))
        else:  # our own programs come one after another
            runner.end()
            runner = ProbeRunner(frame, reply_bytes=reply_bytes)


class ProbeRunner:
    """One workspace, ready to run probes on."""

    def __init__(self, workspace: Frame, *, reply_bytes: int) -> None:
        files = {path: content.tobytes() for path, content in workspace.arrays.items()}
        own_files.show(files)
        sources = Sources({path: content for path, content in files.items() if path.endswith(".py")})
        sources.remember_lines()
        settings = workspace.header
        self._importer = Importer(
            sources, allowed=settings["allowed"], skip=settings["skip"], rescue=settings["rescue"]
        )
        finder.install(self._importer)
        if "torch" in sys.modules:
            on_cpu = import_module("autograder.worker.student_side.on_cpu")
            on_cpu.apply_if_needed(sources.contents.values(), self._importer.remark)
        self._recorder = Recorder(sources.contents)
        self._reply_bytes = reply_bytes

    def end(self) -> None:
        """Forget the modules of this workspace."""
        self._importer.end()

    def answer(self, frame: Frame) -> tuple[dict[str, Any], dict[str, Array]]:
        """Run the probe that `frame` names; return the header and the arrays of the reply."""
        self._recorder.start()
        self._importer.begin()
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002  (student code draws from the global generator)
        arrays: dict[str, Array] = {}
        header: dict[str, Any] = {"case": frame.header["case"], "ending": "answered", "problems": {}}
        try:
            self._collect(frame, arrays, header["problems"])
        except BaseException as error:  # noqa: BLE001  (SystemExit is an answer, too)
            fault = describe(error, self._importer.sources.contents)
            header.update(ending=fault.ending, error=fault.as_header())
        header.update(remarks=self._importer.remarks, place=self._recorder.place)
        self._recorder.finish()
        return header, arrays

    def _collect(self, frame: Frame, arrays: dict[str, Array], problems: dict[str, str]) -> None:
        """Fill `arrays` and `problems` with what the probe yields, each value the moment it comes."""
        module, _, name = frame.header["probe"].partition(".")
        probe = getattr(import_module(f"autograder.worker.probes.{module}"), name)
        arrays_of_its_own = {
            key: value if value.nbytes >= LARGE and value.flags.writeable else value.copy()
            for key, value in frame.arrays.items()
        }
        given = ProbeInput(frame.header["settings"], arrays_of_its_own)
        room = self._reply_bytes
        for key, value in probe(self._importer.load, given):
            try:
                array = to_plain(value, limit_bytes=self._reply_bytes)
                room -= array.nbytes + ALIGNMENT
                if room < 0:
                    raise NotPlain(f"left out: the outputs are larger than {in_words(self._reply_bytes)}")
                arrays[key] = array
            except NotPlain as problem:
                problems[key] = str(problem)


def _frames(line: socket.socket) -> Iterator[Frame]:
    inbox = Inbox(LARGEST_CASE, writable=True)
    while count := line.recv_into(inbox.room()):
        frame = inbox.got(count)
        if frame is not None:
            yield frame


def _send(line: socket.socket, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    for piece in encode(header, arrays):
        line.sendall(piece)
