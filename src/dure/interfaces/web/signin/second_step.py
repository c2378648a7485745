"""Whether a session took a second step: what the sign-in library noted, and what stands now."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest


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
