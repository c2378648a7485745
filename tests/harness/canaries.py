"""Synthetic resident registration numbers, pushed everywhere; afterwards nothing may hold one."""

from __future__ import annotations

import os
import random
import re
import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

SEEN = re.compile(rb"[0-9]{6}[^0-9A-Za-z]{0,6}[0-9]{7}")
FORMS = (
    "{a}-{b}",
    "{a}{b}",
    "{a} {b}",
    "{a} - {b}",
    "{wide}",
    "{a}\u2013{b}",
    "{a}\u200b-{b}",
    "담당자 {a}-{b} 확인",
    "list_{a}-{b}.csv",
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One made-up number and the form in which it is pushed."""

    digits: str
    text: str


def canaries(count: int, seed: int = 2026) -> list[Canary]:
    """`count` different numbers in every form: a day of birth and seven digits; nobody's."""
    chance, found = random.Random(seed), {}
    while len(found) < count:
        a = f"{chance.randrange(100):02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
        b = f"{chance.randrange(9)}{chance.randrange(10**6):06d}"
        wide = "".join(chr(ord(c) + 0xFEE0) for c in f"{a}-{b}")
        text = FORMS[len(found) % len(FORMS)].format(a=a, b=b, wide=wide)
        found[a + b] = text
    return [Canary(digits, text) for digits, text in found.items()]


def hits(data: bytes, pushed: Iterable[Canary]) -> set[str]:
    """The pushed numbers that stand anywhere in `data`, in any width and with any separator."""
    wanted = {canary.digits for canary in pushed}
    text = data.decode("utf-8", "replace")
    folded = unicodedata.normalize("NFKC", text).encode()
    found = set()
    for place in (data, folded):
        for match in SEEN.finditer(place):
            found.add(re.sub(rb"[^0-9]", b"", match.group()).decode())
    # overlapping runs of digits: each window of thirteen
    for run in re.findall(rb"[0-9]{14,}", folded):
        found |= {run[i : i + 13].decode() for i in range(len(run) - 12)}
    return found & wanted


def dump(pg_dump: str, host: str, user: str, name: str) -> bytes:
    """A plain dump of every schema of a database, the vault's too."""
    done = subprocess.run(
        [pg_dump, "-h", host, "-U", user, "-d", name, "--inserts"],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return done.stdout
