"""The treasurer's pages: books, accounts, limits, corrections."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, page, paged, picked, refused
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.money_words import UNIT_NAMES, limit_text, typed_limit
from dure.ledger import words
from dure.ledger.queries import keeping, receipts
from dure.ledger.queries.keeping import KeptAccount
from dure.registry.queries.desk import desk

LABELS = {
    "name": T("장부 이름", "Name of the book"),
    "label": T("계정 이름", "Name of the account"),
    "unit": T("단위", "Unit"),
    "type": T("갈래", "Type"),
    "owner_organisation": T("주인 조직의 번호", "Id of the organisation that owns it"),
    "owner_person": T("주인의 번호", "Id of the person who owns it"),
    "handle": T("받는 이름", "Handle"),
    "lo": T("하한", "Floor"),
    "hi": T("상한", "Ceiling"),
    "reason": T("이유", "Reason"),
    "transfer_id": T("이체 번호", "Number of the transfer"),
}
LIMIT_EXAMPLES = {
    "TIME": T(
        "2시간 30분, 150분처럼. 빌려 쓰게 하려면 앞에 -를 붙여 -10시간. 비우면 한도 없음.",
        "Such as 2 h 30 min or 150. With - before it for a credit line: -10 h. Blank: no limit.",
    ),
    "KRW": T(
        "3,000처럼. 빌려 쓰게 하려면 앞에 -를 붙여 -100,000. 비우면 한도 없음.",
        "Such as 3,000. With - before it for a credit line: -100,000. Blank: no limit.",
    ),
}
STATE_DEEDS = {
    "freeze": T("계정을 멈췄습니다.", "The account is frozen."),
    "thaw": T("계정을 다시 열었습니다.", "The account is open again."),
    "close": T("계정을 닫았습니다.", "The account is closed."),
}


def index(request: HttpRequest) -> HttpResponse:
    """The organisations whose books one keeps."""
    actor = signed_in(request)
    kept = [(one, name, keeping.books(actor, one)) for one, name in keeping.organisations(actor)]
    return page(request, "ledger/treasury.html", {"kept": kept, **_tasks(actor)})


def _tasks(actor: Actor, organisation_id: UUID | None = None) -> dict[str, object]:
    """What waits for the actor's answer, and what the actor asked of others."""
    found = desk(actor)
    asked = [one for one in found.todo if one.kind == "approval"]
    waiting = [one for one in found.waiting if one.kind == "approval"]
    if organisation_id is not None:
        asked = [one for one in asked if one.organisation_id == organisation_id]
    return {"asked": asked, "waiting": waiting}


