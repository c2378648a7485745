"""Containers of office files (압축 꾸러미): checked by their directory, parsed part by part.

Nouns
    part   : one file inside the container
Law
    Nothing is unpacked before the directory passed its caps. A part is parsed as a stream; a
    document type, deep nesting or an endless tag ends it.
Source
    ECMA-376 part 2 (open packaging); trust design, *Parsers, files, pages*.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final, TypeVar
from xml.parsers import expat

from dure.engines.cells import Caps, Reason, SheetRefused

TOKEN_BYTES_MAX: Final = 4 * 1024**2
DEPTH_MAX: Final = 40
CHUNK_BYTES: Final = 1 << 18
FAULTS: Final = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError)
Start = Callable[[str, dict[str, str]], None]
T = TypeVar("T")


def guarded(work: Callable[[], T], part: str) -> T:
    """Do a piece of reading; a fault of the container becomes a refusal that names the part."""
    try:
        return work()
    except FAULTS:
        raise SheetRefused(Reason.BROKEN, part=part) from None


def check_directory(book: zipfile.ZipFile, size: int, caps: Caps) -> None:
    """Refuse by the container's directory alone: nothing is unpacked yet."""
    parts = book.infolist()
    if len(parts) > caps.parts:
        raise SheetRefused(Reason.PARTS, cap=caps.parts)
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        raise SheetRefused(Reason.BROKEN, part="같은 이름, equal names")
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(Reason.KIND, found="암호, password")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise SheetRefused(Reason.MACRO)
    if any("/externallinks/" in name or name.endswith("/connections.xml") for name in names):
        raise SheetRefused(Reason.EXTERNAL)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > caps.unpacked_bytes:
        raise SheetRefused(Reason.UNPACKED_BYTES, cap=caps.unpacked_bytes)
    if unpacked > caps.unpacked_ratio * size:
        raise SheetRefused(Reason.UNPACKED_RATIO, cap=caps.unpacked_ratio)
    if "[content_types].xml" not in names:
        raise SheetRefused(Reason.KIND, found="ZIP")


def parsed(
    book: zipfile.ZipFile,
    part: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[bool]:
    """Feed a part through the parser, one chunk a step; names come without namespace."""
    parser = expat.ParserCreate()
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise SheetRefused(Reason.BROKEN, part=part)
        start(name.rpartition(":")[2], attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(":")[2])

    def on_doctype(*_: object) -> None:
        raise SheetRefused(Reason.ENTITY)

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.StartDoctypeDeclHandler = on_doctype
    parser.EntityDeclHandler = on_doctype
    parser.buffer_text = True
    if text is not None:
        parser.CharacterDataHandler = text
    fed = 0
    try:
        stream = book.open(part)
    except KeyError:
        raise SheetRefused(Reason.BROKEN, part=part) from None
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > TOKEN_BYTES_MAX:
                raise SheetRefused(Reason.BROKEN, part=part)
            yield True
        parser.Parse(b"", True)


def tags_of(book: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """All start tags of a small part."""
    tags: list[tuple[str, dict[str, str]]] = []

    def keep(name: str, attributes: dict[str, str]) -> None:
        if len(tags) > 200_000:
            raise SheetRefused(Reason.BROKEN, part=part)
        tags.append((name, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    for _ in parsed(book, part, keep):
        pass
    return tags


def relations_of(book: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """id → (kind, part name) of the relations of a part."""
    folder, _, name = part.rpartition("/")
    found: dict[str, tuple[str, str]] = {}
    for tag, attributes in tags_of(book, posixpath.join(folder, "_rels", f"{name}.rels")):
        if tag != "Relationship":
            continue
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "externalLink":
            raise SheetRefused(Reason.EXTERNAL)
        if attributes.get("TargetMode") == "External":
            continue
        target = attributes.get("Target", "")
        absolute = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[attributes.get("Id", "")] = (kind, posixpath.normpath(absolute))
    return found
