"""What may be in a checkpoint: looked through without running a line of it, before any worker sees it."""

from __future__ import annotations

import io
import itertools
import pickletools
import re
import zipfile
from collections.abc import Iterator

from autograder.core.student_text import shown
from autograder.intake.entries import MIB, UNREADABLE, reason

SAVE = "save it with torch.save(model.state_dict(), path)"
MEMBERS = 4000
PICKLE_MIB = 2
OPERATIONS = 400_000  # of a pickle; a tensor takes about 25, and reading a million takes seconds
LARGEST_LISTED = 3
OLD_FORMAT = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # the magic number of torch before 1.6, as a pickle
OLD_PICKLES = 5  # of a file in it: magic number, version, system, the thing itself, names of the storages
MEMBER = re.compile(
    r"[^/]+/(data\.pkl|version|byteorder|\.format_version|\.storage_alignment|\.data/serialization_id|data/\d+)"
)
HARMLESS = re.compile(
    r"(__builtin__|builtins) set|collections (OrderedDict|Counter)"
    r"|torch [A-Za-z0-9]*(Storage|Size|dtype)|torch [a-z]+\d+|torch device"
    r"|torch\._utils _rebuild_(tensor_v2|parameter)|torch\.serialization _get_layout"
    r"|numpy(\._core|\.core)?\.multiarray (scalar|_reconstruct)|numpy (dtype|ndarray)|_codecs encode"
)


def problem_of(content: bytes) -> str:
    """Say why `content` is no state_dict that may be loaded; "" if nothing speaks against it.

    Looks at the zip's directory and, without running it, at the pickle inside. A torch checkpoint is a zip
    of plain stored members: a file packed otherwise is something else.
    """
    if not content.startswith((b"PK\x03\x04", OLD_FORMAT)):
        return _why_no_zip(content)
    if content.startswith(b"PK") and content.count(b"PK\x01\x02") > MEMBERS:
        return f"holds more than {MEMBERS} members; {SAVE}"
    try:
        if content.startswith(OLD_FORMAT):
            return _odd_pickles(io.BytesIO(content), OLD_PICKLES)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _odd_members(archive, len(content)) or _odd_data(archive)
    except (*UNREADABLE, KeyError) as error:
        return f"is damaged or truncated ({reason(error)}); copy it or save it again"


def _why_no_zip(content: bytes) -> str:
    if not content:
        return f"is empty (0 bytes); {SAVE}"
    if content.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return f"is a pickle that torch did not write, which could run code, so it is not read; {SAVE}"
    if content[8:10] == b'{"' and content[2:8] == bytes(6):
        return f"is a safetensors file, which is not read here; {SAVE}"
    if content.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS and not the file itself; run `git lfs pull`, then collect again"
    return f"is not a torch checkpoint; {SAVE}"


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
        return f"claims to contain more bytes than it has; {SAVE}"
    return ""


def _odd_data(archive: zipfile.ZipFile) -> str:
    name = next((name for name in archive.namelist() if name.endswith("/data.pkl")), None)
    if name is None:
        return f"lacks data.pkl; {SAVE}"
    if archive.getinfo(name).file_size > PICKLE_MIB * MIB:
        return f"has a data.pkl of more than {PICKLE_MIB} MiB; {SAVE}"
    return _odd_pickles(io.BytesIO(archive.read(name)), 1)


def _odd_pickles(stream: io.BytesIO, count: int) -> str:
    """Read which classes and functions so many pickles in a row name, without running them."""
    left = itertools.repeat(None, OPERATIONS)
    odd = (found for _ in range(count) for found in _globals(stream, left) if not HARMLESS.fullmatch(found))
    first = list(itertools.islice(odd, LARGEST_LISTED))
    if not first and next(left, 0) == 0:
        return f"has a pickle of more than {OPERATIONS:,} steps; {SAVE}"
    if not first:
        return ""
    listed = ", ".join(shown(found.replace(" ", ".")) for found in dict.fromkeys(first))
    if all(found == "stack_global" for found in first):
        return f"names classes as only newer pickles do, and was not loaded; {SAVE}, without pickle_protocol"
    if first[0].startswith(("models", "torch.nn.", "__main__", "my_model", "solver")):
        return f"contains a whole model ({listed}) instead of its weights; {SAVE}"
    return f"refers to code ({listed}) and was not loaded; {SAVE}"


def _globals(stream: io.BytesIO, left: Iterator[None]) -> Iterator[str]:
    """Yield what one pickle names; stop where no steps are `left`."""
    for (operation, argument, _), _ in zip(pickletools.genops(stream), left, strict=False):
        if operation.name == "GLOBAL":
            yield str(argument)
        elif operation.name in ("STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"):
            yield f"{operation.name.lower()} {argument or ''}".strip()
