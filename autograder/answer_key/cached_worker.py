"""One set of our own answers and its replies to cases, from the cache or computed by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from autograder.core.manifest import Part
from autograder.core.model import Case, Reply
from autograder.worker.grader_side.host import Worker, WorkerHost
from autograder.workspace import workspace


class CachedWorker:
    """Reply to cases out of `known` (name → reply), and by a worker where that lacks one; `used` collects all
    that was replied.

    Args: content  the hash under which this set of answers is known: names are `<content>/<case key>`.
    """

    def __init__(
        self,
        host: WorkerHost,
        part: Part,
        files: tuple[Mapping[str, bytes], Mapping[str, bytes]],
        content: str,
        known: Mapping[str, Reply],
    ) -> None:
        self._host, self._part, self._files = host, part, files
        self._content, self._known = content, known
        self._resources = ExitStack()
        self._folder: Path | None = None
        self._worker: Worker | None = None
        self.used: dict[str, Reply] = {}

    def __enter__(self) -> CachedWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is not None:
            self._worker.close()
        self._resources.close()

    def ask(self, case: Case) -> Reply:
        """Return the reply to `case`."""
        name = f"{self._content}/{case.key}"
        if name not in self.used:
            self.used[name] = self._known.get(name) or self._ask_worker(case)
        return self.used[name]

    def _ask_worker(self, case: Case) -> Reply:
        if self._folder is None:
            self._folder = self._resources.enter_context(workspace(*self._files))
        if self._worker is None or not self._worker.alive:
            self._worker = self._host.open(self._folder, allowed_imports=self._part.worker_imports)
        return self._worker.ask(case, seconds=self._part.limits.test_seconds)
