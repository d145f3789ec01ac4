"""The layer of what can be seen: a root folder that holds what workers may read, and no other name.

Landlock keeps a worker from opening other files; it can still ask whether they are there, how large they are
and when they changed. So the fork server, once for all its workers, makes its own mount namespace,
covers an empty folder by a small file system in memory and binds there, under their own names, the paths
that may be read. Workers take that folder for their root. It takes root, or user namespaces for everybody.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from autograder.worker.wall.prctl import libc_with_errno

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2


def build(root: str, readable: Iterable[str]) -> bool:
    """Cover the empty folder `root` with a view of the paths `readable`; say whether that could be done.

    Only this process and its children see it. It must have one thread as yet.
    """
    paths = sorted({name for path in readable for name in (path, os.path.realpath(path))})
    try:
        _leave_the_mounts_of_others()
        _mount("tmpfs", root, "tmpfs", MS_NOSUID, "mode=755,size=1m")
    except (OSError, AttributeError):
        return False
    try:
        _bind_all(root, paths)
        _mount(None, root, None, MS_REMOUNT | MS_RDONLY | MS_NOSUID)
    except OSError:
        libc_with_errno().umount2(os.fsencode(root), MNT_DETACH)
        return False
    return True


def _leave_the_mounts_of_others() -> None:
    """Enter its own mount namespace, by way of a user namespace where one is not root."""
    uid, gid = os.geteuid(), os.getegid()
    _unshare(CLONE_NEWNS if uid == 0 else CLONE_NEWUSER | CLONE_NEWNS)
    if uid != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _mount(None, "/", None, MS_REC | MS_PRIVATE)


def _bind_all(root: str, paths: Iterable[str]) -> None:
    """Bind `paths`, in order, below `root`; leave out what is not there or lies in one that is bound."""
    bound: list[str] = []
    for path in paths:
        if not os.path.exists(path) or any(path.startswith(f"{folder}/") for folder in bound):
            continue
        place = Path(root + path)
        if os.path.isdir(path):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        _mount(path, str(place), None, MS_BIND | MS_REC)
        bound.append(path)


def _unshare(flags: int) -> None:
    if libc_with_errno().unshare(ctypes.c_int(flags)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    if libc_with_errno().mount(*texts[:3], ctypes.c_ulong(flags), texts[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")
