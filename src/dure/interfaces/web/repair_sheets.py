"""Record sheets of repair: one question a screen on a phone, many lines at a desk, blank paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from dure.core.actions import Outcome as Done
from dure.core.text import T
from dure.engines.ords_words import CATEGORIES, Barrier, Outcome
from dure.exchange import queries, words
from dure.interfaces.web.base import Form, act, body_of, known_actor, page

ROWS_MANY = 12
STEPS = (
    T("물건", "Item"),
    T("결과", "Result"),
    T("걸린 시간", "Time"),
    T("확인", "Check"),
)
LABELS = {
    "category": T("물건 종류", "Kind of item"),
    "outcome": T("결과", "Result"),
    "barrier": T("못 고친 까닭", "What prevented the repair"),
    "minutes": T("봉사 시간", "Volunteer time"),
    "brand": T("상표", "Brand"),
    "year": T("만든 해", "Year made"),
    "problem": T("고장과 고친 내용", "Fault and what was done"),
    "title": T("모임 이름", "Name of the event"),
    "place": T("곳", "Place"),
    "opens": T("시작", "Begins"),
    "closes": T("끝", "Ends"),
    "organisation_id": T("여는 조직", "Host"),
    "reason": T("이유", "Reason"),
}


def event_or_404(pool_id: UUID) -> Any:  # Any: a row of the room, whose models a face does not name
    found = queries.event(pool_id)
    if found is None:
        raise Http404
    return found


def href_of(pool_id: object) -> str:
    return reverse("web:repair_event", args=[pool_id])


def answer(response: HttpResponse | Done[Any]) -> HttpResponse:  # Any: with an address, no result
    assert isinstance(response, HttpResponse)
    return response


# --- the record sheet, one question a screen


def sheet(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """Four small steps: item, result, time, check; back without loss, no script."""
    found = event_or_404(pool_id)
    given = {
        name: request.GET.get(name, "") for name in ("category", "outcome", "barrier", "minutes")
    }
    step = _step(request, given)
    context = {
        "event": found,
        "given": given,
        "steps": STEPS,
        "step": step,
        "now": {"item": 1, "result": 2, "barrier": 2, "time": 3, "check": 4}[step],
        "categories": category_choices(),
        "outcomes": [(o.value, str(text)) for o, text in words.OUTCOMES.items()],
        "barriers": [(b.value, str(text)) for b, text in words.BARRIERS.items()],
        "facts": facts_of(given),
        "can": queries.can_at(found, known_actor(request)),
        "asked_nothing": request.GET.get("next") == "yes" and step in ("item", "result"),
    }
    if request.method != "POST":
        return page(request, "repair/sheet.html", context)
    item = {name: value for name, value in given.items() if value}
    item.update({k: str(v) for k, v in body_of(request, "brand", "year", "problem").items()})
    return answer(
        act(
            request,
            "exchange.repair.record",
            {"pool_id": str(found.id), "items": (_item(item),)},
            success_url=f"{reverse('web:repair_sheet', args=[found.id])}?saved=yes",
            again=lambda form: page(request, "repair/sheet.html", {**context, "form": _flat(form)}),
            labels=_item_labels(1),
            done=T("적었습니다. 다음 물건을 적어 주세요.", "Saved. Ready for the next item."),
        )
    )


def _step(request: HttpRequest, given: dict[str, str]) -> str:
    asked = request.GET.get("step", "")
    if given["category"] not in {str(n) for n in CATEGORIES} or asked == "item":
        return "item"
    if given["outcome"] not in {o.value for o in Outcome} or asked == "result":
        return "result"
    if given["outcome"] != Outcome.END_OF_LIFE:
        given["barrier"] = ""
    elif asked == "barrier" or "barrier" not in request.GET:
        return "barrier"
    if asked == "time" or "minutes" not in request.GET:
        return "time"
    return "check"


def category_choices() -> list[tuple[str, str]]:
    named = [(str(c.id), str(T(c.ko, c.en))) for c in CATEGORIES.values()]
    return sorted(named, key=lambda pair: pair[1])


def facts_of(given: dict[str, str]) -> list[tuple[str, str]]:
    told = []
    if given["category"].isdecimal():
        told.append((str(LABELS["category"]), str(words.category(int(given["category"])))))
    if given["outcome"] in {o.value for o in Outcome}:
        told.append((str(LABELS["outcome"]), str(words.OUTCOMES[Outcome(given["outcome"])])))
    if given["barrier"] in {b.value for b in Barrier}:
        told.append((str(LABELS["barrier"]), str(words.BARRIERS[Barrier(given["barrier"])])))
    return told


def _item(given: dict[str, str]) -> dict[str, object]:
    """A typed item of what was typed; numbers that are none stay texts and are refused."""
    item: dict[str, object] = dict(given)
    for name in ("category", "year"):
        value = given.get(name, "")
        if value.isascii() and value.isdecimal():
            item[name] = int(value)
    return item


def _flat(form: Form) -> Form:
    """Errors of one item by the field's own name: `items.0.minutes` becomes `minutes`."""
    form.errors = {
        name.removeprefix("items.0."): text for name, text in form.errors.items() if name != "items"
    }
    return form


def _item_labels(count: int) -> dict[str, T]:
    """The words of the fields of each item, by the names that the door uses."""
    return {
        f"items.{place}.{name}": text for place in range(count) for name, text in LABELS.items()
    } | LABELS


# --- many at once


def many(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """Quick entry of a paper list: one line an item, blank lines are left out."""
    found = event_or_404(pool_id)
    lines = [
        {
            name: request.POST.get(f"{name}_{number}", "").strip()
            for name in ("category", "outcome", "barrier", "minutes")
        }
        for number in range(1, ROWS_MANY + 1)
    ]
    context = {
        "event": found,
        "lines": list(enumerate(lines, 1)),
        "categories": category_choices(),
        "outcomes": [(o.value, str(text)) for o, text in words.OUTCOMES_SHORT.items()],
        "barriers": [(b.value, str(text)) for b, text in words.BARRIERS.items()],
        "can": queries.can_at(found, known_actor(request)),
    }
    if request.method != "POST":
        return page(request, "repair/many.html", context)
    used = [(n, line) for n, line in enumerate(lines, 1) if any(line.values())]
    items = tuple(_item({k: v for k, v in line.items() if v}) for _, line in used)

    def again(form: Form) -> HttpResponse:
        form.errors = {
            _cell(name, used): text
            for name, text in form.errors.items()
            if name != "items" or not used
        }
        return page(request, "repair/many.html", {**context, "form": form})

    return answer(
        act(
            request,
            "exchange.repair.record",
            {"pool_id": str(found.id), "items": items},
            success_url=href_of(found.id),
            again=again,
            labels=_item_labels(len(used)),
            done=T("모두 적었습니다.", "All were saved."),
        )
    )


def _cell(name: str, used: list[tuple[int, dict[str, str]]]) -> str:
    """`items.0.minutes` is the field `minutes_3` when the first used line is the third."""
    parts = name.split(".")
    if len(parts) == 3 and parts[1].isdecimal() and int(parts[1]) < len(used):
        return f"{parts[2]}_{used[int(parts[1])][0]}"
    return "category_1"


def paper(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """A blank record sheet on A4, for whoever has no phone at hand."""
    return page(
        request,
        "repair/paper.html",
        {
            "event": event_or_404(pool_id),
            "lines": range(1, ROWS_MANY + 1),
            "outcomes": [str(text) for text in words.OUTCOMES_SHORT.values()],
            "barriers": [str(text) for text in words.BARRIERS.values()],
        },
    )
