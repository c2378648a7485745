"""What every page of the web face shares: who asks, how an action is run, how a page is drawn.

A view parses, calls one action or one query, and renders. Forms work without script: a refused
form comes back with what was typed, a summary of errors that holds the focus, and its key.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as PaginatorPage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from dure.core import actions
from dure.core.actors import Actor
from dure.core.errors import Kind, Refusal
from dure.core.incoming import NEEDED
from dure.core.text import T
from dure.interfaces.web.signin.second_step import took_second_step

PAGE_SIZE = 20
KEY_NAME = "key"
NOT_BODY = frozenset({"csrfmiddlewaretoken", KEY_NAME, "reason"})

STATUS: Mapping[Kind, int] = {
    Kind.NOT_FOUND: 404,
    Kind.FORBIDDEN: 403,
    Kind.INVALID: 422,
    Kind.CONFLICT: 409,
    Kind.BUSY: 503,
    Kind.TOO_MANY: 429,
    Kind.ACCEPTED: 202,
    Kind.MISSING: 501,
}

EMPTY = T("%(field)s 칸을 채워 주세요.", "Please fill in: %(field)s.")
FIELD_CODES = frozenset({"core.bad_field", "core.not_an_integer", "core.out_of_range", "core.rrn"})

Labels = Mapping[str, T | str]
Again = str | Callable[["Form"], HttpResponse]
SuccessUrl = str | Callable[[actions.Outcome[Any]], str]  # Any: each action its own result


@dataclass(slots=True)
class Form:
    """A form as `c-form` and `c-field` draw it.

    values   : what was typed, by field
    errors   : a sentence by field at fault, in the order of the form
    sentence : the refusal as a whole, when no field is at fault
    key      : idempotency key; a form that is shown again keeps it
    """

    values: Mapping[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    sentence: str = ""
    key: str = ""
    status: int = 200
    code: str = ""

    @property
    def refused(self) -> bool:
        """Whether this is a form that was sent and came back."""
        return bool(self.errors or self.sentence)


def actor_of(request: HttpRequest) -> Actor:
    """Give who asks: a person of the registry, or a visitor. Grants are loaded by the door."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Actor.anonymous(origin="web")
    person = getattr(user, "person_id", None) or user.pk
    return Actor.person(
        person,
        origin="web",
        acting_for=getattr(request, "acting_for_id", None),
        assured=took_second_step(request),
    )


def known_actor(request: HttpRequest) -> Actor:
    """Give who asks with the grants in force now, for queries and menus; read once a request."""
    kept: Actor | None = getattr(request, "dure_actor", None)
    if kept is None:
        from dure.core import clock, door  # the door needs the database; error pages do not

        kept = actor_of(request)
        if kept.id is not None:
            kept = door.load_grants(kept, clock.now())
        request.dure_actor = kept  # type: ignore[attr-defined]  # kept for this request
    return kept


