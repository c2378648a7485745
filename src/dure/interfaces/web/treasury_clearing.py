"""Clearing rounds for keepers of a book: propose one, see who answered, settle it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, page
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.money_words import UNIT_NAMES
from dure.ledger.queries import keeping, rounds
from dure.ledger.queries.rounds import KeptRound

LABELS = {"unit": T("단위", "Unit"), "round_id": T("상계", "Round")}


def state_of(one: KeptRound) -> tuple[str, T]:
    """The state of a round, as a mark and in words."""
    if one.state == "settled":
        return "ok", T("서로 지움", "Cleared")
    if one.is_over:
        return "wait", T("답할 날이 지남", "Answers are closed")
    return "wait", T("답을 받는 중", "Collecting answers")


def listing(request: HttpRequest, book_id: int) -> HttpResponse:
    """What is open in the book, a new round, and the rounds before."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    debts = rounds.open_debts(book.id)
    context: dict[str, object] = {
        "book": book,
        "debts": debts,
        "units": [(one.unit, str(UNIT_NAMES[one.unit])) for one in debts if one.clears],
        "found": [(one, *state_of(one)) for one in rounds.of_book(book.id)],
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_clearing.html", context)
    given = act(
        request,
        "ledger.clearing.propose",
        {"book_id": str(book.id), **body_of(request, "unit")},
        success_url=lambda done: reverse("web:treasury_round", args=[done.result.id]),
        again="ledger/treasury_clearing.html",
        context=context,
        labels=LABELS,
        done=T("제안했습니다. 회원에게 알렸습니다.", "It is proposed. Members are told."),
    )
    assert not isinstance(given, Outcome)
    return given


def one(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A round account by account: who answered, what would be cleared now; settle it."""
    actor = signed_in(request)
    found = rounds.kept(actor, round_id)
    context: dict[str, object] = {
        "one": found,
        "state": state_of(found),
        "book": keeping.book(actor, found.book_id),
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_round.html", context)
    given = act(
        request,
        "ledger.clearing.settle",
        {"round_id": str(round_id)},
        success_url=reverse("web:treasury_round", args=[round_id]),
        again="ledger/treasury_round.html",
        context=context,
        labels=LABELS,
        done=T("동의한 요청을 서로 지웠습니다.", "The requests of those who agreed are cleared."),
    )
    assert not isinstance(given, Outcome)
    return given


urlpatterns = [
    path("treasury/books/<int:book_id>/clearing/", listing, name="treasury_clearing"),
    path("treasury/clearing/<uuid:round_id>/", one, name="treasury_round"),
]
