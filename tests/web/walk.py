"""Find every page: by name where no argument is needed, by its links where one is."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.translation import override

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor
from dure.registry.models import Login
from dure.registry.vault.factors import seal_secret
from tests.harness.given import given

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FETCHES_MAX = 400
HREF = re.compile(r"href=\"(/[^\"#]*)")
LEFT_OUT = re.compile(r"^/(static|api|gallery|en|healthz|readyz)(/|$)")


def named_paths() -> list[str]:
    """Every address that needs no argument, in Korean."""

    def below(patterns: list[URLPattern | URLResolver], prefix: str) -> list[str]:
        found = []
        for one in patterns:
            here = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                found += below(one.url_patterns, here)
            elif "<" not in here and "(" not in here:
                found.append("/" + here.replace("\\Z", "").lstrip("^"))
        return found

    with override("ko"):
        return sorted(path for path in set(below(get_resolver().url_patterns, "")) if keep(path))


def keep(path: str) -> bool:
    """Whether a path is a page of ours."""
    return not LEFT_OUT.match(path)


def view_name(path: str) -> str | None:
    """The name of the view behind a path."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.view_name or str(found.func)


def pages_of(client: Client) -> dict[str, str]:
    """One address of every view that this client can read as a page, found by name and by link."""
    waiting = deque(["/", *named_paths()])
    seen: set[str] = set()
    pages: dict[str, str] = {}
    while waiting and len(seen) < FETCHES_MAX:
        path = waiting.popleft()
        name = view_name(urlsplit(path).path)
        if path in seen or name is None or name in pages or not keep(path):
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        pages[name] = path
        waiting.extend(HREF.findall(answer.content.decode().replace("&amp;", "&")))
    return pages


def load_demo() -> None:
    """Load the synthetic demo district, as its command does."""
    for name in settings.DURE_DEMO:
        run(name, {}, Actor.operator(), key=f"demo:{name}:1")


def session_of(actor: Actor, *, second_step: bool = True) -> str:
    """Sign a person in without a password: the value of the session's cookie.

    The session took a second step, with an app that the login gets, unless told otherwise.
    """
    assert actor.id is not None
    login = Login.objects.filter(person_id=actor.id).first()
    if login is None:
        handle = f"t{uuid4().hex[:12]}"
        with given() as audit:
            login = Login.objects.create(
                person_id=actor.id,
                handle=handle,
                skeleton=uuid4().hex,
                password=make_password(None),
                created_at=clock.now(),
                audit=audit,
            )
    session = SessionStore()
    session[SESSION_KEY] = str(login.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = login.get_session_auth_hash()
    if second_step:
        if not login.factors.filter(type="totp").exists():
            login.factors.create(type="totp", data={"secret": seal_secret(SECRET)})
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp"}]
        session["account_authentication_methods_user"] = user_id_to_str(login)
    session.create()
    assert session.session_key is not None
    return session.session_key


def client_of(actor: Actor, *, second_step: bool = True) -> Client:
    """A client in process, signed in as this actor."""
    client = Client()
    if actor.id is not None:
        session = session_of(actor, second_step=second_step)
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def sent_file(answer: HttpResponseBase) -> bytes:
    """The bytes of a download."""
    assert isinstance(answer, FileResponse), answer.status_code
    return b"".join(answer)
