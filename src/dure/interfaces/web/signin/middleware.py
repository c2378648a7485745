"""A session is renewed whenever what its person may do has changed.

Law: a cookie that was learnt before a mandate was given opens nothing of that mandate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from dure.core.text import T
from dure.interfaces.web.base import actor_of, known_actor
from dure.registry.queries import acting

STAMP = "dure_grants"
ACTING = "dure_acting_for"
OVER = T(
    "대신하기가 끝났습니다. 이제 본인의 이름으로 일합니다.",
    "Acting for the person has ended. You act for yourself now.",
)


class ActsFor:
    """Put whom the staff act for on the request, as long as the stretch runs; then forget it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.session.get(ACTING) if request.user.is_authenticated else None
        if person is not None:
            runs = acting.runs_now(actor_of(request), UUID(person))
            if runs is None:
                del request.session[ACTING]
                messages.warning(request, str(OVER))
            else:
                request.acting_for_id = runs.person_id  # type: ignore[attr-defined]  # for actor_of
                request.acting_for = runs  # type: ignore[attr-defined]  # for the banner
        return self.get_response(request)


class FreshSession:
    """Give the session a new id when the person's grants differ from those it was made with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            stamp = grants_stamp(request)
            known = request.session.get(STAMP)
            if known != stamp:
                if known is not None:
                    old = request.session.session_key
                    request.session.cycle_key()
                    UserSession.objects.filter(session_key=old).update(
                        session_key=request.session.session_key
                    )
                request.session[STAMP] = stamp
        return self.get_response(request)


def grants_stamp(request: HttpRequest) -> str:
    """Return what changes whenever a mandate begins or ends for the person who asks, and when she
    takes her second step.
    """
    actor = known_actor(request)
    grants = sorted(
        f"{grant.role.code}:{grant.scope_kind}:{grant.scope_id}"
        for grant in actor.grants + actor.withheld
    )
    grants.append(f"assured:{actor.assured}")
    return hashlib.sha256("\n".join(grants).encode()).hexdigest()[:16]
