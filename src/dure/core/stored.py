"""Stored files: their bytes under their hash, outside the web root.

Nouns: a *stored file* is whole or absent; an `Upload` row names whose it is and who may see it.
Law: a file is never changed, so one that lies there already is the same.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings


def keep(content: bytes) -> str:
    """Write a file whole or not at all; gives its SHA-256 as 64 hexadecimal digits.

    Raises  OSError when the disk refuses.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:8]}")
    fresh.write_bytes(content)
    fresh.chmod(0o400)
    fresh.replace(path)
    return sha256


def path_of(sha256: str) -> Path:
    """Where the bytes of a stored file lie."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256
