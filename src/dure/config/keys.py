"""Key files: 32 random bytes each, mode 0400, below the data folder; never in the environment,
never in a log.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

KEYS = ("signing", "vault", "index", "backup", "push")


def ensure_keys(folder: Path, names: tuple[str, ...]) -> None:
    """Make the key files that are missing; existing ones are never touched.

    folder : made with mode 0700
    names  : file names; each gets 64 hexadecimal digits
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        with contextlib.suppress(FileExistsError):
            file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(file, "w") as opened:
                opened.write(secrets.token_hex(32))


def read_key(folder: Path, name: str) -> bytes:
    """The 32 bytes of one key. Raises FileNotFoundError when the installation has none."""
    return bytes.fromhex((folder / name).read_text().strip())
