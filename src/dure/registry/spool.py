"""Files on their way in or out: private, deleted once they were read or sent.

A face writes what it receives here under a random name and hands the name to an action; what an
action writes for a download (`exporting`) goes the other way.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from dure.core.errors import CoreCode, Refusal
from dure.engines.cells import CAPS, Reason, SheetRefused
from dure.engines.rrn import has_rrn
from dure.registry.import_errors import refusal_of

NAME = re.compile(r"[0-9a-f]{32}")
KEPT_SECONDS = 24 * 3600


def folder() -> Path:
    """The spool, mode 0700, below the data folder."""
    place = Path(settings.MEDIA_ROOT).parent / "spool"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def put(chunks: Iterable[bytes], file_name: str) -> str:
    """Write a file of at most `CAPS.file_bytes` and give its random name.

    Raises Refusal when the file is larger (what was written is removed), or when its name holds a
    resident registration number.
    """
    if has_rrn(file_name):
        raise Refusal(CoreCode.RRN, field="file")
    sweep()
    name = secrets.token_hex(16)
    size = 0
    path = folder() / name
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > CAPS.file_bytes:
                break
            file.write(chunk)
    if size > CAPS.file_bytes:
        path.unlink()
        raise refusal_of(SheetRefused(Reason.FILE_BYTES, found=size, cap=CAPS.file_bytes))
    return name


def path_of(name: str) -> Path:
    """The path of a spooled file; `core.not_found` when it is gone or the name is none of ours."""
    path = folder() / name if NAME.fullmatch(name) else None
    if path is None or not path.is_file():
        raise Refusal(CoreCode.NOT_FOUND)
    return path


def sha256_of(path: Path) -> str:
    """The hash of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def drop(name: str) -> None:
    """Delete a spooled file; nothing happens when it is gone."""
    if NAME.fullmatch(name):
        (folder() / name).unlink(missing_ok=True)


def sweep() -> None:
    """Delete what nobody came back for within a day."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        if NAME.fullmatch(path.name) and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
