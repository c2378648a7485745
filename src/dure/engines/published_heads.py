"""The public list of heads: what lets anybody see, years later, that a sealed chain was rewritten.

Nouns: a *chain* is a sealed row of seals (audit, journal, releases …); a *head* its newest digest;
an *occasion* why a head was published: the end of a day, or a release that was frozen.
Law: the list only grows at its end, so an older copy is a beginning of every newer one, byte for
byte; a number of a chain has one digest for ever.
Source: docs/open-data-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

TITLE = "dure-heads 1"
RELEASES = "indicators.release"
_LINE = re.compile(
    r"(?:day [0-9]{4}-[0-9]{2}-[0-9]{2}|release [1-9][0-9]{0,8}) [a-z][a-z0-9_.]{0,39} "
    r"[1-9][0-9]{0,17} [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z [0-9a-f]{64}"
)


class NotHeads(ValueError):
    """The list is not as the format says; the message names the line."""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One published head: occasion (`day` or `release`) and its name, chain, number, digest.

    `sealed_at` is the instant of the seal in UTC, `2026-11-21T18:19:00Z`.
    """

    occasion: str
    name: str
    chain: str
    number: int
    sealed_at: str
    digest: str


def write(lines: Iterable[HeadLine]) -> bytes:
    """Write a list of heads: a title, then one line a head, in their order.

    >>> write([HeadLine("release", "1", "core.audit", 7, "2026-11-21T11:00:00Z", "0" * 64)])[:56]
    b'dure-heads 1\\nrelease 1 core.audit 7 2026-11-21T11:00:00Z'
    """
    told = [TITLE]
    for one in lines:
        text = f"{one.occasion} {one.name} {one.chain} {one.number} {one.sealed_at} {one.digest}"
        if not _LINE.fullmatch(text):
            raise NotHeads(f"not a head: {one.occasion} {one.name} {one.chain}")
        told.append(text)
    return ("\n".join(told) + "\n").encode("ascii")


def read(content: bytes) -> tuple[HeadLine, ...]:
    """Read a list of heads strictly.

    Raises   NotHeads with the number of the first line that is not of the form.

    >>> read(b"dure-heads 1\\n")
    ()
    """
    try:
        told = content.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NotHeads("not ASCII") from error
    if len(told) < 2 or told[0] != TITLE or told[-1] != "":
        raise NotHeads("line 1 or the end of the last line")
    lines = []
    for at, text in enumerate(told[1:-1], start=2):
        if not _LINE.fullmatch(text):
            raise NotHeads(f"line {at}")
        occasion, name, chain, number, sealed_at, digest = text.split(" ")
        lines.append(HeadLine(occasion, name, chain, int(number), sealed_at, digest))
    return tuple(lines)


def faults(lines: Sequence[HeadLine]) -> list[str]:
    """Say where a public list contradicts itself; empty when it does not.

    Days and releases come in their order, an occasion names a chain once, a chain never goes
    back, and one number of a chain has one digest and one instant.

    >>> day = HeadLine("day", "2026-11-21", "core.audit", 7, "2026-11-21T11:00:00Z", "0" * 64)
    >>> faults([day]), faults([day, day])
    ([], ['day 2026-11-21 core.audit stands twice'])
    """
    found: list[str] = []
    seen: set[tuple[str, str, str]] = set()
    last: dict[str, HeadLine] = {}
    newest: dict[str, tuple[int, str]] = {}
    for one in lines:
        place = f"{one.occasion} {one.name} {one.chain}"
        if (one.occasion, one.name, one.chain) in seen:
            found.append(f"{place} stands twice")
            continue
        seen.add((one.occasion, one.name, one.chain))
        order = (len(one.name), one.name)
        if order < newest.get(one.occasion, order):
            found.append(f"{place} comes too late")
        newest[one.occasion] = max(order, newest.get(one.occasion, order))
        before = last.get(one.chain)
        if before is not None and one.number < before.number:
            found.append(f"{place} goes back")
        told = replace(one, occasion="", name="")
        if before is not None and one.number == before.number and told != before:
            found.append(f"{place} has another digest than before")
        last[one.chain] = told
    return found


def of_release(lines: Iterable[HeadLine], number: int) -> tuple[HeadLine | None, list[HeadLine]]:
    """Find what was published with a release: its own head, and the heads of the other chains.

    >>> of_release([], 1)
    (None, [])
    """
    mine = [one for one in lines if (one.occasion, one.name) == ("release", str(number))]
    own = [one for one in mine if one.chain == RELEASES]
    others = [one for one in mine if one.chain != RELEASES]
    return (own[0] if own else None), others


def inside(content: bytes, release: str) -> tuple[tuple[HeadLine, ...], list[str]]:
    """Read the `heads.txt` of a bundle: the other chains as they stood when it was frozen.

    Returns   its lines, and what is wrong: another occasion than this release, a chain twice or
              out of order, or the chain of releases itself, which `head.txt` names already.

    >>> inside(b"dure-heads 1\\n", "3")
    ((), [])
    """
    try:
        lines = read(content)
    except NotHeads as error:
        return (), [str(error)]
    chains = [one.chain for one in lines]
    found = []
    if any((one.occasion, one.name) != ("release", release) for one in lines):
        found.append("a head of another occasion")
    if chains != sorted(set(chains)) or RELEASES in chains:
        found.append("chains out of order, twice, or the chain of releases itself")
    return lines, found


def differences(
    published: Sequence[HeadLine],
    number: int,
    top: str,
    previous: str,
    others: Sequence[HeadLine],
) -> list[str]:
    """Say where a bundle and the public list differ; empty when they agree.

    number, top, previous : the release, its head, and the head it names as the one before
    others                : the heads of the other chains inside the bundle

    >>> differences([], 1, "0" * 64, "0" * 64, ())
    ['release 1 is not on the published list']
    """
    found = [f"the published list: {text}" for text in faults(published)]
    own, told = of_release(published, number)
    if own is None:
        return [*found, f"release {number} is not on the published list"]
    if (own.number, own.digest) != (number, top):
        found.append(f"the published head of release {number} is another one")
    before, _ = of_release(published, number - 1)
    if previous != (before.digest if before else "0" * 64 if number == 1 else ""):
        found.append(f"release {number} does not follow release {number - 1}")
    apart = {one.chain for one in {*others} ^ {*told}}
    return [*found, *(f"the published head of {chain} is another one" for chain in sorted(apart))]
