"""The host's control of the fork server: start it, order workers, have them killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.core.errors import HarnessError
from autograder.core.manifest import Limits
from autograder.worker.fork_server.orders import receive_message, send_message
from autograder.worker.grader_side.runtime import (
    RARE,
    Runtime,
    closing_folder,
    import_folders,
    readable_paths,
)
from autograder.worker.wall.sandbox import Bounds

START_SECONDS = 120.0
END_SECONDS = 30.0
GRACE_SECONDS = 0.5
PROJECT = Path(__file__).resolve().parents[3]
BOOT = """
import gc
gc.disable()
import json, sys
settings = json.loads(sys.argv[2])
sys.path[:] = [*filter(None, sys.path), settings["project"], *settings["packages"]]
from autograder.worker.fork_server.zygote import main
main(int(sys.argv[1]), settings)
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "USER": "student", "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}  # fmt: skip
# For a large process that forks often: a fork copies the table of its pages, and a fault fills one, so let
# them be large, too. A worker that writes to one has a copy of all of it: no good where memory is scarce.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


@dataclass(frozen=True)
class Death:
    """How a worker ended: its wait status (None if it was never there), and whether we killed it."""

    status: int | None
    was_killed: bool


class ForkServer:
    """One fork server process; its methods may be called from several threads."""

    def __init__(
        self, runtime: Runtime, limits: Limits, *, without: Sequence[str] = (), for_many: bool = False
    ) -> None:
        self.modules = frozenset(runtime.preload)
        has_large_pages = for_many and runtime.maps_much
        self._lock = threading.Lock()
        self._next_id = 0
        self._jail = tempfile.TemporaryDirectory(prefix="wall-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in stop)
        ours, theirs = socket.socketpair()
        try:
            os.chmod(self._jail.name, 0o555)
            settings = _settings(runtime, limits, jail=self._jail.name, without=without)
            settings["large_pages"] = has_large_pages
            environment = {**ENVIRONMENT, **(LARGE_PAGES if has_large_pages else {})}
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-s", "-c", BOOT, str(theirs.fileno()), json.dumps(settings)],
                pass_fds=[theirs.fileno()], env=environment, cwd="/", start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors,
            )  # fmt: skip
        except OSError as error:
            ours.close()
            self._errors.close()
            self._jail.cleanup()
            raise HarnessError(f"The fork server of the workers cannot be started: {error}.") from error
        finally:
            theirs.close()
        self._control = ours
        self._is_lost = False
        self._ready: dict[str, Any] | None = None

    def ready(self) -> Mapping[str, Any]:
        """Return what the fork server said when it had started: its layers and versions; wait for it once."""
        with self._lock:
            if self._ready is None:
                self._ready = self._receive(START_SECONDS)
            return self._ready

    def fork(self, descriptors: Sequence[int]) -> int:
        """Order a worker with the line, stdout and stderr as `descriptors`; return its id, at once."""
        self.ready()
        with self._lock:
            self._next_id += 1
            self._send({"do": "fork", "id": self._next_id}, descriptors)
            return self._next_id

    def end(self, worker: int) -> None:
        """Have a worker killed with its tree; do not wait for it."""
        with self._lock:
            self._send({"do": "end", "id": worker, "answer": False, "grace": 0})

    def end_and_wait(self, worker: int, *, expected: bool) -> Death:
        """Have a worker killed with its tree, and return how it died when all of it is gone.

        `expected` says that it seems to be dying by itself: it is then given a moment to do so.
        """
        with self._lock:
            grace = GRACE_SECONDS if expected else 0
            self._send({"do": "end", "id": worker, "answer": True, "grace": grace})
            return Death(**self._receive(END_SECONDS))

    def stop(self) -> None:
        """End all workers and the fork server; idempotent."""
        self._close_control()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        self._jail.cleanup()

    def _close_control(self) -> None:
        """Tell the fork server that this is the end, and wait for its own: `Popen.wait` sleeps too long."""
        with self._control, suppress(OSError):  # such as one that is lost, or was closed before
            self._control.settimeout(END_SECONDS)
            self._control.shutdown(socket.SHUT_WR)
            while self._control.recv(4096):
                pass

    @property
    def is_lost(self) -> bool:
        """Tell whether it ended, or did not answer."""
        return self._is_lost or self._process.poll() is not None

    def lost(self, why: str) -> HarnessError:
        """Return the error that says what became of the fork server, with the last lines it wrote."""
        self._is_lost = True
        return HarnessError(
            f"The fork server of the workers is lost ({why}); run `doctor`. {self.complaint()}"
        )

    def complaint(self) -> str:
        """Return the end of what the fork server wrote to its stderr."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 2000))
        text = self._errors.read().decode(errors="replace").strip()
        return f"It said: {text}" if text else "It said nothing."

    def _send(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        try:
            send_message(self._control, message, descriptors)
        except OSError as error:
            raise self.lost(str(error)) from None

    def _receive(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            received = receive_message(self._control)
        except OSError as error:
            raise self.lost(str(error)) from None
        finally:
            self._control.settimeout(None)
        if received is None:
            raise self.lost("it ended")
        return received[0]


def cpu_seconds(limits: Limits) -> int:
    """Return the processor time of one worker: no part of an honest submission comes near it."""
    return int(2 * limits.part_seconds + 10)


def _settings(runtime: Runtime, limits: Limits, *, jail: str, without: Sequence[str]) -> dict[str, Any]:
    bounds = Bounds(
        memory_mib=int(limits.memory_mib),
        file_mib=int(limits.file_mib),
        processes=int(limits.processes),
        cpu_seconds=cpu_seconds(limits),
        counts_mappings=not runtime.maps_much,
    )
    return {
        "runtime": runtime.name,
        "project": str(PROJECT),
        "packages": runtime.packages,
        "hide": [str(PROJECT), *runtime.hidden],
        "preload": runtime.preload,
        "rare": RARE,
        "closed": [folder for folder in import_folders(runtime.packages) if closing_folder(folder)],
        "readable": readable_paths(runtime.readable),
        "bounds": bounds._asdict(),
        "reply_bytes": int(limits.reply_mib * 1024 * 1024),
        "jail": jail,
        "without": list(without),
    }