def sent(request: HttpRequest) -> dict[str, object]:
    """Give what a form sent: one text a field, a list where a field came more than once."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in request.POST.lists()
        if name not in NOT_BODY
    }


def body_of(request: HttpRequest, *names: str, lists: tuple[str, ...] = ()) -> dict[str, object]:
    """Give the named fields of a form as the body of an action: stripped, blank ones left out."""
    body: dict[str, object] = {}
    for name in names:
        value = request.POST.get(name, "").strip()
        if value:
            body[name] = value
    for name in lists:
        body[name] = tuple(value for value in request.POST.getlist(name) if value.strip())
    return body


def act(
    request: HttpRequest,
    name: str,
    body: Mapping[str, object],
    *,
    success_url: SuccessUrl | None = None,
    again: Again | None = None,
    context: Mapping[str, object] | None = None,
    labels: Labels | None = None,
    done: T | str | None = None,
) -> HttpResponse | actions.Outcome[Any]:  # Any: each action its own result
    """Run an action for the person who sent this form.

    success_url : where to go when it was done (303); without it the Outcome is given back
    again       : template, or function of the Form, that draws the form again on a refusal;
                  without it a page of its own says what happened and leads back
    labels      : names of the fields in words, for sentences such as "%(field)s 칸을 …"
    done        : sentence shown on the next page

    Effects: those of the action. A refusal changes nothing and keeps what was typed.
    """
    key = request.POST.get(KEY_NAME, "").strip() or None
    reason = request.POST.get("reason", "").strip() or None
    try:
        outcome = actions.run(name, body, actor_of(request), key=key, reason=reason)
    except Refusal as refusal:
        return refused(request, refusal, again=again, context=context, labels=labels)
    if success_url is None:
        return outcome
    if done:
        messages.success(request, str(done))
    href = success_url if isinstance(success_url, str) else success_url(outcome)
    return see(href)


def refused(
    request: HttpRequest,
    refusal: Refusal,
    *,
    again: Again | None = None,
    context: Mapping[str, object] | None = None,
    labels: Labels | None = None,
) -> HttpResponse:
    """Draw the refused form again, or the page of the refusal when there is no form."""
    form = form_of(request, refusal, labels or {})
    if again is None or refusal.kind is Kind.ACCEPTED:  # asked of a second person: nothing to mend
        from dure.interfaces.web import errors  # errors draws pages with this module

        return errors.refusal_page(request, refusal)
    if callable(again):
        response = again(form)
        response.status_code = form.status
        return response
    return page(request, again, {**(context or {}), "form": form}, status=form.status)


def form_of(request: HttpRequest, refusal: Refusal, labels: Labels) -> Form:
    """Give the form that was sent, with the refusal told by field where a field is at fault."""
    form = Form(values=sent(request), status=STATUS[refusal.kind], code=refusal.name)
    form.key = request.POST.get(KEY_NAME, "") or str(uuid.uuid4())
    if refusal.name == "core.key_reused":
        form.key = str(uuid.uuid4())
    for told, text in refusal.details:
        name = field_of(told, labels)
        blank = refusal.name in FIELD_CODES and not str(form.values.get(name, "-")).strip()
        if blank or str(text) == str(NEEDED):
            sentence = str(EMPTY % {"field": str(labels.get(name, name))})
        else:
            sentence = worded(refusal, name, text, labels)
        form.errors.setdefault(name, sentence)
    if not form.errors and refusal.field:
        form.errors[refusal.field] = worded(refusal, refusal.field, None, labels)
    if not form.errors:
        form.sentence = refusal.sentence()
    if labels:  # in the order of the form
        order = {name: place for place, name in enumerate(labels)}
        form.errors = dict(sorted(form.errors.items(), key=lambda item: order.get(item[0], 99)))
    return form


def field_of(told: str, labels: Labels) -> str:
    """The field of the form that a fault is of: of `board.point` it is `board`; of `rows.3.amount`
    it stays what it is, as the row is told, too."""
    head, _, rest = told.partition(".")
    is_row = rest.partition(".")[0].isdigit()
    return head if told not in labels and head in labels and not is_row else told


def worded(refusal: Refusal, name: str, text: T | None, labels: Labels) -> str:
    """Give the sentence about one field, with its name in words.

    The door tells for each field what would be accepted; other refusals bring whole sentences.
    """
    if text is not None and refusal.name not in FIELD_CODES:
        return str(text)
    places: dict[str, object] = {**refusal.places, "field": str(labels.get(name, name))}
    if text is not None:
        places["range"] = text
    return str(refusal.code.spec.text % {place: str(value) for place, value in places.items()})


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Draw a page. What a signed-in person sees is kept by no cache."""
    response = render(request, template, dict(context or {}), status=status)
    user = getattr(request, "user", None)
    if (user is not None and user.is_authenticated) or request.method == "POST":
        response["Cache-Control"] = "private, no-store"
    return response


def see(href: str) -> HttpResponse:
    """Send the browser on to an address after something was done (303)."""
    response = HttpResponseRedirect(href)
    response.status_code = 303
    return response


def paged(
    request: HttpRequest, rows: Any, size: int = PAGE_SIZE
) -> PaginatorPage[Any]:  # Any: rows of any query
    """Give the page of `rows` that the address asks for; a page that is not there is the last."""
    paginator = Paginator(rows, size)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    try:
        return paginator.page(max(number, 1))
    except EmptyPage:
        return paginator.page(paginator.num_pages)


def picked(
    request: HttpRequest,
    name: str,
    allowed: Mapping[str, object] | frozenset[str],
    default: str = "",
) -> str:
    """Give a query parameter when it is one of the allowed values, else the default."""
    value = request.GET.get(name, default)
    return value if value in allowed else default
