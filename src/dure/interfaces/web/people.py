"""One person, for staff with a stated purpose; the vault's own desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dure.core.text import T
from dure.interfaces.web.accounts import signed_in
from dure.interfaces.web.base import act, actor_of, body_of, known_actor, page
from dure.registry.queries import people as queries
from dure.registry.queries.security import FIELDS, PURPOSES
from dure.registry.vault import collect, holding, masked_names

READ_FIELDS = ("name", "phone", "mail", "pending_phone", "pending_mail", "birth_on", "address")
READ_PURPOSES = ("counter_service", "membership", "care", "notice", "erasure_check")
LABELS = {
    "purpose": T("쓸 곳", "Purpose"),
    "fields": T("볼 것", "What to read"),
    "reason": T("까닭", "Reason"),
    "phone": T("전화번호", "Phone"),
}


def person_context(request: HttpRequest, person_id: UUID) -> dict[str, object]:
    """What every page about one person shows: the masked name, and what may be opened."""
    actor = known_actor(request)
    shown = queries.person_in_reach(person_id, actor)
    names = masked_names([person_id], actor=actor, purpose="list_page")
    return {
        "person": shown,
        "masked": names.get(person_id, "*"),
        "fields": [(name, str(FIELDS[name])) for name in READ_FIELDS],
        "purposes": [(code, str(PURPOSES[code])) for code in READ_PURPOSES],
    }


@signed_in
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A masked name, and the form that opens more for a purpose and a reason."""
    context = person_context(request, person_id)
    if request.method != "POST":
        return page(request, "account/person.html", context)
    body: dict[str, object] = {
        "person_id": str(person_id),
        "fields": request.POST.getlist("fields"),
        **body_of(request, "purpose"),
    }
    done = act(
        request,
        "registry.person.read",
        body,
        again="account/person.html",
        context=context,
        labels=LABELS,
    )
    if isinstance(done, HttpResponse):
        return done
    data = collect(done.result.read_id).open()
    context["data"] = [(str(FIELDS[name]), text) for name, text in data.items()]
    return page(request, "account/person.html", context)


@signed_in
@require_POST
def confirm_phone(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Store a phone number that was called while its owner stood by."""
    context = person_context(request, person_id)
    with holding({"address": request.POST.get("phone", "").strip()[:30]}) as tag:
        done = act(
            request,
            "registry.login.confirm_phone",
            {"person_id": str(person_id), "values": tag},
            success_url=reverse("web:person", args=[person_id]),
            again="account/person.html",
            context=context,
            labels=LABELS,
            done=T("전화번호를 확인했습니다.", "The phone number is confirmed."),
        )
    assert isinstance(done, HttpResponse)
    return done


@signed_in
def vault_desk(request: HttpRequest) -> HttpResponse:
    """Keys and the log's health, for the vault officer; no name stands here."""
    return page(request, "account/vault.html", {"desk": queries.vault_desk(actor_of(request))})


urlpatterns = [
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/phone/", confirm_phone, name="confirm_phone"),
    path("vault/", vault_desk, name="vault"),
]
