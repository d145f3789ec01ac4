"""Does a worker have the layers of the sandbox that it says it has? The kernel is asked, not the worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path


def is_confirmed(process: int, layers: Collection[str]) -> bool:
    """Compare the kernel's own account of a process with the layers it says it has applied.

    Raises OSError if the process is gone.
    """
    if sys.platform != "linux":
        return True
    lines = Path(f"/proc/{process}/status").read_text().split("\n")
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    uids = status["Uid"].split()
    own = len(set(uids)) == 1 and uids[0] not in ("0", str(os.getuid()))
    filtered = status.get("Seccomp") == "2" and status.get("NoNewPrivs") == "1"
    return (own or "uid" not in layers) and (filtered or "seccomp" not in layers)
