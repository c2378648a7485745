"""Key files: one file a key, outside the database.

Nouns: *kind* (what a key is for), *version* (1, 2, …; the highest writes, every living one
reads), *ring* (all keys of one folder).
Law: a key is made once, never overwritten, and gone for good when its file is. Files are
`<kind>-<version>.key`, 64 hex digits, mode 0400, in a folder of mode 0700.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from dure.registry.vault import crypto

WRAPPING = "wrapping"
INDEX = "index"
NUMBERS = "numbers"
INVITATIONS = "invitations"
HELD = "held"
FACTORS = "factors"
HANDLES = "handles"
FILES = "files"
ROLLS = "rolls"
PURPOSES = ("care", "eligibility", "indicators")
KINDS = (
    WRAPPING,
    INDEX,
    NUMBERS,
    INVITATIONS,
    HELD,
    FACTORS,
    HANDLES,
    FILES,
    ROLLS,
    *(f"purpose.{purpose}" for purpose in PURPOSES),
)

SETTLED_NS = 1_000_000_000
_FILE_NAME = re.compile(r"([a-z]+(?:\.[a-z0-9]+)?)-([0-9]{1,9})\.key")


class KeyMissing(Exception):
    """A key that something was written under is not in the folder."""


class KeyUnsafe(Exception):
    """A key file can be read by others, or is not a key."""


class KeyRing:
    """The keys of one folder, read again whenever the folder changes.

    folder : made with mode 0700 by the first `make`
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen_ns = -1
        self._keys: dict[tuple[str, int], bytes] = {}

    def get(self, kind: str, version: int) -> bytes:
        """Return one key, 32 bytes. Raises KeyMissing."""
        held = self._look()
        if (kind, version) not in held:
            self._seen_ns = -1  # another thread may have kept an older look
            held = self._look()
        try:
            return held[kind, version]
        except KeyError:
            raise KeyMissing(f"{kind}-{version}") from None

    def versions(self, kind: str) -> tuple[int, ...]:
        """Return the living versions of a kind, ascending; empty when none was made."""
        return tuple(sorted(version for name, version in self._look() if name == kind))

    def latest(self, kind: str) -> tuple[int, bytes]:
        """Return (version, key) that new things are written under. Raises KeyMissing."""
        held = self._look()
        versions = [version for name, version in held if name == kind]
        if not versions:
            raise KeyMissing(kind)
        return max(versions), held[kind, max(versions)]

    def make(self, kind: str) -> int:
        """Make the next version of a kind and return it; durable when this returns."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = max(self.versions(kind), default=0) + 1
        path = self._path(kind, version)
        fresh = self.folder / f".{path.name}.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        try:
            os.write(handle, crypto.new_key().hex().encode("ascii") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(fresh, path)
        finally:
            fresh.unlink()
        self._settle()
        return version

    def destroy(self, kind: str, version: int) -> None:
        """Overwrite and remove one key. Nothing written under it opens again."""
        path = self._path(kind, version)
        if path.exists():
            path.chmod(0o600)
            handle = os.open(path, os.O_WRONLY)
            try:
                os.write(handle, b"0" * (2 * crypto.KEY_BYTES) + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            path.unlink()
        self._settle()

    def _path(self, kind: str, version: int) -> Path:
        return self.folder / f"{kind}-{version}.key"

    def _settle(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        self._seen_ns = -1

    def _look(self) -> dict[tuple[str, int], bytes]:
        """Return one whole look at the folder; another thread's look never changes it."""
        try:
            seen_ns = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            self._keys, self._seen_ns = {}, -1
            return self._keys
        if seen_ns == self._seen_ns:
            return self._keys
        began_ns = time.time_ns()
        found: dict[tuple[str, int], bytes] = {}
        for path in self.folder.iterdir():
            name = _FILE_NAME.fullmatch(path.name)
            if name:
                key = self._read(path)
                if key:
                    found[name[1], int(name[2])] = key
        # a folder changed just now may change again within the same tick of its clock
        settled = began_ns - seen_ns > SETTLED_NS
        self._keys, self._seen_ns = found, seen_ns if settled else -1
        return found

    def _read(self, path: Path) -> bytes | None:
        try:
            if path.stat().st_mode & 0o077:
                raise KeyUnsafe(f"{path.name}: mode must be 0400")
            text = path.read_text("ascii").strip()
        except FileNotFoundError:
            return None
        if len(text) != 2 * crypto.KEY_BYTES:
            raise KeyUnsafe(f"{path.name}: not a key")
        if not text.strip("0"):
            return None
        return bytes.fromhex(text)
