"""A made-up Gradescope machine: this system's programs in a root of its own, nothing of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gradescope.allowance import Allowance

SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "usr", "etc", "dev", "sys")
EMPTY = ("proc", "root", "tmp", "opt/autograder", "autograder/submission", "autograder/results")
ENTER = """
set -e
root=$1 venv=$2 python=$3; shift 3
for name in %s; do
    if [ -d "$root/$name" ] && [ ! -h "$root/$name" ]; then mount --rbind "/$name" "$root/$name"; fi
done
mount -t proc proc "$root/proc"
mount --bind "$venv" "$root/opt/autograder"
mount -o remount,bind,ro "$root/opt/autograder"
if [ -d "$root$python" ]; then mount --bind "$python" "$root$python"; fi
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin PIP_NO_INDEX=1 "$@" < /dev/null
""" % " ".join(SYSTEM)  # noqa: UP031  (the shell has braces of its own)


@dataclass(frozen=True)
class Run:
    """What one command in the container came to; `seconds` on the sandbox, `peak` in bytes."""

    code: int
    output: str
    seconds: float
    peak: int


class Container:
    """A folder that becomes the root of commands, each in mount and process namespaces of its own.

    In `/opt/autograder` stands the environment that these tests run in, read-only: setup.sh finds a Python.
    """

    def __init__(self, root: Path, allowance: Allowance) -> None:
        self.root, self.allowance = root, allowance
        for name in EMPTY:
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "tmp").chmod(0o1777)
        for folder in (root, root / "opt", root / "autograder"):
            folder.chmod(0o755)
        for name in SYSTEM:
            _mirror(Path("/", name), root / name)
        if not sys.base_prefix.startswith("/usr"):
            (root / sys.base_prefix.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def install(self, bundle: Path) -> None:
        """Unpack the bundle where Gradescope does."""
        source = self.root / "autograder" / "source"
        with zipfile.ZipFile(bundle) as archive:
            for entry in archive.infolist():
                archive.extract(entry, source)
                (source / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
        shutil.copy(source / "run_autograder", self.root / "autograder")

    def submit(self, files: Mapping[str, bytes], metadata: Mapping[str, Any]) -> None:
        """Lay out a submission as Gradescope does, and take away what an earlier one left."""
        home = self.root / "autograder"
        for name in ("submission", "results"):
            shutil.rmtree(home / name)
            (home / name).mkdir()
        for name, content in files.items():
            (home / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (home / "submission" / name).write_bytes(content)
        (home / "submission_metadata.json").write_text(json.dumps(metadata))

    def results(self) -> bytes:
        return (self.root / "autograder" / "results" / "results.json").read_bytes()

    def run(self, *command: str, seconds: float) -> Run:
        """Run `command` inside, as root; kill all of it after `seconds`."""
        waiting = ["sh", "-c", 'read -r go; exec "$@"', "sh"]  # until it stands under the allowance
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        inside = ["sh", "-c", ENTER, "sh", str(self.root), sys.prefix, sys.base_prefix, *command]
        started = time.monotonic()
        with subprocess.Popen(
            [*waiting, *unshare, *inside],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            try:
                self.allowance.started(process)
                output, _ = process.communicate("go\n", timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                output = process.communicate()[0] + f"\nkilled after {seconds} s"
        return Run(process.returncode, output, time.monotonic() - started, self.allowance.peak())


def is_possible() -> bool:
    """Tell whether this machine lets us make namespaces and mounts."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    command = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _mirror(original: Path, copy: Path) -> None:
    """Make a folder to mount `original` on, or the same link."""
    if original.is_symlink():
        if not copy.is_symlink():
            copy.symlink_to(os.readlink(original))
    elif original.is_dir():
        copy.mkdir(exist_ok=True)
