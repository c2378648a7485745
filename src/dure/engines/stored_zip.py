"""A zip container of which every byte is decided by its contents.

Nouns: an *entry* is a path and its bytes. Law: two equal sets of entries give equal bytes, so a
reader can write the container again and find any edited byte, in headers and gaps too.
Entries are stored, not compressed: compressors differ between versions.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from zlib import crc32

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DOS_DATE = (1 << 5) | 1  # 1980-01-01, the first day that the format can say
_UTF8 = 1 << 11
BYTES_MAX = 256 * 1024 * 1024
ENTRIES_MAX = 1_000


class NotStored(ValueError):
    """The bytes are not a container of this form; the message says where it breaks."""


def write(entries: Mapping[str, bytes]) -> bytes:
    """Write a container, entries in the order of their paths.

    entries : path (UTF-8, `/` between folders) → content; at most 1,000 and 256 MiB in all
    Raises    NotStored beyond these bounds.
    Source    PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16.

    >>> write({"a": b"x"})[:4]
    b'PK\\x03\\x04'
    """
    if len(entries) > ENTRIES_MAX or sum(map(len, entries.values())) > BYTES_MAX:
        raise NotStored("too many or too large entries")
    locals_, centrals, offset = [], [], 0
    for path in sorted(entries):
        name, content = path.encode(), entries[path]
        crc, size = crc32(content), len(content)
        head = (20, _UTF8, 0, 0, _DOS_DATE, crc, size, size, len(name), 0)
        locals_ += [_LOCAL.pack(b"PK\x03\x04", *head), name, content]
        centrals += [_CENTRAL.pack(b"PK\x01\x02", 20, *head, 0, 0, 0, 0, offset), name]
        offset += _LOCAL.size + len(name) + size
    central = b"".join(centrals)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(central), offset, 0)
    return b"".join(locals_) + central + end


def read(content: bytes) -> dict[str, bytes]:
    """Read a container and refuse any byte that `write` would not have written.

    Returns   path → bytes.
    Raises    NotStored when the container is cut, longer, compressed, reordered or edited.

    >>> read(write({"a": b"x", "b/c": b""}))
    {'a': b'x', 'b/c': b''}
    """
    entries: dict[str, bytes] = {}
    at = 0
    while content[at : at + 4] == b"PK\x03\x04" and len(entries) < ENTRIES_MAX:
        if at + _LOCAL.size > len(content):
            raise NotStored("cut inside a header")
        fields = _LOCAL.unpack_from(content, at)
        size, name_size = fields[8], fields[9]
        start = at + _LOCAL.size + name_size
        if start + size > len(content):
            raise NotStored("cut inside an entry")
        try:
            path = content[at + _LOCAL.size : start].decode()
        except UnicodeDecodeError as error:
            raise NotStored("a path is not UTF-8") from error
        if path in entries:
            raise NotStored(f"{path} stands twice")
        entries[path] = content[start : start + size]
        at = start + size
    if write(entries) != content:
        raise NotStored("the container was changed, or another program wrote it")
    return entries
