"""Which logins a browser has signed in: keyed tags in a cookie, so that a new device is told of.

The cookie names nobody and opens nothing; without it the owner is told once more, no worse.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dure.registry.vault import crypto, keys, ring

COOKIE = "dure_known"
LOGINS_MAX = 5
SECONDS = 365 * 24 * 3600
TAGS = re.compile(r"[0-9a-f]{32}(?:\.[0-9a-f]{32}){0,4}")


def _tag(login_id: UUID) -> str:
    return crypto.tag(ring().latest(keys.HANDLES)[1], "browser", str(login_id)).hex()[:32]


def _tags(request: HttpRequest) -> list[str]:
    text = request.COOKIES.get(COOKIE, "")
    return text.split(".") if TAGS.fullmatch(text) else []


def knows(request: HttpRequest, login_id: UUID) -> bool:
    """Whether this browser has signed this login in before."""
    return _tag(login_id) in _tags(request)


def remember(request: HttpRequest, response: HttpResponse, login_id: UUID) -> None:
    """Note in the browser that it has signed this login in; the oldest of six goes."""
    kept = [_tag(login_id), *_tags(request)][:LOGINS_MAX]
    response.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
