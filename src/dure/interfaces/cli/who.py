"""Who gives a command: the operator by local user, a person by token file, or `--as` in a demo
installation.
"""

from __future__ import annotations

import argparse
import os
import stat
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.tokens import open_token


def add_who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="handle", metavar="HANDLE", help="act as this person (demo installations only)"
    )
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help="act as the person of this token; the file has mode 0600",
    )


def who(given: argparse.Namespace) -> Actor:
    """The actor of a command. Raises the refusals of a closed way in."""
    handle, token_file = getattr(given, "handle", None), getattr(given, "token_file", None)
    if token_file:
        return _by_token(Path(token_file))
    if handle:
        if not settings.DEMO:
            raise Refusal(CoreCode.NOT_ALLOWED, role=T("시범 설치", "a demo installation"))
        login = import_string("dure.registry.queries.login.login_named")(handle, Actor.operator())
        if login is None:
            raise Refusal(CoreCode.NOT_FOUND)
        return Actor.person(login.person_id, origin="cli", assured=True)  # of the demo alone
    return Actor.operator(origin="cli")


def _by_token(file: Path) -> Actor:
    seen = file.stat()
    if stat.S_IMODE(seen.st_mode) & 0o077 or seen.st_uid != os.geteuid():
        raise Refusal(
            CoreCode.NOT_ALLOWED,
            role=T("자기만 읽는 토큰 파일(0600)", "a token file of one's own, mode 0600"),
        )
    opened = open_token(file.read_text().strip())
    if opened is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return opened.actor
