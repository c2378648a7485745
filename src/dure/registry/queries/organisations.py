"""One organisation as its page shows it: facts, dated statements, history; and the map's counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine
from dure.core.text import T, active_language
from dure.registry import policies, words
from dure.registry.models import (
    Centre,
    District,
    Mandate,
    Membership,
    Organisation,
)
from dure.registry.queries.search import Filters, conditions

HISTORY_MAX = 50
LATEST_MAX = 8
QUIET = frozenset({"flattened", "class"})
# What nobody has reviewed, and who comes and goes, is not told on a public page.
UNTOLD = frozenset(
    {
        "registry.organisation.propose",
        "registry.organisation.withdraw",
        "registry.membership.apply",
        "registry.membership.admit",
        "registry.membership.leave",
    }
)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status and how well it is known."""

    id: UUID
    code: str
    begins: date | None
    ends: date | None
    issuer: str
    certificate: str
    evidence_class: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """A yearly value, who stated it and what it replaced."""

    id: UUID
    year: int
    kind: str
    value: int
    source: str
    evidence_class: str
    stated_at: datetime
    before: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what, when and why, in words; the parts that `c-history` draws."""

    text: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Linked:
    """Another organisation this one is tied to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do with an organisation; templates ask this and never a role."""

    keep: bool
    set_status: bool
    confirm: bool
    state_year: bool
    propose: bool
    merge: bool
    apply: bool
    give_mandate: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One organisation with what is said of it."""

    id: UUID
    name: str
    name_en: str
    form: str
    district: str
    state: str | None
    state_since: date | None
    founded_on: date | None
    ended_on: date | None
    address: str
    numbers: tuple[tuple[str, str], ...]
    contacts: tuple[tuple[str, str], ...]
    former_names: tuple[tuple[str, date | None, date | None], ...]
    statuses: tuple[StatusRow, ...]
    years: tuple[YearRow, ...]
    federations: tuple[Linked, ...]
    members: tuple[Linked, ...]
    person_members: int
    centre_of: str | None
    may: May


def district_options() -> list[tuple[str, str]]:
    """Codes and names of the 25 districts, by name in the active language."""
    rows = District.objects.everything("districts are public")
    name = "name_en" if active_language() == "en" else "name"
    return [(sig, text) for sig, text in rows.order_by(name).values_list("sig", name)]


def district_name(sig: str) -> str:
    """A district's name in the active language; the code where there is none."""
    return dict(district_options()).get(sig, sig)


def kept_id(organisation_id: str, actor: Actor) -> UUID | None:
    """The id of the entry this one was merged into, or None."""
    rows = Organisation.objects.within(actor).filter(pk=organisation_id)
    return rows.values_list("merged_into_id", flat=True).first()


def detail(organisation_id: str, actor: Actor) -> Detail:
    """One organisation of the public register. Raises Refusal(NOT_FOUND)."""
    rows = Organisation.objects.within(actor)
    one: Organisation | None = rows.filter(pk=organisation_id).first()
    if one is None:
        raise Refusal(CoreCode.NOT_FOUND)
    today = clock.today()
    state = (
        one.states.filter(valid__contains=today).first() or one.states.order_by("-valid").first()
    )
    head = one.sites.filter(is_head=True, valid__contains=today).first()
    hidden = one.form == Organisation.Form.SOLE_TRADER
    ties = Membership.objects.everything("federation edges of the public register")
    living = ties.filter(valid__contains=today)
    edges = living.filter(member=one).select_related("organisation")
    inside = living.filter(organisation=one, member__isnull=False).select_related("member")
    centre = Centre.objects.everything("centres are public").filter(
        organisation=one, valid__contains=today
    )
    return Detail(
        id=one.pk,
        name=one.name,
        name_en=one.name_en,
        form=one.form,
        district=one.district_id,
        state=state.state if state else None,
        state_since=state.valid.lower if state else None,
        founded_on=one.founded_on,
        ended_on=one.ended_on,
        address=head.address if head and not hidden else "",
        numbers=tuple(
            (number.scheme, grouped(number.scheme, number.digits))
            for number in one.numbers.filter(valid__contains=today).order_by("scheme")
        ),
        contacts=tuple(
            one.contacts.filter(is_public=True).order_by("kind").values_list("kind", "value")
        ),
        former_names=tuple(
            (name.name, name.valid.lower, name.valid.upper)
            for name in one.names.exclude(name=one.name).order_by("-valid")
        ),
        statuses=_statuses(one, today),
        years=_years(one),
        federations=tuple(Linked(edge.organisation.pk, edge.organisation.name) for edge in edges),
        members=tuple(Linked(edge.member.pk, edge.member.name) for edge in inside if edge.member),
        person_members=living.filter(organisation=one, person__isnull=False).count(),
        centre_of=centre.values_list("district_id", flat=True).first(),
        may=may(one, actor),
    )


def may(one: Organisation, actor: Actor) -> May:
    """What an actor, with grants loaded, may do with an organisation."""
    now = clock.now()
    return May(
        keep=policies.may_keep_organisation.holds(actor, one, now),
        set_status=policies.may_set_status.holds(actor, one, now),
        confirm=policies.may_confirm_status.holds(actor, one, now),
        state_year=policies.may_state_year.holds(actor, one, now),
        propose=policies.may_propose_edit.holds(actor, one, now),
        merge=policies.may_merge.holds(actor, one, now),
        apply=policies.may_apply.holds(actor, one, now),
        give_mandate=policies.may_give_mandate.holds(actor, one, now),
    )


