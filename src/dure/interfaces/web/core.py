"""Pages of core: catalogue of actions, rulebook, audit, access tokens, long work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from dure.core import audit_reading, heads, progress, rulebook_reading, sealing, tokens
from dure.core.actions import CATALOGUE, Entry, Outcome, Who
from dure.core.actors import Role
from dure.core.text import T
from dure.interfaces.api import documenting
from dure.interfaces.web.base import act, body_of, known_actor, page, paged, picked
from dure.interfaces.web.heads import name_of
from dure.registry.queries import access_log

ROOM_TEXT = {
    "core": T("바탕", "core"),
    "registry": T("조직·조합원", "register"),
    "journal": T("사건 기록", "journal"),
    "exchange": T("나눔·수리", "exchange"),
    "governance": T("명부·절차", "rolls and procedures"),
    "budgeting": T("주민참여예산", "participatory budget"),
    "indicators": T("지표", "indicators"),
}
WHO_TEXT = {
    Who.PERSON: T("사람", "people"),
    Who.TIMER: T("시간 작업", "timer"),
    Who.OPERATOR: T("운영자", "operator"),
}
FACE_TEXT = {
    "web": T("화면", "page"),
    "api": T("API", "API"),
    "cli": T("명령", "command"),
    "job": T("작업", "job"),
    "import": T("올리기", "import"),
}
LETTER_TEXT = {
    "o": T("내 것", "own"),
    "m": T("내 조직", "own organisation"),
    "d": T("내 자치구", "own district"),
    "p": T("정해진 목적", "stated purpose"),
    "2": T("두 번째 사람과", "with a second person"),
}


def _rooms(names: list[str]) -> list[tuple[str, T]]:
    return [(name, ROOM_TEXT.get(name, T(name, name))) for name in names]


def catalogue(request: HttpRequest) -> HttpResponse:
    """Every registered action, with who may run it."""
    room = picked(request, "room", frozenset(audit_reading.rooms()))
    role = picked(request, "role", frozenset(r.code for r in Role))
    words = request.GET.get("q", "").strip().lower()
    found = [
        entry
        for entry in sorted(CATALOGUE.values(), key=lambda one: one.name)
        if (not room or entry.room == room)
        and (not role or entry.letters.get(Role.of(role), ""))
        and words in f"{entry.name} {entry.text.ko} {entry.text.en}".lower()
    ]
    rows = paged(request, found)
    return page(
        request,
        "core/catalogue.html",
        {
            "rows": rows,
            "entries": [_entry(entry) for entry in rows.object_list],
            "rooms": _rooms(audit_reading.rooms()),
            "roles": [(r.code, r.text) for r in Role],
            "room": room,
            "role": role,
        },
    )


def _entry(entry: Entry) -> dict[str, Any]:  # Any: words of a template
    letters = [
        (role.text, ", ".join(str(LETTER_TEXT[x]) for x in given if x in LETTER_TEXT))
        for role, given in entry.letters.items()
    ]
    return {
        "name": entry.name,
        "text": entry.text,
        "room": ROOM_TEXT.get(entry.room, T(entry.room, entry.room)),
        "policy": entry.policy.text,
        "letters": letters,
        "who": [WHO_TEXT[who] for who in entry.who],
        "faces": [FACE_TEXT.get(face, T(face, face)) for face in entry.faces],
        "reason": entry.reason.value,
        "second": entry.second_person is not None,
        "writes": entry.writes,
        "refusals": [code.spec.text for code in entry.refusals if "%(" not in code.spec.text.ko],
    }


def operations(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a page: every operation, its fields and its answers."""
    found = documenting.operations()
    tag = picked(request, "room", frozenset(one.room for one in found))
    words = request.GET.get("q", "").strip().lower()
    shown = [
        one
        for one in found
        if (not tag or one.room == tag) and words in f"{one.path} {one.summary}".lower()
    ]
    rows = paged(request, shown)
    rooms = sorted({one.room for one in found})
    return page(request, "core/api.html", {"rows": rows, "rooms": _rooms(rooms), "room": tag})


def rules(request: HttpRequest) -> HttpResponse:
    """The rulebook."""
    rooms = rulebook_reading.rooms()
    room = picked(request, "room", frozenset(rooms))
    found = rulebook_reading.rules(room=room, words=request.GET.get("q", ""))
    rows = paged(request, found)
    return page(request, "core/rules.html", {"rows": rows, "rooms": _rooms(rooms), "room": room})


