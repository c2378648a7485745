"""An election of the past at the desk: a Pabulib file, what is read of it, then the import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.past_files import BYTES_MAX
from dure.budgeting.queries import desk
from dure.budgeting.queries.past_elections import past_election
from dure.budgeting.words import RULES, TIES
from dure.core import clock
from dure.core.actions import Outcome
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, body_of, page, refused, see, sent
from dure.interfaces.web.budget_desk_forms import (
    COMPLETIONS,
    SATISFACTIONS,
    STARTS,
    STOPS,
    numbers_of,
    options,
)
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.uploads import TOO_LARGE
from dure.registry import spool

LABELS = {
    "content": T("파일", "File"),
    "place": T("어디에서", "Where"),
    "district": T("자치구", "District"),
    "title": T("공모 이름", "Name of the round"),
    "year": T("예산 연도", "Budget year"),
    "source": T("어디에서 온 파일인가", "Where the file comes from"),
    "rule": T("뽑는 규칙", "Rule"),
}
HELD = ("place", "title", "year", "source", "rule_name", "satisfaction", "completion", "step_won",
        "start", "stop", "threshold", "ties")  # fmt: skip
CHAINS = (
    ("id",),
    ("max_votes", "min_cost", "id"),
    ("min_cost", "id"),
    ("max_votes", "id"),
)
LARGEST = T("32 MB까지의 파일", "a file of at most 32 MB")
MISSING = T("Pabulib 파일(.pb)", "a Pabulib file (.pb)")
AGREES = {
    True: T("가져왔습니다. 센 결과가 파일에 적힌 결과와 같습니다.",
            "Imported. The count agrees with what the file says was selected."),
    False: T("가져왔습니다. 센 결과가 파일에 적힌 결과와 다릅니다. 규칙이 같은지 살펴 주세요.",
             "Imported. The count differs from what the file says; please look at the rule."),
    None: T("가져와 세었습니다. 파일에는 결과가 적혀 있지 않습니다.",
            "Imported and counted. The file does not say what was selected."),
}  # fmt: skip


def past(request: HttpRequest) -> HttpResponse:
    """The form; sent it shows what was read; sent again from there it imports."""
    actor = signed_in(request)
    places = desk.places(actor)
    if not places:
        raise Refusal(CoreCode.NOT_FOUND)
    context: dict[str, object] = {
        "places": [(place.code, str(place.name)) for place in places],
        "rules": options({code: text for code, text in RULES.items() if code != "scores"}),
        "satisfactions": options(SATISFACTIONS),
        "completions": options(COMPLETIONS),
        "starts": options(STARTS),
        "stops": options(STOPS),
        "chains": [(",".join(c), " → ".join(str(TIES[step]) for step in c)) for c in CHAINS],
        "year": clock.today().year - 1,
    }

    def again(form: Form) -> HttpResponse:
        return page(request, "budgeting/desk_import.html", {**context, "form": form},
                    status=form.status)  # fmt: skip

    if request.method != "POST":
        return page(request, "budgeting/desk_import.html", context)
    if "back" in request.POST:
        spool.drop(request.POST.get("file", ""))
        return again(Form(values=sent(request)))
    if request.POST.get("step") != "import":
        return _preview(request, again)
    return _import(request, again)


def _preview(request: HttpRequest, again: Callable[[Form], HttpResponse]) -> HttpResponse:
    """Keep the file aside and show what was read of it; a file that is refused is not kept."""
    name = ""
    try:
        name = _spooled(request)
        found = past_election(spool.path_of(name).read_bytes())
    except Refusal as refusal:
        spool.drop(name)
        return refused(request, refusal, again=again, labels=LABELS)
    typed = request.POST.dict()
    rule = [str(RULES[typed["rule_name"]])] if typed.get("rule_name") in RULES else []
    for name_of, words in (("satisfaction", SATISFACTIONS), ("completion", COMPLETIONS)):
        if typed.get(name_of) in words:
            rule.append(str(words[typed[name_of]]))
    return page(
        request,
        "budgeting/desk_import_check.html",
        {
            "found": found,
            "file": name,
            "held": [(key, typed[key]) for key in HELD if typed.get(key)],
            "typed": typed,
            "rule": ", ".join(rule),
        },
    )


def _spooled(request: HttpRequest) -> str:
    """The file that came along, in the spool. Raises Refusal."""
    file = request.FILES.get("content")
    if TOO_LARGE in request.META or (file is not None and (file.size or 0) > BYTES_MAX):
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=LARGEST)
    if file is None or not file.name:
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=MISSING)
    return spool.put(file.chunks(), file.name)


def _import(request: HttpRequest, again: Callable[[Form], HttpResponse]) -> HttpResponse:
    name = request.POST.get("file", "")
    try:
        content = spool.path_of(name).read_bytes()
    except Refusal:
        gone = Refusal(CoreCode.BAD_FIELD, field="content", range=MISSING)
        return refused(request, gone, again=again, labels=LABELS)
    district, _, organisation = request.POST.get("place", "").partition("/")
    body: dict[str, object] = {
        "district": district,
        **body_of(request, "title", "source"),
        **numbers_of(request, "year"),
        "content": content,
        "rule": _rule(request),
    }
    if organisation:
        body["organisation_id"] = organisation
    done: Any = act(  # Any: the outcome of an action of its own
        request, "budgeting.election.import", body, again=again, labels=LABELS
    )
    spool.drop(name)
    if not isinstance(done, Outcome):
        return done  # type: ignore[no-any-return]  # the page of the refusal
    messages.success(request, str(AGREES[done.result.agrees]))
    return see(reverse("web:budget_result", args=[done.result.id]))


def _rule(request: HttpRequest) -> dict[str, object]:
    """The rule as it was chosen; what it needs and nobody gave is refused by the action."""
    given = body_of(request, "satisfaction", "completion", "start", "stop")
    if given.get("completion") != "add1":
        given = {key: value for key, value in given.items() if key not in ("start", "stop")}
    return {
        "name": request.POST.get("rule_name", ""),
        **given,
        **numbers_of(request, "step_won", "threshold"),
        "ties": tuple(request.POST.get("ties", "").split(",")),
    }


urlpatterns = [path("desk/budget/import/", past, name="budget_import")]
