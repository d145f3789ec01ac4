"""Zips that no honest tool writes: refused in one sentence, or read as if the hostile part were not there."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
Make = Callable[[Files, Path], bytes]
MIB = 2**20
LINK = "autograder/solutions/part1_convnet/modules/relu.py"


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of `members` in their order; names may repeat, and hold anything."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that comes twice
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            archive.writestr(info, content, method)
    return stream.getvalue()


def besides(*members: tuple[str | zipfile.ZipInfo, bytes]) -> Make:
    """Return what packs the solution and `members` beside it."""
    return lambda files, folder: packed(*files.items(), *members)


def special(name: str, kind: int, content: bytes = b"") -> tuple[zipfile.ZipInfo, bytes]:
    """Return a member that is no plain file, such as a link (its content is the target)."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info, content


def lying(content: bytes, *, size: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with modules/relu.py alone, whose headers say that it unpacks to `size` bytes."""
    raw = bytearray(packed(("modules/relu.py", content), method=method))
    directory = raw.index(b"PK\x01\x02")
    raw[22:26] = raw[directory + 24 : directory + 28] = struct.pack("<I", size)
    return bytes(raw)


def instead_of_relu(kind: int, content: bytes = b"") -> Make:
    """Return what packs the solution with a member that is no plain file in place of modules/relu.py."""

    def make(files: Files, folder: Path) -> bytes:
        others = ((name, text) for name, text in files.items() if name != "modules/relu.py")
        return packed(*others, special("modules/relu.py", kind, content))

    return make


def linked(target: str) -> Make:
    """Return what packs the solution with a link in place of modules/relu.py."""
    return instead_of_relu(stat.S_IFLNK, target.encode())


def bomb(method: int) -> Make:
    """Return what packs the solution with a modules/relu.py that takes little room in the zip only."""
    return lambda files, folder: packed(
        *{**files, "modules/relu.py": bytes(100 * MIB)}.items(), method=method
    )


def encrypted(files: Files, folder: Path) -> bytes:
    """Return the solution with the flag of encryption set on modules/relu.py, its first member."""
    raw = bytearray(packed(*sorted(files.items(), key=lambda member: member[0] != "modules/relu.py")))
    directory = raw.index(b"PK\x01\x02")
    raw[6] |= 1
    raw[directory + 8] |= 1
    return bytes(raw)


def with_names_cut(files: Files, folder: Path) -> bytes:
    """Return a zip in which a zero byte hides what a name ends in."""
    raw = packed(*files.items(), ("modules/relu.py_.exe", b"MZ"))
    return raw.replace(b"modules/relu.py_.exe", b"modules/relu.py\0.exe")


def wrapped(content: bytes) -> bytes:
    """Return a zip that holds this one, and nothing else."""
    return packed(("inner.zip", content))


def overlapping(files: Files, folder: Path) -> bytes:
    """Return a zip whose two directory entries share the same bytes."""
    raw = packed(("modules/relu.py", b"x" * 100), ("modules/linear.py", b"y" * 100))
    second = raw.rindex(b"PK\x01\x02")
    return raw[: second + 42] + struct.pack("<I", 0) + raw[second + 46 :]


REFUSED: dict[str, tuple[Make, str]] = {
    "nothing": (lambda files, folder: b"", "is empty (0 bytes)"),
    "noise": (lambda files, folder: bytes(range(256)) * 64, "is not a zip"),
    "a zip cut off": (lambda files, folder: packed(*files.items())[:900], "its end is missing or damaged"),
    "a zip without files": (lambda files, folder: packed(), "holds no files"),
    "a path upwards": (besides(("../../../tmp/slipped.py", b"")), "points outside of the zip"),
    "an absolute path": (besides(("/tmp/slipped.py", b"")), "points outside of the zip"),
    "a path upwards with back-slashes": (besides(("..\\..\\slipped.py", b"")), "points outside of the zip"),
    "a drive": (besides(("C:\\Windows\\slipped.py", b"")), "points outside of the zip"),
    "a share": (besides(("\\\\server\\share\\slipped.py", b"")), "points outside of the zip"),
    "a name with a zero byte": (with_names_cut, "points outside of the zip"),
    "a comment full of ends": (
        lambda files, folder: packed(*files.items())[:-2] + b"\xff\xff" + (b"PK\5\6" * 2**14)[:-1],
        "its end is missing or damaged",
    ),
    "a bomb": (lambda files, folder: lying(b"", size=600 * MIB), "more than 512 MiB"),
    "a bomb that hides its size": (lambda files, folder: lying(bytes(100 * MIB), size=100), "damaged"),
    "a bomb by bzip2 that hides its size": (
        lambda files, folder: lying(bytes(200 * MIB), size=100, method=zipfile.ZIP_BZIP2),
        "is damaged",
    ),
    "a bomb by LZMA that hides its size": (
        lambda files, folder: lying(bytes(64 * MIB), size=100, method=zipfile.ZIP_LZMA),
        "is damaged",
    ),
    "one file too large": (
        lambda files, folder: packed(("modules/relu.py", bytes(9 * MIB))),
        "larger than the 8 MiB",
    ),
    "ten thousand files": (
        besides(*((f"data/{number}.py", b"") for number in range(10_000))),
        "more than 2000 files",
    ),
    "a hundred thousand files": (
        besides(*((f"{number}", b"") for number in range(100_000))),
        "more than 2000 files",
    ),
    "a zip in a zip in a zip in a zip in a zip": (
        lambda files, folder: wrapped(wrapped(wrapped(wrapped(packed(*files.items()))))),
        "contains none of the answer files",
    ),
    "a zip in a zip that is a bomb": (
        lambda files, folder: wrapped(lying(bytes(100 * MIB), size=100)),
        "damaged",
    ),
    "a zip in a zip that holds another's answers, too": (
        lambda files, folder: packed(
            ("a.zip", packed(*files.items())), ("b.zip", packed(("modules/relu.py", b"class ReLU: pass")))
        ),
        "holds different answers in a.zip and b.zip",
    ),
    "two sets of answers": (
        lambda files, folder: packed(
            *((f"{top}/{name}", content) for top in "ab" for name, content in files.items())
        ),
        "in more than one place",
    ),
}

# What may be one answer, and cannot be read as it is: it costs ReLU alone.
COSTLY: dict[str, tuple[Make, str]] = {
    "a link to the solution": (linked(f"../{LINK}"), "modules/relu.py is a link"),
    "a link to a file of the machine": (
        linked("/etc/shadow"),
        "modules/relu.py is a link that leads outside",
    ),
    "a device": (instead_of_relu(stat.S_IFCHR), "modules/relu.py is a special file"),
    "a pipe": (instead_of_relu(stat.S_IFIFO), "modules/relu.py is a special file"),
    "an encrypted file": (encrypted, "modules/relu.py is encrypted"),
    "a name twice": (besides(("modules/relu.py", b"class ReLU: pass")), "which one you mean"),
    "a name twice but for its case": (
        besides(("modules/ReLU.py", b"class ReLU: pass")),
        "which one you mean",
    ),
    "a name twice, by way of a dot": (
        besides(("modules/./relu.py", b"class ReLU: pass")),
        "which one you mean",
    ),
    "a name twice, by way of a back-slash": (
        besides(("modules\\relu.py", b"class ReLU: pass")),
        "which one you mean",
    ),
    "a bomb among the answers": (
        lambda files, folder: packed(*{**files, "modules/relu.py": bytes(100 * MIB)}.items()),
        "larger than the 8 MiB",
    ),
    "a bomb by bzip2 among the answers": (bomb(zipfile.ZIP_BZIP2), "larger than the 8 MiB"),
    "a bomb by LZMA among the answers": (bomb(zipfile.ZIP_LZMA), "larger than the 8 MiB"),
}

HARMLESS: dict[str, Make] = {
    "links in the place of other answers": besides(
        special(LINK, stat.S_IFLNK, b"/etc/shadow"), special("old/modules", stat.S_IFLNK, b"/"),
        special("modules/zero.py", stat.S_IFCHR), special("modules/pipe.py", stat.S_IFIFO),
    ),
    "links in a circle": besides(
        *(special(f"modules/{n}.py", stat.S_IFLNK, f"{(n + 1) % 900}.py".encode()) for n in range(900))
    ),
    "links to folders within folders": besides(
        *(special(f"{n}/modules", stat.S_IFLNK, f"../{n + 1}/modules".encode()) for n in range(200))
    ),
    "a name twice but for its spelling": besides(("modules/\u00e9.py", b""), ("modules/e\u0301.py", b"#")),
    "a library of the same name beside the answers": besides(
        *((f"{name}.py", b"raise SystemExit(1)") for name in ("numpy", "json", "os", "usercustomize"))
    ),
    "a library of the same name among the answers": besides(
        *((f"modules/{name}.py", b"raise SystemExit(1)") for name in ("numpy", "typing", "math"))
    ),
    "packages that run on import": besides(
        ("modules/__init__.py", b"raise SystemExit(1)"), ("optimizer/__init__.py", b"raise SystemExit(1)")
    ),
    "given files that answer for everybody": besides(
        ("modules/softmax_ce.py", b"raise SystemExit(1)"),
        ("optimizer/_base_optimizer.py", b"class _BaseOptimizer: pass"),
    ),
    "settings for the tools of the grader": besides(
        ("conftest.py", b"raise SystemExit(1)"),
        ("pytest.ini", b"[pytest]\naddopts = --co"),
        ("pyproject.toml", b"[tool.pytest.ini_options]\naddopts = '--co'"),
        ("sitecustomize.pth", b"import os; os._exit(1)"),
        ("assignment.toml", b"[policy]\nprints = 'warn'"),
    ),
    "bytecode of other source": besides(
        ("modules/__pycache__/relu.cpython-311.pyc", b"\xa7\r\r\n" + bytes(40)),
        ("modules/relu.pyc", b"\xa7\r\r\n" + bytes(40)),
        ("modules/relu.cpython-311-x86_64-linux-gnu.so", b"\x7fELF"),
    ),
    "results of its own": besides(
        ("results.json", b'{"score": 100}'),
        ("results/results.json", b'{"score": 100}'),
        ("metadata.json", b"{}"),
    ),
    "the grader itself": besides(
        ("autograder/grading/grade.py", b"def grade(*a, **k): raise SystemExit"),
        ("autograder/__init__.py", b"raise SystemExit(1)"),
        ("run_autograder", b"#!/bin/sh\nrm -rf /\n"),
    ),
    "names that are no names": besides(
        ("modules/\x1b[2J.py", b""), ("modules/<script>.py", b""), ("modules/" + "x" * 5000 + ".py", b""),
        ("modules/\u202eyp.vnoc", b""), ("modules/a\nb.py", b""), ("modules/{{7*7}}.py", b""),
    ),
    "a name too long for any disk": besides(("/".join(["deep"] * 2000) + "/relu.txt", b"")),
    "hundreds of megabytes of other sources": besides(
        *((f"modules/notes{number}.py", b"#" * (7 * MIB)) for number in range(25))
    ),
    "hundreds of megabytes of other answers": besides(
        *((f"old/{number}/modules/relu.py", b"#" * (7 * MIB)) for number in range(25))
    ),
    "links that lead elsewhere": besides(
        special("data", stat.S_IFLNK, b"/content/drive/MyDrive"), special("modules2", stat.S_IFLNK, b"/")
    ),
    "a path upwards to something else": besides(("../../../tmp/slipped.txt", b""), ("C: drive.txt", b"")),
    "ten thousand images": besides(*((f"data/{number}.png", b"") for number in range(10_000))),
    "something before the zip": lambda files, folder: b"#!/bin/sh\nexit 0\n" + packed(*files.items()),
}  # fmt: skip