def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule with its history."""
    return page(request, "core/rule.html", {"rule": rulebook_reading.rule(key)})


def audit(request: HttpRequest) -> HttpResponse:
    """The audit for those who may read it: lines, heads, lights."""
    actor = known_actor(request)
    outcome = picked(request, "outcome", frozenset({"done", "refused"}))
    room = picked(request, "room", frozenset(audit_reading.rooms()))
    asked = {"room": room, "outcome": outcome, "q": request.GET.get("q", "")}
    rows = paged(request, audit_reading.lines(actor, asked))
    verdict = sealing.verify() if request.GET.get("verify") == "1" else None
    return page(
        request,
        "core/audit.html",
        {
            "rows": rows,
            "lines": [audit_reading.view(row) for row in rows.object_list],
            "rooms": _rooms(audit_reading.rooms()),
            "outcomes": [("done", T("했음", "done")), ("refused", T("거절", "refused"))],
            "heads": [(name_of(one.chain), one) for one in heads.newest()],
            "checked": sealing.newest_check(),
            "vault_checked": access_log.newest_log_check(),
            "verdict": verdict,
            "orphans": sealing.rows_without_line() if verdict else {},
            "room": room,
            "outcome": outcome,
        },
    )


def my_tokens(request: HttpRequest) -> HttpResponse:
    """One's own access tokens; a new one is shown once, on the answer to the form."""
    if request.user.is_anonymous:
        return HttpResponseRedirect(f"{reverse('web:me')}")
    if request.method == "POST":
        return _make_token(request)
    return _tokens_page(request)


def _make_token(request: HttpRequest) -> HttpResponse:
    token = tokens.new_token()
    body = {**body_of(request, "label", "purpose", "days"), "token_hash": tokens.hash_of(token)}
    answer = act(
        request,
        "core.token.create",
        body,
        again=lambda form: _tokens_page(request, {"form": form}),
        labels={
            "label": T("이름", "Name"),
            "purpose": T("목적", "Purpose"),
            "days": T("기간", "Days"),
        },
    )
    if isinstance(answer, Outcome):
        return _tokens_page(request, {"token": "" if answer.replayed else token})
    return answer


def _tokens_page(
    request: HttpRequest, more: dict[str, Any] | None = None
) -> HttpResponse:  # Any: context
    context: dict[str, Any] = {  # Any: context
        "tokens": tokens.of(known_actor(request)),
        "purposes": [one for one in tokens.PURPOSE_TEXT.items() if one[0] != tokens.CALENDAR],
        **(more or {}),
    }
    return page(request, "core/tokens.html", context)


def revoke_token(request: HttpRequest, token_id: str) -> HttpResponse:
    """Revoke one token."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("web:tokens"))
    answer = act(
        request,
        "core.token.revoke",
        {"token_id": str(token_id)},
        success_url=reverse("web:tokens"),
        done=T("토큰을 거두었습니다.", "The token was revoked."),
    )
    assert isinstance(answer, HttpResponse)
    return answer


def jobs(request: HttpRequest) -> HttpResponse:
    """The tasks one has given."""
    return page(request, "core/jobs.html", {"jobs": progress.of(known_actor(request))})


def job(request: HttpRequest, job: str) -> HttpResponse:
    """One task: how far it is, and a way to stop it."""
    found = progress.one(job, known_actor(request))
    if request.method == "POST":
        answer = act(
            request,
            "core.job.cancel",
            {"job": str(job)},
            success_url=reverse("web:job", args=[job]),
            done=T("멈추어 달라고 했습니다.", "The task was asked to stop."),
        )
        assert isinstance(answer, HttpResponse)
        return answer
    response = page(request, "core/job.html", {"job": found})
    if not found.is_over:
        response["Refresh"] = "3"
    return response


urlpatterns = [
    path("about/actions/", catalogue, name="catalogue"),
    path("about/api/", operations, name="api_page"),
    path("rules/", rules, name="rules"),
    path("rules/<str:key>/", rule, name="rule"),
    path("audit/", audit, name="audit"),
    path("me/tokens/", my_tokens, name="tokens"),
    path("me/tokens/<uuid:token_id>/revoke/", revoke_token, name="revoke_token"),
    path("me/jobs/", jobs, name="my_jobs"),
    path("me/jobs/<uuid:job>/", job, name="job"),
]
