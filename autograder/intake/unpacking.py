"""Unpack one member of a zip, a bounded piece at a time, by every method that honest tools use.

`zipfile` bounds what it unpacks at once of deflate alone: a piece of 4 KiB by bzip2 or LZMA may be gigabytes.
So these two are unpacked here, with the same checks.
"""

from __future__ import annotations

import bz2
import copy
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TypeAlias

PIECE = 2**16  # bytes, packed or unpacked
DICTIONARY = 64 * 2**20  # bytes of LZMA's memory; 7-Zip's highest level takes as much
LOCAL_HEADER, NAME_LENGTH_AT, UTF8_NAME = 30, 26, 0x800  # before a member; and among its flags
READ_BY_ZIPFILE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
READ_HERE = (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
METHODS = {9: "deflate64", 93: "zstandard", 95: "xz"}  # those that are not read
Unpacker: TypeAlias = "bz2.BZ2Decompressor | lzma.LZMADecompressor"


def method_of(info: zipfile.ZipInfo) -> str:
    """Return "" for a member that can be unpacked, else what packed it."""
    if info.compress_type in READ_BY_ZIPFILE + READ_HERE:
        return ""
    return METHODS.get(info.compress_type, "an odd method")


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what the member unpacks to; raise BadZipFile, or what its method raises, where it is damaged."""
    if info.compress_type in READ_BY_ZIPFILE:
        with archive.open(_as_in_header(archive, info)) as member:
            while chunk := member.read(PIECE):
                yield chunk
        return
    checksum, size = 0, 0
    for chunk in _pieces(_packed(archive, info), _bz2 if info.compress_type == zipfile.ZIP_BZIP2 else _lzma):
        checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
        if size > info.file_size:
            raise zipfile.BadZipFile("it is longer than declared")
        yield chunk
    if checksum != info.CRC:
        raise zipfile.BadZipFile("its checksum is wrong")


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of the member as they are in the zip."""
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset)
    header = file.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("it does not start where it should")
    place = info.header_offset + LOCAL_HEADER + sum(struct.unpack_from("<HH", header, NAME_LENGTH_AT))
    left = info.compress_size
    while left > 0:
        file.seek(place)  # others may have read in the meantime
        chunk = file.read(min(PIECE, left))
        if not chunk:
            raise EOFError("it is cut off")
        place, left = place + len(chunk), left - len(chunk)
        yield chunk


def _pieces(packed: Iterator[bytes], start: Callable[[bytes], tuple[Unpacker, bytes]]) -> Iterator[bytes]:
    """Unpack, with the unpacker that the first bytes tell how to `start`; never more than a PIECE at once."""
    unpacker, waiting = start(next(packed, b""))
    while not unpacker.eof:
        chunk = unpacker.decompress(waiting, PIECE)
        waiting = b""
        if chunk:
            yield chunk
        if not chunk and not unpacker.needs_input:
            break
        if unpacker.needs_input:
            waiting = next(packed, b"")
            if not waiting:
                break
    if isinstance(unpacker, bz2.BZ2Decompressor) and not unpacker.eof:
        raise EOFError("it is cut off")  # LZMA in a zip need not say where it ends


def _bz2(first: bytes) -> tuple[Unpacker, bytes]:
    return bz2.BZ2Decompressor(), first


def _lzma(first: bytes) -> tuple[Unpacker, bytes]:
    """Read the settings before the data: two bytes of version, their size, then lc, lp and pb, and memory."""
    _, size, packed_settings, memory = struct.unpack_from("<HHBI", first)
    if size != 5 or packed_settings >= 9 * 5 * 5 or memory > DICTIONARY:
        raise lzma.LZMAError("settings that no regular tool writes")
    rest, lc = divmod(packed_settings, 9)
    pb, lp = divmod(rest, 5)
    settings = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(memory, 4096)}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings]), first[9:]


def _as_in_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return `info` with the name that stands before the member itself, which zipfile wants to be the same.

    IZArc and others write back-slashes in one of the two places, or another encoding.
    """
    assert archive.fp is not None
    archive.fp.seek(info.header_offset + NAME_LENGTH_AT)
    length, _ = struct.unpack("<HH", archive.fp.read(4))
    name = archive.fp.read(length)
    meant = copy.copy(info)
    meant.orig_filename = name.decode("utf-8" if info.flag_bits & UTF8_NAME else "cp437")
    return meant
