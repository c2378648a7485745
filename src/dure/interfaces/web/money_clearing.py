"""Clearing rounds for members: what a round would clear for me, agree or leave out, the result."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock, notices
from dure.core.actions import Outcome, run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.notices import Message
from dure.core.text import T
from dure.interfaces.web.base import act, actor_of, page, see
from dure.interfaces.web.money_frame import signed_in, tabs
from dure.interfaces.web.things import Thing, provider
from dure.ledger.queries import rounds
from dure.ledger.queries.rounds import MyRound

ANSWERS = {"agree": True, "leave": False}


def state_of(one: MyRound) -> tuple[str, T]:
    """The state of a round for one account, as a mark and in words."""
    if one.result is not None:
        return ("ok", T("서로 지움", "Cleared")) if one.result else ("draft", T("빠짐", "Left out"))
    if one.answer is not None:
        told = (
            T("동의함", "You agreed")
            if one.answer
            else T("빼 달라고 함", "You asked to be left out")
        )
        return ("wait" if one.answer else "draft"), told
    if one.can_answer:
        return "wait", T("답을 기다림", "Waiting for your answer")
    return "draft", T("답할 날이 지남", "No longer open")


def listing(request: HttpRequest) -> HttpResponse:
    """Every round that concerns one's accounts, those that wait for an answer first."""
    found = [(one, *state_of(one)) for one in rounds.mine(signed_in(request))]
    return page(
        request, "ledger/clearing_mine.html", {"found": found, "tabs": tabs("money_request")}
    )


def one(request: HttpRequest, round_id: UUID, account_id: int) -> HttpResponse:
    """One round for one account: before, after, debt by debt; agree, or leave one's debts out."""
    actor = signed_in(request)
    mine, debts = rounds.one(actor, round_id, account_id)
    here = reverse("web:money_clearing_one", args=[round_id, account_id])
    context: dict[str, object] = {
        "one": mine,
        "debts": debts,
        "state": state_of(mine),
        "news": _news(actor, round_id),
    }
    answer = request.POST.get("do", "")
    if answer == "seen":
        for notice in _news(actor, round_id):
            run("core.notice.see", {"notice_id": str(notice.id)}, actor_of(request))
        return see(here)
    if request.method != "POST" or answer not in ANSWERS:
        return page(request, "ledger/clearing_one.html", context)
    given = act(
        request,
        "ledger.clearing.consent",
        {
            "round_id": str(round_id),
            "account_id": str(account_id),
            "agreed": ANSWERS[answer],
        },
        success_url=here,
        again="ledger/clearing_one.html",
        context=context,
        done=T("답을 받았습니다.", "Your answer is noted."),
    )
    assert not isinstance(given, Outcome)
    return given


def told(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Where a notice leads: the round for the first of one's accounts that it concerns."""
    found = [one for one in rounds.mine(signed_in(request)) if one.id == round_id]
    if not found:
        raise Refusal(CoreCode.NOT_FOUND)
    return see(reverse("web:money_clearing_one", args=[round_id, found[0].account]))


def _news(actor: Actor, round_id: UUID | None = None) -> list[Message]:
    """Results of rounds that were not looked at yet."""
    paths = "/money/clearing/" if round_id is None else f"/money/clearing/{round_id}/"
    found = [one for one in notices.of(actor) if one.is_new and one.path.startswith(paths)]
    return [one for one in found if one.path != "/money/clearing/"]


@provider
def things(actor: Actor) -> list[Thing]:
    """Rounds that wait for this person's answer, and those that were settled."""
    settled = [
        Thing(
            title=str(one.subject),
            why=str(one.text),
            href=reverse("web:money_clearing_told", args=[one.path.strip("/").split("/")[-1]]),
        )
        for one in _news(actor)
    ]
    return settled + [
        Thing(
            title=str(T("빚을 서로 지울지 답하기", "Answer a clearing round")),
            why=str(
                T(
                    "받아들인 요청 가운데 서로 지울 수 있는 것이 있습니다.",
                    "Some accepted requests can be cleared against each other.",
                )
            ),
            href=reverse("web:money_clearing_one", args=[one.id, one.account]),
            due=clock.kst_date(one.closes_at),
            icon="bell",
        )
        for one in rounds.mine(actor)
        if one.waits
    ]


HERE = "money/clearing/"
urlpatterns = [
    path(HERE, listing, name="money_clearing"),
    path(f"{HERE}<uuid:round_id>/", told, name="money_clearing_told"),
    path(f"{HERE}<uuid:round_id>/<int:account_id>/", one, name="money_clearing_one"),
]