def grouped(scheme: str, digits: str | None) -> str:
    """A number as it is printed: 999-00-10004, 999930-1000000; hidden ones as dots."""
    if digits is None:
        return "•••"
    if scheme == "biz":
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    return f"{digits[:6]}-{digits[6:]}"


def _statuses(one: Organisation, today: date) -> tuple[StatusRow, ...]:
    rows = [row for row in one.statuses.order_by("code", "-valid") if not row.valid.isempty]
    return tuple(
        StatusRow(
            row.pk,
            row.code,
            row.valid.lower,
            row.valid.upper,
            row.issuer,
            row.certificate,
            row.evidence_class,
            (row.valid.lower or today) <= today and today < (row.valid.upper or date.max),
        )
        for row in rows
    )


def _years(one: Organisation) -> tuple[YearRow, ...]:
    rows = one.years.filter(orgyear__isnull=True).select_related("corrects")
    ordered = sorted(rows, key=lambda row: (-row.year, row.kind))
    return tuple(
        YearRow(
            row.pk,
            row.year,
            row.kind,
            row.value,
            row.source,
            row.evidence_class,
            row.stated_at,
            row.corrects.value if row.corrects else None,
        )
        for row in ordered
    )


def history(organisation_id: UUID) -> list[Deed]:
    """What was done to an organisation, newest first, at most 50: deeds in words, no names.

    An actor is told by the mandate held at that moment, never by name.
    """
    rows = AuditLine.objects.everything("deeds of the public register, told without persons")
    lines = list(
        rows.filter(outcome="done", action__in=[name for name in words.DEEDS if name not in UNTOLD])
        .filter(
            Q(organisation=organisation_id) | Q(object=f"registry.organisation:{organisation_id}")
        )
        .order_by("-seq")[:HISTORY_MAX]
    )
    roles = _roles_of(lines)
    return [
        Deed(_told(line), _by(line, roles.get(line.id)), line.at, line.reason or "")
        for line in lines
    ]


def _roles_of(lines: Sequence[AuditLine]) -> dict[UUID, str]:
    people = {line.actor for line in lines if line.actor}
    held = Mandate.objects.everything("the role in which somebody acted, not who it was")
    mandates = list(held.filter(person__in=people))
    found: dict[UUID, str] = {}
    for line in lines:
        for mandate in mandates:
            begins, ends = mandate.valid.lower, mandate.valid.upper
            if (
                mandate.person_id == line.actor
                and begins <= line.at
                and (ends is None or line.at < ends)
            ):
                found[line.id] = mandate.role
                break
    return found


def _by(line: AuditLine, role: str | None) -> str:
    if line.actor_kind != "person":
        return str(
            T("운영자", "operator") if line.actor_kind == "operator" else T("시스템", "system")
        )
    return words.word(words.ROLES, role) if role else str(T("주민", "resident"))


def _told(line: AuditLine) -> str:
    told = word_of_deed(line.action)
    parts = []
    for name, (old, new) in sorted(line.changes.items()):
        if name in QUIET or isinstance(new, dict) or _is_id(new) or _is_id(old):
            continue
        label = words.word(words.FIELDS, name)
        if name not in words.FIELDS:
            label = _statement_label(name)
        if label:
            parts.append(
                f"{label} {_value(name, old)} → {_value(name, new)}"
                if old
                else f"{label} {_value(name, new)}"
            )
    return f"{told}: {', '.join(parts)}" if parts else told


def word_of_deed(action: str) -> str:
    """An action in the past tense."""
    return words.word(words.DEEDS, action)


def _statement_label(name: str) -> str:
    head, _, rest = name.partition(".")
    if head == "status":
        code, _, part = rest.rpartition(".") if rest not in words.STATUSES else (rest, "", "")
        return words.word(words.STATUSES, code or rest) if part in ("", "ends") else ""
    if head in words.YEAR_KINDS and rest.isdigit():
        return f"{rest} {words.word(words.YEAR_KINDS, head)}"
    if name == "role":
        return str(T("직책", "mandate"))
    return ""


def _value(name: str, value: Any) -> str:  # Any: JSON of an audit line
    if name == "district":
        return district_name(str(value))
    for table in (
        words.STATES,
        words.EDIT_STATES,
        words.MERGE_STATES,
        words.FORMS,
        words.STATUSES,
        words.ROLES,
    ):
        if (
            isinstance(value, str)
            and value in table
            and name in ("state", "form", "status", "role")
        ):
            return words.word(table, value)
    if isinstance(value, list):
        return " – ".join(str(part) for part in value if part)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def counts_by_district(filters: Filters) -> dict[str, int]:
    """How many organisations of the filter stand in each district; text is left out."""
    wanted, params = conditions(filters)
    sql = (
        "SELECT o.district_id, count(*) FROM registry_organisation o"  # noqa: S608 - our own parts
        f" WHERE {wanted} GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return Counter(dict(cursor.fetchall()))
