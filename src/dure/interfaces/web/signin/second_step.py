"""Whether a session took a second step: what the sign-in library noted, and what stands now."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse

from dure.core.actions import run
from dure.core.actors import Actor

View = Callable[..., HttpResponse]


def took_second_step(request: HttpRequest) -> bool:
    """Whether a passkey, an app's code or a recovery code was shown in this session.

    A step counts while the login still has a passkey or an app; read once a request.
    """
    kept: bool | None = getattr(request, "dure_second_step", None)
    if kept is None:
        from dure.registry.queries.security import has_second_factor  # error pages load no models

        records = get_authentication_records(request, request.user)
        shown = any(record.get("method") == "mfa" for record in records)
        kept = shown and has_second_factor(request.user.pk)
        request.dure_second_step = kept  # type: ignore[attr-defined]  # kept for this request
    return kept


def telling_of_codes(view: View) -> View:
    """Tell the owner of a login when one of its recovery codes was used on this page."""

    @wraps(view)
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        before = _codes_used(request)
        response = view(request, *args, **kwargs)
        person = getattr(request.user, "person_id", None)
        if person is not None and _codes_used(request) > before:
            actor = Actor.person(person, origin="web", assured=False)
            run("registry.login.record", {"change": "recovery_code_used"}, actor)
        return response

    return counted


def _codes_used(request: HttpRequest) -> int:
    records = get_authentication_records(request, request.user)
    return sum(record.get("type") == "recovery_codes" for record in records)
