"""Standard output inside a worker: passes everything on, and remembers who wrote first."""

from __future__ import annotations

import io
import sys
from collections.abc import Collection
from types import FrameType


class Recorder(io.TextIOWrapper):
    """A text stream to descriptor 1; `place` is the first file of the workspace that wrote, and its line."""

    def __init__(self, files: Collection[str]) -> None:
        raw = io.FileIO(1, "w", closefd=False)
        super().__init__(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
        self._files = files
        self.place: tuple[str, int] | None = None

    def write(self, text: str) -> int:
        """Write `text`, and note the place where nobody wrote before."""
        if self.place is None and text:
            self.place = self._caller()
        return super().write(text)

    def start(self) -> None:
        """Forget the place, and be the standard output again, whatever student code put there."""
        self.place = None
        sys.stdout = self

    def finish(self) -> None:
        """Pass on what is buffered; a stream that student code closed has nothing left."""
        if not self.closed:
            self.flush()

    def _caller(self) -> tuple[str, int] | None:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                return frame.f_code.co_filename, frame.f_lineno
            frame = frame.f_back
        return None
