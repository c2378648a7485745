"""Moderation at the desk: one thing to hide or show again, and the log of a round."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import calls, moderation, proposals
from dure.budgeting.words import MODERATED, RESTORED, TARGETS
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page, paged
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_desk_forms import options
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.things import Thing, provider

LABELS = {
    "reason_code": T("까닭", "Kind of reason"),
    "reason": T("설명", "Explanation"),
}
DONE = {
    "hide": T("가렸습니다. 쓴 사람에게 알렸습니다.", "Hidden. Whoever wrote it was told."),
    "show": T("다시 보입니다. 쓴 사람에게 알렸습니다.",
              "Shown again. Whoever wrote it was told."),
    "uphold": T("가린 채로 두기로 했습니다.", "It stays hidden."),
}  # fmt: skip
APPEAL = T("이의 살피기: 제안 %(n)s번", "Answer an appeal: proposal %(n)s")
APPEAL_WHY = T(
    "가린 것에 이의가 들어왔습니다. 가린 사람이 아닌 담당자가 답합니다.",
    "Somebody appeals against a hiding. Who did not hide it answers.",
)


def moderate(request: HttpRequest, call_id: UUID, proposal_id: UUID) -> HttpResponse:
    """One comment, photo or text: what it says, and the form to hide it or to show it again."""
    shown = kept(request, call_id)
    actor = known_actor(request)
    key = request.GET.get("id", "")
    found = proposals.proposal_view(proposal_id, actor)
    thing = moderation.thing(proposal_id, request.GET.get("target", ""), _key(key), actor)
    if thing is None or found is None or found.row.call != call_id:
        raise Refusal(CoreCode.NOT_FOUND)
    context: dict[str, object] = {
        "one": shown,
        "found": found,
        "thing": thing,
        "hiding": options(dict(MODERATED)),
        "showing": options(dict(RESTORED)),
        "offered": _offered(thing),
    }
    if request.method != "POST":
        return page(request, "budgeting/desk_moderate.html", context)
    do = request.POST.get("do", "")
    if do not in DONE:
        raise Refusal(CoreCode.NOT_FOUND)
    body: dict[str, object] = {"proposal_id": str(proposal_id), "target": thing.target}
    body |= body_of(request, "reason_code") if do != "uphold" else {}
    if thing.key:
        body["target_id"] = thing.key
    answer = act(
        request,
        f"budgeting.moderation.{do}",
        body,
        success_url=reverse("web:budget_desk_proposal", args=[call_id, proposal_id]),
        again="budgeting/desk_moderate.html",
        context=context,
        labels=LABELS,
        done=DONE[do],
    )
    assert isinstance(answer, HttpResponse)
    return answer


def _key(typed: str) -> str:
    try:
        return str(UUID(typed)) if typed else ""
    except ValueError:
        raise Refusal(CoreCode.NOT_FOUND) from None


def _offered(thing: moderation.Thing) -> list[str]:
    """The forms of the page; a refusal of another stands at the top."""
    if thing.is_own:
        return []
    if thing.veil is None:
        return ["hide"]
    return ["show", "uphold"] if thing.veil.appeal and not thing.hid_it else ["show"]


def log(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Every act of moderation in a round, for those who run it and those who audit it."""
    signed_in(request)
    actor = known_actor(request)
    shown = calls.call_view(call_id, actor)
    if shown is None or not moderation.may_read_log(call_id, actor):
        raise Refusal(CoreCode.NOT_FOUND)
    rows = paged(request, moderation.log(call_id, actor))
    return page(
        request,
        "budgeting/desk_log.html",
        {
            "one": shown,
            "rows": rows,
            "acts": moderation.log_rows(list(rows.object_list), call_id),
            "may_answer": "desk" in shown.can,
        },
    )


@provider
def things(actor: Actor) -> list[Thing]:
    """Appeals that wait for an answer."""
    found = []
    for one in moderation.open_appeals(actor):
        address = reverse("web:budget_moderate", args=[one.call, one.proposal])
        more = f"&id={one.key}" if one.key else ""
        href = f"{address}?target={one.target}{more}"
        title = APPEAL % {"n": one.number}
        found.append(Thing(f"{title} ({TARGETS[one.target]})", str(APPEAL_WHY), href, icon="alert"))
    return found


HERE = "desk/budget/<uuid:call_id>/"
urlpatterns = [
    path(f"{HERE}proposals/<uuid:proposal_id>/moderate/", moderate, name="budget_moderate"),
    path(f"{HERE}moderation/", log, name="budget_log"),
]
