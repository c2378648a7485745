"""Leaves, root and head of a release: the chain that shows every later edit.

Nouns: a *leaf* is the hash of one line of `cells.csv`; the *root* the hash of all leaves; the
*head* the hash of `head.txt`, which names the root, every file and the head of the release before.
Law: no byte of a frozen release can change without its head changing, and no release can change
without breaking the chain of all that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

FIRST = "0" * 64
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_FIELDS = ("number", "period", "since", "vintage", "synthetic", "cut-seq", "cut-day", "frozen-at")


class NotAHead(ValueError):
    """`head.txt` is not as the format says; the message names the line."""


def leaf(line: bytes) -> bytes:
    """Hash one line of `cells.csv` without its line end: SHA-256(0x00 ‖ line).

    >>> leaf(b"N4,1,year").hex()[:16]
    '041de1febc373c48'
    """
    return sha256(b"\x00" + line).digest()


def root(lines: Iterable[bytes]) -> str:
    """Hash the leaves in their order: SHA-256(0x01 ‖ leaf₁ ‖ leaf₂ …), 64 hex digits.

    lines   : the lines of `cells.csv` after its header, without line ends

    >>> root([])
    '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a'
    """
    total = sha256(b"\x01")
    for line in lines:
        total.update(leaf(line))
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of the bundle as the head names it."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """What `head.txt` says, in its order. All texts are ASCII without spaces."""

    number: str
    period: str
    since: str
    vintage: str
    synthetic: str
    cut_seq: str
    cut_day: str
    frozen_at: str
    cells: int
    cells_root: str
    files: tuple[FileLine, ...]
    previous: str


def file_line(path: str, content: bytes) -> FileLine:
    """Describe one file of the bundle.

    >>> file_line("a.csv", b"").size
    0
    """
    return FileLine(path, len(content), sha256(content).hexdigest())


def write_head(head: Head) -> tuple[bytes, str]:
    """Write `head.txt`.

    Returns   the bytes of the file, and the head: SHA-256 of all bytes before its last line.
    Raises    NotAHead when a field has a space or the hashes are no hashes.

    >>> text, top = write_head(Head("1", "2026", "2026-01", "1", "no", "9", "2027-01-05",
    ...     "2027-01-06T00:00:00Z", 0, FIRST, (), FIRST))
    >>> text.decode().splitlines()[-1] == "head " + top
    True
    """
    values = (
        head.number, head.period, head.since, head.vintage,
        head.synthetic, head.cut_seq, head.cut_day, head.frozen_at,
    )  # fmt: skip
    words = (*values, head.cells_root, head.previous, *(f.path for f in head.files))
    if any(not word or not word.isascii() or " " in word or "\n" in word for word in words):
        raise NotAHead("a field is empty or has a space")
    lines = ["dure-release 1"]
    lines += [f"{name} {value}" for name, value in zip(_FIELDS, values, strict=True)]
    lines.append(f"cells {head.cells} {head.cells_root}")
    lines += [
        f"file {f.path} {f.size} {f.digest}" for f in sorted(head.files, key=lambda f: f.path)
    ]
    lines.append(f"previous {head.previous}")
    body = ("\n".join(lines) + "\n").encode()
    top = sha256(body).hexdigest()
    return body + f"head {top}\n".encode(), top


def read_head(content: bytes) -> tuple[Head, str]:
    """Read `head.txt` strictly: the same bytes must come out when it is written again.

    Returns   what it says, and the head that it states.
    Raises    NotAHead when any byte differs from the format, or the head is not its hash.
    """
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NotAHead("head.txt is not ASCII") from error
    if len(lines) < len(_FIELDS) + 5 or lines[-1] != "":
        raise NotAHead("head.txt is too short")
    try:
        values = [_after(line, name) for name, line in zip(_FIELDS, lines[1:], strict=False)]
        at = 1 + len(_FIELDS)
        count, cells_root = _after(lines[at], "cells").split(" ")
        files = [_after(line, "file").split(" ") for line in lines[at + 1 : -3]]
        number, period, since, vintage, synthetic, cut_seq, cut_day, frozen_at = values
        head = Head(
            number=number,
            period=period,
            since=since,
            vintage=vintage,
            synthetic=synthetic,
            cut_seq=cut_seq,
            cut_day=cut_day,
            frozen_at=frozen_at,
            cells=int(count),
            cells_root=cells_root,
            files=tuple(FileLine(path, int(size), digest) for path, size, digest in files),
            previous=_after(lines[-3], "previous"),
        )
    except ValueError as error:
        raise NotAHead(str(error)) from error
    stated = _after(lines[-2], "head")
    again, top = write_head(head)
    if again != content or stated != top:
        raise NotAHead("head.txt was changed: its hash is not its head")
    return head, top


def _after(line: str, name: str) -> str:
    if not line.startswith(name + " "):
        raise NotAHead(f"expected {name}")
    return line[len(name) + 1 :]


def broken_link(heads: Sequence[tuple[str, str]]) -> int | None:
    """Find the first release whose previous head is not the head before it.

    heads   : (previous, head) of releases 1, 2, 3 … in order
    Returns   the number of the first broken release, or None when the chain holds.

    >>> broken_link([(FIRST, "a"), ("a", "b")]) is None
    True
    >>> broken_link([(FIRST, "a"), ("x", "b")])
    2
    """
    before = FIRST
    for number, (previous, head) in enumerate(heads, start=1):
        if previous != before:
            return number
        before = head
    return None


def is_hash(text: str) -> bool:
    """Tell whether a text is 64 lower-case hex digits.

    >>> is_hash(FIRST)
    True
    """
    return _HEX.match(text) is not None
