"""Programmes: what there is, one with its rules and figures; join, open, close; voucher lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actions import run
from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.text import T
from dure.interfaces.web import errors, money_words
from dure.interfaces.web.base import (
    KEY_NAME,
    actor_of,
    body_of,
    known_actor,
    page,
    paged,
    picked,
    refused,
    see,
)
from dure.interfaces.web.formats import portion
from dure.ledger.boxes import BOXES, RuleRow
from dure.ledger.lists import FAULTS
from dure.ledger.queries import circulation, programmes
from dure.ledger.queries.programmes import ProgrammeView

FILE_MAX = 2_000_000
PPM = 1_000_000
WINDOW_DAYS = 90
STATES = {
    "open": ("ok", T("열림", "Open")),
    "closing": ("wait", T("마치는 중", "Ending")),
    "closed": ("draft", T("마침", "Ended")),
}
PASS_ON = {
    True: T("이웃에게 넘겨줄 수 있음", "may be passed on"),
    False: T("가맹점에서만 씀", "spent at shops alone"),
}
LABELS: Mapping[str, T] = {
    "organisation_id": T("여는 조직", "Organisation"),
    "name": T("사업 이름", "Name"),
    "opens": T("시작하는 날", "First day"),
    "closes": T("끝나는 날", "Last day"),
    "reason": T("이유", "Reason"),
    "content": T("명단 파일", "List"),
    "valid_from": T("쓸 수 있는 첫날", "First day"),
    "valid_to": T("쓸 수 있는 마지막 날", "Last day"),
    "shop_id": T("가맹점", "Shop"),
    "sales": T("한 해 매출", "Yearly sales"),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Every time bank, currency and voucher that was opened here."""
    rows = paged(request, programmes.listing())
    found = [(one, *STATES[one.state]) for one in programmes.cards(rows.object_list)]
    return page(
        request,
        "ledger/programmes.html",
        {"rows": rows, "found": found, "runs": bool(programmes.runners(known_actor(request)))},
    )


def one(request: HttpRequest, code: str) -> HttpResponse:
    """A programme: what it is, its rules with their source, its totals; join, close, lists."""
    actor = known_actor(request)
    shown = programmes.one(actor, code)
    context = _context(request, shown)
    if request.method != "POST":
        return page(request, "ledger/programme.html", context)
    name, body = _asked(request, shown)
    return _run(request, name, body, reverse("web:programme", args=[code]), context)


def _context(request: HttpRequest, shown: ProgrammeView) -> dict[str, object]:
    actor = known_actor(request)
    context: dict[str, object] = {
        "one": shown,
        "card": shown.card,
        "state": STATES[shown.card.state],
        "rules": [(row, told_value(row)) for row in shown.rules],
        "signed_in": actor.id is not None,
        "shop_count": len(shown.shops),
        "today": clock.today(),
    }
    if shown.is_kept:
        until = clock.today()
        moved = circulation.figures(
            actor, shown.card.id, until - timedelta(days=WINDOW_DAYS - 1), until
        )
        context["moved"] = moved
        context["portions"] = {
            "velocity": tenths(moved.velocity_year),
            "idle": percent(moved.idle),
            "top": percent(moved.top),
            "cycled": percent(moved.cycles.portion),
        }
        if shown.has_lots:
            context["lists"] = [
                (
                    found,
                    [(row, str(FAULTS[row.fault]) if row.fault else "") for row in found.rows],
                )
                for found in programmes.lists_of(actor, shown.card.id)
            ]
    return context


def percent(value: Fraction | None) -> str:
    """Write a part of a whole as percent; "" where there is none."""
    return "" if value is None else portion(value.numerator, value.denominator)