def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The books of one organisation; a new one is opened here."""
    actor = signed_in(request)
    context: dict[str, object] = {
        "organisation": organisation_id,
        "books": keeping.books(actor, organisation_id),
        "name": dict(keeping.organisations(actor))[str(organisation_id)],
        **_tasks(actor, organisation_id),
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_books.html", context)
    return _answer(
        act(
            request,
            "ledger.book.open",
            {"organisation_id": str(organisation_id), **body_of(request, "name")},
            success_url=lambda done: reverse("web:treasury_book", args=[done.result.id]),
            again="ledger/treasury_books.html",
            context=context,
            labels=LABELS,
            done=T("장부를 열었습니다.", "The book is open."),
        )
    )


def book(request: HttpRequest, book_id: int) -> HttpResponse:
    """The accounts of a book: search, filters, pages; a new account is opened here."""
    actor = signed_in(request)
    found = keeping.book(actor, book_id)
    units = [(code, str(T(ko, en))) for code, ko, en in keeping.units()]
    text = request.GET.get("q", "").strip()[:60]
    unit = picked(request, "unit", frozenset(UNIT_NAMES))
    status = picked(request, "status", words.STATUSES)
    rows = paged(request, keeping.sought(found.id, text=text, unit=unit, status=status))
    context: dict[str, object] = {
        "book": found,
        "rows": rows,
        "accounts": keeping.views(list(rows.object_list)),
        "total": rows.paginator.count,
        "sought": request.GET,
        "filtered": bool(text or unit or status),
        "units": units,
        "types": [(code, str(text)) for code, text in words.ACCOUNT_TYPES.items()],
        "statuses": [(code, str(text)) for code, text in words.STATUSES.items()],
        "type_words": words.ACCOUNT_TYPES,
        "status_words": words.STATUSES,
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_book.html", context)
    fields = ("unit", "type", "label", "owner_organisation", "owner_person", "handle")
    return _answer(
        act(
            request,
            "ledger.account.open",
            {"book_id": str(book_id), **body_of(request, *fields)},
            success_url=lambda done: reverse("web:treasury_account", args=[done.result.id]),
            again="ledger/treasury_book.html",
            context=context,
            labels=LABELS,
            done=T("계정을 열었습니다.", "The account is open."),
        )
    )


def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: what stands in it, its limits with every change, freezing and closing."""
    actor = signed_in(request)
    found = keeping.account(actor, account_id)
    context: dict[str, object] = {
        "account": found,
        "changes": keeping.limit_changes(found.book_id, found.id),
        "lo_text": limit_text(found.lo, found.unit),
        "hi_text": limit_text(found.hi, found.unit),
        "example": LIMIT_EXAMPLES["TIME" if found.unit == "TIME" else "KRW"],
        "type_words": words.ACCOUNT_TYPES,
        "status_words": words.STATUSES,
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_account.html", context)
    here = reverse("web:treasury_account", args=[account_id])
    deed = request.POST.get("do", "")
    if deed in STATE_DEEDS:
        name, more, done = f"ledger.account.{deed}", {}, STATE_DEEDS[deed]
    else:
        name = "ledger.account.limit"
        again = "ledger/treasury_account.html"
        try:
            more = _limits(request, found)
        except Refusal as refusal:
            return refused(request, refusal, again=again, context=context, labels=LABELS)
        done = T("한도를 바꾸었습니다.", "The limits are changed.")
    return _answer(
        act(
            request,
            name,
            {"account_id": str(account_id), **more},
            success_url=here,
            again="ledger/treasury_account.html",
            context=context,
            labels=LABELS,
            done=done,
        )
    )


def _limits(request: HttpRequest, found: KeptAccount) -> dict[str, object]:
    """Floor and ceiling as typed in words of the unit; a blank one is unlimited."""
    typed = {
        name: typed_limit(request.POST.get(name, ""), found.unit, field=name)
        for name in ("lo", "hi")
    }
    return {name: value for name, value in typed.items() if value is not None}


def reverse_transfer(request: HttpRequest, book_id: int) -> HttpResponse:
    """Undo a transfer by its number: what it was, what will happen, and why; two people."""
    actor = signed_in(request)
    found = keeping.book(actor, book_id)
    asked = request.POST.get("transfer_id") or request.GET.get("transfer_id") or ""
    context: dict[str, object] = {"book": found, "typed": asked}
    if asked:
        try:
            context["receipt"] = receipts.one(actor, _number(asked))
        except Refusal as refusal:
            again = "ledger/treasury_reverse.html"
            return refused(request, refusal, again=again, context=context, labels=LABELS)
    if request.method != "POST":
        return page(request, "ledger/treasury_reverse.html", context)
    return _answer(
        act(
            request,
            "ledger.transfer.reverse",
            {"transfer_id": asked},
            success_url=reverse("web:treasury_changes", args=[book_id]),
            again="ledger/treasury_reverse.html",
            context=context,
            labels=LABELS,
            done=T("되돌렸습니다.", "It is reversed."),
        )
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refusal(CoreCode.NOT_FOUND, field="transfer_id")
    return int(text)


def _answer(given: HttpResponse | Outcome[object]) -> HttpResponse:
    assert not isinstance(given, Outcome)
    return given


HERE = "treasury/"
BOOK = f"{HERE}books/<int:book_id>/"
urlpatterns = [
    path(HERE, index, name="treasury"),
    path(f"{HERE}<uuid:organisation_id>/", organisation, name="treasury_books"),
    path(BOOK, book, name="treasury_book"),
    path(f"{BOOK}reverse/", reverse_transfer, name="treasury_reverse"),
    path(f"{HERE}accounts/<int:account_id>/", account, name="treasury_account"),
]
