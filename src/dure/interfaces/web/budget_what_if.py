"""What if: a published vote counted again with another cost, budget or rule."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries.what_if import SHARES, TryPage, try_page, try_view
from dure.budgeting.trying import THRESHOLD, Asked
from dure.core import parsers
from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.text import T
from dure.interfaces.web.base import STATUS, Form, known_actor, page, worded
from dure.interfaces.web.budget import shown_call

ROWS = ("1", "2", "3")
PLAIN = ("part", "budget", "rule", "completion", "step", "threshold")
NAMES = (*PLAIN, *(kind + row for row in ROWS for kind in ("code", "cost")))
COMPLETIONS = {
    "none": T("그대로 둠", "Leave it"),
    "utilitarian": T("표가 많은 순서로 더 뽑음", "Add those with most votes"),
    "comparison": T("다득표와 견주어 더 많은 사람이 나은 쪽", "Compare with most votes"),
    "add1": T("모든 표에 조금씩 더함", "Raise every ballot's share by steps"),
}
LABELS = {
    "budget": T("쓸 수 있는 돈", "Money"),
    "step": T("한 표당 늘릴 돈", "Money added per ballot"),
    "threshold": T("최저 표수", "Least votes"),
    "rule": T("규칙", "Rule"),
    **{f"code{row}": T("사업", "Project") for row in ROWS},
    **{f"cost{row}": T("이 사업의 비용", "Its cost") for row in ROWS},
}
FIELDS = {"step_won": "step", "costs": "code1"}
NO_COST = T("바꾼 비용을 적어 주세요.", "Please give the other cost.")
NO_PROJECT = T("어느 사업의 비용인지 골라 주세요.", "Please choose whose cost this is.")


class _Fault(Exception):
    """A field that cannot be read, with its sentence."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name)
        self.name, self.text = name, text


def what_if(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The form and, once something is changed, what would have won beside what did."""
    call = shown_call(request, call_id)
    given = {name: request.GET[name].strip() for name in NAMES if request.GET.get(name, "").strip()}
    shown = try_page(call_id, _part(given), known_actor(request))
    context: dict[str, object] = {"one": call, "shown": shown, "rows": ROWS}
    if shown is None:
        return page(request, "budgeting/what_if.html", context)
    form = Form(values=given)
    context |= {"form": form, **_choices(shown)}
    try:
        asked = _asked(given)
        if asked != Asked():
            found = try_view(shown, asked)
            context |= {"found": found, "permalink": _permalink(call_id, given)}
    except _Fault as fault:
        form.errors, form.status = {fault.name: fault.text}, STATUS[Kind.INVALID]
    except Refusal as refusal:
        _refused(form, refusal)
    answer = page(request, "budgeting/what_if.html", context, status=form.status)
    if given:
        answer["X-Robots-Tag"] = "noindex, nofollow"
    if form.status == STATUS[Kind.TOO_MANY] or form.status == STATUS[Kind.BUSY]:
        answer["Retry-After"] = "30"
    return answer


def _part(given: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(given["part"]) if "part" in given else None
    except ValueError:
        raise Refusal(CoreCode.NOT_FOUND, field="part") from None


def _choices(shown: TryPage) -> dict[str, object]:
    return {
        "parts": [(str(one.id), str(one.name)) for one in shown.parts],
        "rules": [(word, str(text)) for word, text in shown.rules],
        "completions": [(word, str(text)) for word, text in COMPLETIONS.items()],
        "projects": [(one.code, f"{one.code}. {one.name}") for one in shown.projects],
        "has_shares": any(word.startswith(SHARES) for word, _ in shown.rules),
    }


def _asked(given: Mapping[str, str]) -> Asked:
    """What the address asks. Raises _Fault."""
    rule = given.get("rule", "")
    completion = given.get("completion", "none") if rule.startswith(SHARES) else "none"
    if completion not in COMPLETIONS:
        raise _Fault("completion", str(T("목록에서 골라 주세요.", "Please choose from the list.")))
    return Asked(
        costs=_costs(given),
        budget_won=_won(given, "budget"),
        rule=rule,
        completion=completion,
        step_won=_won(given, "step") if completion == "add1" else None,
        threshold=_won(given, "threshold") if rule == THRESHOLD else None,
    )


def _costs(given: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for row in ROWS:
        code, won = given.get(f"code{row}"), _won(given, f"cost{row}")
        if code is None and won is not None:
            raise _Fault(f"code{row}", str(NO_PROJECT))
        if code is not None:
            if won is None:
                raise _Fault(f"cost{row}", str(NO_COST))
            found[code] = won
    return tuple(sorted(found.items()))


def _won(given: Mapping[str, str], name: str) -> int | None:
    if name not in given:
        return None
    try:
        return (
            parsers.won(given[name], stock=True) if name != "budget" else parsers.won(given[name])
        )
    except parsers.ParseError as error:
        refusal = Refusal(error.code, field=name, range=error.accepted)
        raise _Fault(name, worded(refusal, name, None, LABELS)) from None


def _refused(form: Form, refusal: Refusal) -> None:
    name = FIELDS.get(refusal.field or "", refusal.field or "")
    form.status, form.code = STATUS[refusal.kind], refusal.name
    if name in LABELS and refusal.kind is Kind.INVALID:
        form.errors = {name: worded(refusal, name, None, LABELS)}
    else:
        form.sentence = refusal.sentence()


def _permalink(call_id: UUID, given: Mapping[str, str]) -> str:
    return f"{reverse('web:budget_what_if', args=[call_id])}?{urlencode(given)}"


urlpatterns = [path("budget/<uuid:call_id>/what-if/", what_if, name="budget_what_if")]