def tenths(value: Fraction | None) -> str:
    """Write a number with one place; "" where there is none."""
    if value is None:
        return ""
    whole, tenth = divmod((value.numerator * 10 + value.denominator // 2) // value.denominator, 10)
    return f"{whole:,}.{tenth}"


def told_value(row: RuleRow) -> str:
    """Write a rule's value with its unit, as people read it."""
    if not isinstance(row.value, int):
        return str(row.value or "–")
    if row.key.endswith(".pass_on"):
        return str(PASS_ON[bool(row.value)])
    if row.unit == "ppm":
        return portion(row.value, PPM)
    if row.unit == "minute":
        return money_words.amount(row.value, "TIME")
    if row.unit in ("won", "minor unit"):
        return money_words.amount(row.value, "KRW")
    words = {"month": T("%(n)s달", "%(n)s months"), "day": T("%(n)s일", "%(n)s days")}
    return words[row.unit] % {"n": row.value} if row.unit in words else f"{row.value:,}"


def _asked(request: HttpRequest, shown: ProgrammeView) -> tuple[str, dict[str, object]]:
    """The action that a form of the page asks for, and its body."""
    asked, number = request.POST.get("do", ""), {"programme_id": shown.card.id}
    if asked == "join":
        return "ledger.programme.join", dict(number)
    if asked == "close":
        return "ledger.programme.close", dict(number)
    if asked == "list":
        file = request.FILES.get("file")
        content = file.read(FILE_MAX + 1) if file is not None else b""
        dates = body_of(request, "valid_from", "valid_to", "note")
        return "ledger.lot.prepare", {**number, "content": content or b" ", **dates}
    if asked == "issue":
        return "ledger.lot.issue", {"list_id": request.POST.get("list_id", "")}
    if asked == "recall":
        return "ledger.lot.recall", {"lot_id": request.POST.get("lot_id", "")}
    raise Refusal(CoreCode.NOT_FOUND)


def _run(
    request: HttpRequest,
    name: str,
    body: dict[str, object],
    href: str,
    context: dict[str, object],
    again: str = "ledger/programme.html",
) -> HttpResponse:
    """Run an action of the form; one that waits for a second person says so on its own page."""
    key = request.POST.get(KEY_NAME, "").strip() or None
    reason = request.POST.get("reason", "").strip() or None
    try:
        run(name, body, actor_of(request), key=key, reason=reason)
    except Refusal as refusal:
        if refusal.kind is Kind.ACCEPTED:
            return errors.refusal_page(request, refusal)
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    return see(href)


def new(request: HttpRequest) -> HttpResponse:
    """Open a programme: what and who first, then one page with its rules, signed or not."""
    actor = known_actor(request)
    organisations = programmes.runners(actor)
    kind = picked(request, "kind", BOXES)
    runner = picked(request, "organisation", frozenset(number for number, _ in organisations))
    context: dict[str, object] = {
        "organisations": organisations,
        "kinds": [(box.kind, str(box.text), str(box.about)) for box in BOXES.values()],
        "kind": kind,
        "runner": runner,
        "today": clock.today(),
        "steps": [
            str(T("무엇을 누가", "What and who")),
            str(T("규칙과 이름", "Rules and name")),
            str(T("두 번째 사람", "Second person")),
        ],
    }
    if kind and runner:
        context["box"] = BOXES[kind]
        context["rows"] = [
            (row, row.key.rsplit(".", 1)[1], told_value(row))
            for row in programmes.rules_for(kind, runner)
        ]
    if request.method != "POST":
        return page(request, "ledger/programme_new.html", context)
    body: dict[str, object] = {
        "organisation_id": runner,
        "kind": kind,
        **body_of(request, "name", "name_en", "opens", "closes"),
        "rules": _signed(request, programmes.rules_for(kind, runner)),
    }
    return _run(
        request,
        "ledger.programme.open",
        body,
        reverse("web:programmes"),
        context,
        "ledger/programme_new.html",
    )


def _signed(request: HttpRequest, rows: tuple[RuleRow, ...]) -> tuple[dict[str, object], ...]:
    """The rules that the form signs: those with a value and a source typed in."""
    found = []
    for row in rows:
        part = row.key.rsplit(".", 1)[1]
        typed = request.POST.get(f"value_{part}", "").strip()
        source = request.POST.get(f"source_{part}", "").strip()
        if not typed or not source:
            continue
        given: dict[str, object] = {"part": part, "source": source}
        given["value" if isinstance(row.value, int) else "words"] = typed
        found.append(given)
    return tuple(found)


urlpatterns = [
    path("programmes/", listing, name="programmes"),
    path("programmes/new/", new, name="programme_new"),
    path("programmes/<slug:code>/", one, name="programme"),
]
