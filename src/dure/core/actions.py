"""The action door: registration, and the one way to run a use case that changes data.

Nouns: action (행위), entry (목록 항목), outcome (결과), key (중복 방지 키), mark (행위 표시).
Law: parse → open (mark, key) → subject → policy → lock → policy → body → audit line → commit.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from typing import (
    Annotated,
    Any,
    Generic,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Strict, create_model

from dure.core.actors import Actor, Role
from dure.core.catalogue import (
    CATALOGUE,
    Entry,
    Outcome,
    Reason,
    Who,
)
from dure.core.door import pass_through
from dure.core.errors import Code
from dure.core.policies import Policy
from dure.core.running import line, subject
from dure.core.statements import Asked
from dure.core.text import T

__all__ = [
    "CATALOGUE",
    "Action",
    "Entry",
    "Outcome",
    "Reason",
    "Who",
    "action",
    "always",
    "line",
    "run",
    "subject",
]

P = ParamSpec("P")
R = TypeVar("R")


class Action(Generic[P, R]):
    """A registered action. Calling it runs the door; inside a running action it nests."""

    def __init__(self, entry: Entry, function: Callable[P, R]) -> None:
        self.entry = entry
        self.function = function
        self._signature = inspect.signature(function)
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        bound = self._signature.bind(*args, **kwargs).arguments
        actor = bound.pop("actor")
        outcome: Outcome[R] = run(self.entry.name, dict(bound), actor)
        return outcome.result


def action(
    name: str,
    *,
    ko: str,
    en: str,
    policy: Policy,
    letters: Mapping[Role, str],
    subject: Callable[[Any, Actor], object] | None = None,  # Any: each action its own body
    lock: Callable[[Any, Actor], object] | None = None,  # Any: as above
    idempotent: bool = False,
    reason: Reason = Reason.NONE,
    audit_refusals: bool = False,
    long: bool = False,
    faces: Iterable[str] = ("web", "api", "cli"),
    who: Who | Iterable[Who] = Who.PERSON,
    writes: Iterable[str] = (),
    labels: Iterable[str] = (),
    refusals: Iterable[Code] = (),
    constraints: Mapping[str, Code] | None = None,
    since: str = "0.1",
    second_person: Callable[[Any, Actor], bool] | None = None,  # Any: as above
    approver: Policy | None = None,
    reason_codes: Iterable[str] = (),
    value: bool = False,
    notices: Iterable[str] = (),
    strong: bool = False,
    for_another: bool = False,
    secret: bool = False,
    short: Callable[..., Any] | None = None,  # Any: see `Entry.short`
    ahead: Callable[[Any], Asked] | None = None,  # Any: see `Entry.ahead`
) -> Callable[[Callable[P, R]], Action[P, R]]:
    """Register an action under a permanent dotted name.

    `letters` states for each role what trust.md's letters allow (o m d p 2); the matrix test
    compares them with `policy`. `subject` and `lock` take (body, actor) and give the object acted
    on, fetched through the actor's scope, or raise `Refusal(NOT_FOUND)`. `constraints` maps names
    of database constraints, and messages of triggers, to the refusal a person reads.
    `second_person` says of (body, actor) whether an approval is needed (`always` for every call);
    the approver must pass `approver`, or `policy` when none is named. `reason_codes` closes the
    list of reasons. `value` moves value: refused while the clock is behind. `strong` reads the
    vault or gives power. Both ask a second step at sign-in of whoever acts by a mandate.
    `for_another`: staff may do this for a person without a phone; every other action refuses it.
    `secret`: a ballot's body leaves no trace on the line, no key and no hash; a retry runs again.
    Raises AssertionError at import when a
    name is taken, or policy or words are missing.
    """

    def register(function: Callable[P, R]) -> Action[P, R]:
        assert name not in CATALOGUE or CATALOGUE[name].function is function, f"{name} is taken"
        assert ko and en, f"{name} needs words in both languages"
        assert not (secret and (idempotent or second_person)), f"{name}: nothing of it is kept"
        hints = get_type_hints(function, include_extras=True)
        entry = Entry(
            name=name,
            function=function,
            text=T(ko, en),
            body=_body_schema(name, function, hints),
            result=hints["return"],
            policy=policy,
            letters=dict(letters),
            subject=subject,
            lock=lock,
            idempotent=idempotent,
            reason=reason,
            audit_refusals=audit_refusals,
            long=long,
            faces=tuple(faces),
            who=(who,) if isinstance(who, Who) else tuple(who),
            writes=tuple(writes),
            labels=tuple(labels),
            refusals=tuple(refusals),
            constraints=dict(constraints or {}),
            since=since,
            second_person=second_person,
            approver=approver,
            reason_codes=tuple(reason_codes),
            value=value,
            notices=tuple(notices),
            short=short,
            ahead=ahead,
            strong=strong,
            for_another=for_another,
            secret=secret,
        )
        CATALOGUE[name] = entry
        return Action(entry, function)

    return register


def always(body: object, actor: Actor) -> bool:
    """For `second_person`: every call needs one."""
    return True


def _body_schema(
    name: str, function: Callable[..., object], hints: Mapping[str, Any]
) -> type[BaseModel]:
    """Draw the closed, strict body schema from the parameters before ``*``."""
    fields: dict[str, Any] = {}  # Any: pydantic's own field definitions
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "actor":
            continue
        assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD, f"{name}: {parameter.name}"
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (_open_sequences(hints[parameter.name]), default)
    title = "".join(word.capitalize() for word in name.replace("_", ".").split("."))
    return create_model(
        f"{title}Body",
        __config__=ConfigDict(strict=True, frozen=True, extra="forbid"),
        **fields,
    )


def _open_sequences(kind: Any) -> Any:  # Any: walks arbitrary annotations
    """Let a list stand for a tuple and the reverse: JSON and forms know one kind of sequence.

    What stands inside keeps its strict type.
    """
    origin = get_origin(kind)
    if origin in (tuple, list) or (
        origin is Annotated and get_origin(get_args(kind)[0]) in (tuple, list)
    ):
        return Annotated[kind, Strict(False)]
    if origin in (Union, types.UnionType):
        opened = tuple(_open_sequences(one) for one in get_args(kind))
        return Union[opened]  # noqa: UP007  # built at run time
    return kind


def run(
    name: str,
    body: Mapping[str, object],
    actor: Actor,
    key: str | None = None,
    reason: str | None = None,
    approval: UUID | None = None,
) -> Outcome[Any]:  # Any: each action its own result
    """Run the action `name` with `body` for `actor`: the door.

    `key` makes a retry safe: the same key and body give the first answer again; another body is
    refused. Raises `Refusal` for every expected no; then nothing was changed.
    """
    return pass_through(CATALOGUE[name], body, actor, key=key, reason=reason, approval=approval)
