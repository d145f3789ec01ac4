"""Checkpoints out of a zip or folder: read under a limit, and looked through before any worker sees them."""

from __future__ import annotations

import hashlib
import io
import pickletools
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.checkpoints import checkpoint_components
from autograder.core.manifest import Intake, Part
from autograder.shell.entries import MIB, UNREADABLE, Entry, entries_of, reason, shown

SAVE = "save it by torch.save(model.state_dict(), path)"
MEMBERS = 4000
PICKLE_MIB = 4
MEMBER = re.compile(
    r"[^/]+/(data\.pkl|version|byteorder|\.format_version|\.storage_alignment|\.data/serialization_id|data/\d+)"
)
HARMLESS = re.compile(
    r"(__builtin__|builtins) set|collections OrderedDict"
    r"|torch [A-Za-z0-9]*(Storage|Size|dtype)|torch [a-z]+\d+|torch device"
    r"|torch\._utils _rebuild_(tensor_v2|parameter)|torch\.serialization _get_layout"
    r"|numpy(\._core|\.core)?\.multiarray (scalar|_reconstruct)|numpy (dtype|ndarray)|_codecs encode"
)


@dataclass(frozen=True)
class CheckpointFile:
    """One checkpoint as it came in; `problem` says why it is not given to a worker, and is empty if it is."""

    content: bytes
    problem: str = ""

    @property
    def digest(self) -> str:
        """Return the sha256 (hex) of its content."""
        return hashlib.sha256(self.content).hexdigest()


def read_checkpoints(path: Path, *, part: Part, prefix: str, intake: Intake) -> dict[str, CheckpointFile]:
    """Read the checkpoints of `part` below `prefix` of the zip or folder at `path`, by component file.

    A file that cannot be used is returned with its problem. Upper or lower case in a name does not count.
    """
    limit = int(part.extra.get("test_set", {}).get("file_mib", intake.file_mib)) * MIB
    wanted = {
        f"{prefix}{component.file}".casefold(): component.file for component in checkpoint_components(part)
    }
    found: dict[str, CheckpointFile] = {}
    if not wanted:
        return found
    with entries_of(path, intake) as entries:
        for entry in entries:
            name = wanted.get(entry.path.replace("\\", "/").removeprefix("./").casefold())
            if name is not None and entry.kind == "file":
                found[name] = _read(entry, limit)
    return found


def problem_of(content: bytes) -> str:
    """Say why `content` is no state_dict that may be loaded; "" where nothing speaks against it.

    Looks at the zip's directory and, without running it, at the pickle inside. A torch checkpoint is a zip
    of plain stored members: whoever packs them otherwise means something else.
    """
    if not content.startswith(b"PK\x03\x04"):
        return _why_no_zip(content)
    if content.count(b"PK\x01\x02") > MEMBERS:
        return f"holds more than {MEMBERS} members; {SAVE}"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _odd_members(archive, len(content)) or _odd_pickle(archive)
    except (*UNREADABLE, KeyError) as error:
        return f"is damaged or cut short ({reason(error)}); copy it or save it once more"


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
    return CheckpointFile(bytes(content), problem_of(bytes(content)))


def _why_no_zip(content: bytes) -> str:
    if not content:
        return f"is empty (0 bytes); {SAVE}"
    if content.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return (
            f"is a pickle of the old kind, which could run code and is not read; {SAVE}, torch 1.6 or newer"
        )
    if content.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS and not the file itself; run `git lfs pull`, then collect again"
    return f"is no checkpoint of torch; {SAVE}"


def _odd_members(archive: zipfile.ZipFile, size: int) -> str:
    members = archive.infolist()
    names = [member.orig_filename for member in members]
    odd = next((name for name in names if not MEMBER.fullmatch(name)), None)
    if odd is not None:
        return f"holds {shown(odd)}, which no state_dict does; {SAVE}"
    if len(set(names)) != len(names) or len({name.partition("/")[0] for name in names}) != 1:
        return f"holds members of the same name, or of more than one file; {SAVE}"
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 0x41 for member in members):
        return f"is packed or encrypted inside, which torch does not do; {SAVE}"
    if sum(member.file_size for member in members) > size:
        return f"claims to hold more bytes than it has; {SAVE}"
    return ""


def _odd_pickle(archive: zipfile.ZipFile) -> str:
    """Read which classes and functions the pickle names, without running it."""
    name = next((name for name in archive.namelist() if name.endswith("/data.pkl")), None)
    if name is None:
        return f"lacks data.pkl; {SAVE}"
    if archive.getinfo(name).file_size > PICKLE_MIB * MIB:
        return f"has a data.pkl of more than {PICKLE_MIB} MiB; {SAVE}"
    odd = [found for found in _globals(archive.read(name)) if not HARMLESS.fullmatch(found)]
    if not odd:
        return ""
    listed = ", ".join(shown(found.replace(" ", ".")) for found in dict.fromkeys(odd[:3]))
    if all(found.startswith(("models", "torch.nn", "__main__")) for found in odd):
        return f"holds a whole model ({listed}) and not its weights alone; {SAVE}"
    return f"names code ({listed}) and was not loaded; {SAVE}"


def _globals(pickle: bytes) -> Iterator[str]:
    for operation, argument, _ in pickletools.genops(pickle):
        if operation.name == "GLOBAL":
            yield str(argument)
        elif operation.name in ("STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"):
            yield f"{operation.name.lower()} {argument or ''}".strip()


def digests(files: Mapping[str, CheckpointFile]) -> dict[str, str]:
    """Return the sha256 of each file that could be read."""
    return {name: file.digest for name, file in files.items() if file.content}
