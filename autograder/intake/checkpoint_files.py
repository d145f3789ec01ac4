"""Checkpoints out of a zip or folder: found under the names that people give them, read under a limit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.core.manifest import SOURCES, Intake, Part
from autograder.core.student_text import shown
from autograder.core.weights import weights_components
from autograder.intake.checkpoint_content import problem_of
from autograder.intake.entries import MIB, UNREADABLE, Entry, reason

NOTE_BYTES = 4096
SUFFIXES = (".pth.tar", ".pth", ".pt", ".ckpt")


@dataclass(frozen=True)
class CheckpointFile:
    """One checkpoint as it came in; `problem` says why it is not given to a worker, and is empty if it is.

    `found` is its path where that is not the one which was asked for. `trained_on` is what the note beside it
    says, by the name of a source of images; "" if there is no note, or it is on another file.
    """

    content: bytes
    problem: str = ""
    found: str = ""
    trained_on: str = ""

    @property
    def digest(self) -> str:
        """Return the sha256 (hex) of its content."""
        return hashlib.sha256(self.content).hexdigest()


def read_checkpoints(
    entries: Mapping[str, Entry],
    *,
    part: Part,
    prefix: str,
    intake: Intake,
    unusable: Mapping[str, str] | None = None,
) -> dict[str, CheckpointFile]:
    """Read the checkpoints of `part` below `prefix` among the `entries` of an open archive, by file.

    A file that cannot be used is returned with its problem; of those that are `unusable` it is known already.
    Upper or lower case in a name does not count; where a file is missing, one of a like name is taken
    (`two_layer_net.pt`), if there is one only.
    """
    limit = int(part.test_set.file_mib if part.test_set else intake.file_mib) * MIB
    wanted = [component.file for component in weights_components(part)]
    if not wanted:
        return {}
    names = [
        name.removeprefix(prefix)
        for name in entries
        if name.startswith(prefix) and name.casefold().endswith(SUFFIXES)
    ]
    refused = {
        name: CheckpointFile(b"", f"{why}; put the file itself in")
        for name in wanted
        if (why := (unusable or {}).get(prefix + name))
    }
    wanted = [name for name in wanted if name not in refused]
    chosen = _choose(wanted, names)
    missing = _missing(wanted, chosen, names)
    return (
        refused
        | missing
        | {name: _noted(entries, prefix, name, found, limit) for name, found in chosen.items()}
    )


def _choose(wanted: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Map each wanted path to the one that is meant: the same, but for case, or one of a like name."""
    chosen: dict[str, str] = {}
    for alike in (str, str.casefold, _core):
        for name in (name for name in wanted if name not in chosen):
            found = [other for other in names if alike(other) == alike(name) and other not in chosen.values()]
            if len(found) == 1:
                chosen[name] = found[0]
    return chosen


def _missing(
    wanted: Sequence[str], chosen: Mapping[str, str], names: Sequence[str]
) -> dict[str, CheckpointFile]:
    """Return the files that are not there but may be: others lie in the folder where they should."""
    found = {}
    for name in (name for name in wanted if name not in chosen):
        folder = name.rpartition("/")[0]
        others = [
            other for other in names if other.rpartition("/")[0] == folder and other not in chosen.values()
        ]
        if others:
            meant = " or ".join(shown(other) for other in others[:3])
            problem = f"is not in the submission. If {meant} is meant, rename it to {name}"
            found[name] = CheckpointFile(b"", problem)
    return found


def _core(name: str) -> str:
    """Return what counts of a file's name where folder, suffix and separators differ.

    >>> _core("checkpoints/Two_Layer-Net.pth.tar"), _core("resnet-32.pt")
    ('twolayernet', 'resnet32')
    """
    bare = name.rpartition("/")[2].casefold()
    suffix = next((suffix for suffix in SUFFIXES if bare.endswith(suffix)), "")
    return re.sub(r"[^a-z0-9]", "", bare.removesuffix(suffix))


def _noted(entries: Mapping[str, Entry], prefix: str, name: str, found: str, limit: int) -> CheckpointFile:
    """Read the file that was `found` for `name`, and the note beside it."""
    file = replace(_read(entries[prefix + found], limit), found="" if found == name else found)
    note = entries.get(f"{prefix}{found.rpartition('.')[0]}.json")
    return replace(file, trained_on=_trained_on(note, file.digest)) if note is not None else file


def _trained_on(note: Entry, digest: str) -> str:
    """Return the source of images that a `note` names, if it is on the file with this sha256; else ""."""
    try:
        table = json.loads(b"".join(note.chunks())) if note.size <= NOTE_BYTES else None
    except (*UNREADABLE, ValueError, RecursionError):
        return ""
    if not isinstance(table, dict) or table.get("sha256") != digest:
        return ""
    return table["trained_on"] if table.get("trained_on") in SOURCES else ""


def _read(entry: Entry, limit: int) -> CheckpointFile:
    too_large = f"has more than the {limit // MIB} MiB that a checkpoint may have; hand in a smaller network"
    if entry.size > limit:
        return CheckpointFile(b"", too_large)
    content = bytearray()
    try:
        for chunk in entry.chunks():
            content += chunk
            if len(content) > limit:
                return CheckpointFile(b"", too_large)
    except UNREADABLE as error:
        return CheckpointFile(b"", f"is damaged ({reason(error)}); make the zip again")
    whole = bytes(content)
    return CheckpointFile(whole, problem_of(whole))


def digests(files: Mapping[str, CheckpointFile]) -> dict[str, str]:
    """Return the sha256 of each file that could be read."""
    return {name: file.digest for name, file in files.items() if file.content}
