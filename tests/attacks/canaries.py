"""What an attack must not reach: a secret, a folder, a listener; and what must not outlive it: a process."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

ENVIRONMENT = "AUTOGRADER_CANARY"
PATIENCE = 10.0  # seconds for killed processes to be gone; they are told to go, and not waited for


@dataclass(frozen=True)
class Canaries:
    """One of each kind, and a grader (this process) that holds the secret in its memory and environment."""

    secret: str
    folder: Path  # writable by everybody, and found as it was left
    secret_file: Path  # mode 0600
    results: Path  # a results.json of somebody else, open to all
    local_socket: Path  # where datagrams are heard
    listeners: tuple[socket.socket, ...]

    def targets(self, project: Path) -> Mapping[str, object]:
        """Return what an attack is told: it need not search."""
        return {
            "SECRET_FILE": str(self.secret_file),
            "FOLDER": str(self.folder),
            "RESULTS": str(self.results),
            "PROJECT": str(project),
            "GRADER": os.getpid(),
            "PORT": self.listeners[0].getsockname()[1],
            "SOCKET": str(self.local_socket),
            "UDP_PORT": self.listeners[1].getsockname()[1],
            "ENVIRONMENT": ENVIRONMENT,
        }

    def disturbed(self) -> list[str]:
        """Return what was touched, in words; nothing where all is as it was left."""
        own = (self.results, self.local_socket)
        found = [f"{path.name} was written" for path in self.folder.iterdir() if path not in own]
        if not self.results.exists():
            return [*found, "results.json is gone"]
        if self.results.read_text() != "{}":
            found.append("results.json was changed")
        if oct(self.results.stat().st_mode) != "0o100666" or self.results.stat().st_mtime == 0:
            found.append("results.json has another mode or time")
        return found + [f"{kind} heard something" for kind in self._heard()]

    def _heard(self) -> list[str]:
        heard: dict[str, None] = {}
        for kind, listener in zip(("TCP", "UDP", "datagram"), self.listeners, strict=True):
            try:
                while True:  # until nothing more stands there
                    listener.accept()[0].close() if kind == "TCP" else listener.recv(1)
                    heard[kind] = None
            except BlockingIOError:
                continue
        return list(heard)

    def put_back(self) -> None:
        """Leave all as `set_out` did, whatever was done to it."""
        self._heard()
        for path in self.folder.iterdir():
            if path != self.local_socket:
                path.rmdir() if path.is_dir() else path.unlink()
        _write_results(self.results)

    def close(self) -> None:
        """Stop listening."""
        for listener in self.listeners:
            listener.close()


def set_out(folder: Path) -> Canaries:
    """Put the canaries into `folder`, and the secret into this process's environment."""
    secret = secrets.token_hex(16)
    os.environ[ENVIRONMENT] = secret
    open_folder = folder / "open"
    open_folder.mkdir()
    secret_file, results = folder / "secret", open_folder / "results.json"
    secret_file.write_text(secret)
    secret_file.chmod(0o600)
    _write_results(results)
    local_socket = open_folder / "socket"
    local = _listener(socket.SOCK_DGRAM, str(local_socket))
    local_socket.chmod(0o777)
    folder.chmod(0o755)  # what keeps an attack out must be the sandbox, and not the way there
    open_folder.chmod(0o777)
    return Canaries(
        secret,
        open_folder,
        secret_file,
        results,
        local_socket,
        (_listener(socket.SOCK_STREAM), _listener(socket.SOCK_DGRAM), local),
    )


def _write_results(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0o666)


def survivors(before: set[psutil.Process], *, patience: float = PATIENCE) -> list[str]:
    """Return the command lines of our descendants that were not there before, after waiting a while.

    The fork server adopts whatever a worker leaves behind, so nothing can leave this tree.
    """
    deadline = time.monotonic() + patience
    while (left := descendants() - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [str(process) for process in left]


def descendants() -> set[psutil.Process]:
    """Return the processes below this one."""
    return set(psutil.Process().children(recursive=True))


def _listener(kind: socket.SocketKind, path: str = "") -> socket.socket:
    """Listen on a port of this machine, or at the name `path`."""
    listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET, kind)
    listener.bind(path or ("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        listener.listen()
    listener.setblocking(False)
    return listener
