"""Orders between the host and the fork server: [4 bytes length, JSON], with descriptors beside the length.

    {"do": "fork", "id": 1} + line, stdout, stderr      no answer; the worker says hello on its line
    {"do": "end", "id": 1, "answer": true, "grace": 0}  {"status": ..., "was_killed": ...}, once it is gone

Both sides are ours; student code never sees this socket.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

DESCRIPTORS = 3  # of a fork order: the line, stdout, stderr


def send_message(control: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one order or answer, with descriptors beside it. Raises OSError if the other side is gone."""
    text = json.dumps(message).encode()
    content = struct.pack(">I", len(text)) + text
    if descriptors:
        sent = socket.send_fds(control, [content], descriptors)
        content = content[sent:]
    control.sendall(content)


def receive_message(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return the next message and its descriptors, or None if the other side has hung up."""
    head, descriptors, _, _ = socket.recv_fds(control, 4, DESCRIPTORS)
    head += _receive(control, 4 - len(head)) if head else b""
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    text = _receive(control, length)
    return (json.loads(text), descriptors) if len(text) == length else None


def _receive(control: socket.socket, count: int) -> bytes:
    """Return `count` bytes, or fewer where the other side hangs up."""
    content = b""
    while len(content) < count:
        more = control.recv(count - len(content))
        if not more:
            break
        content += more
    return content
