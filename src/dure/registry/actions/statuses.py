"""Statuses of organisations: stated, confirmed by paper, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core import clock, jobs
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.types import IsoDate, Line, Name, UuidText
from dure.registry import policies, stating
from dure.registry.actions.organisations import StatusCode, refuse_future
from dure.registry.errors import RegistryCode
from dure.registry.models import Organisation, OrgStatus
from dure.registry.queries import subjects

DAY_LAST = date.max
SETTERS = {Role.STAFF: "d", Role.BOARD: "m"}


@dataclass(frozen=True, slots=True)
class StatusRef:
    """A status by its id."""

    id: str


@action(
    "registry.status.set",
    ko="조직의 자격을 적습니다.",
    en="State a status of an organisation.",
    policy=policies.may_set_status,
    letters=SETTERS,
    subject=subjects.organisation,
    lock=subjects.lock_organisation,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_orgstatus",),
    labels=("org.active",),
    refusals=(RegistryCode.OVERLAP, RegistryCode.DATE_ORDER, RegistryCode.CLOSED),
    constraints={
        "orgstatus_held_once_a_day": RegistryCode.CROSSED,
        "orgstatus_held_once_a_day_by_end": RegistryCode.CROSSED,
    },
)
def set_status(
    organisation_id: UuidText,
    status: StatusCode,
    begins: IsoDate,
    ends: IsoDate | None = None,
    issuer: Name | None = None,
    certificate: Line | None = None,
    *,
    actor: Actor,
) -> StatusRef:
    """State a status from a day on; it is class A until its paper is confirmed."""
    organisation = subject(Organisation)
    if organisation.ended_on is not None:
        raise Refusal(RegistryCode.CLOSED, on=organisation.ended_on.isoformat())
    if ends is not None and ends <= begins:
        raise Refusal(RegistryCode.DATE_ORDER, field="ends")
    days = DateRange(begins, ends)
    standing = organisation.statuses.filter(code=status, valid__overlap=days).first()
    if standing is not None:
        raise Refusal(RegistryCode.OVERLAP, field="begins", row=row_words(standing))
    made = OrgStatus.rows.create(
        organisation=organisation,
        code=status,
        issuer=issuer or "",
        certificate=certificate or "",
        valid=days,
        audit=line().id,
    )
    line().object("registry.organisation", organisation.pk)
    line().organisation(organisation.pk)
    line().changed(f"status.{status}", None, [str(begins), str(ends) if ends else None])
    stating.note_began(made)
    return StatusRef(str(made.pk))


def row_words(status: OrgStatus) -> str:
    """A status row in words, for the refusal that names it."""
    begins, ends = status.valid.lower, status.valid.upper
    return f"{status.get_code_display()} {begins or ''}–{ends or ''}"


@action(
    "registry.status.end",
    ko="조직의 자격이 끝난 날을 적습니다.",
    en="Record the day a status ended.",
    policy=policies.may_set_status,
    letters=SETTERS,
    subject=subjects.lock_status,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("registry_orgstatus",),
    labels=("org.active",),
    refusals=(RegistryCode.DATE_ORDER, RegistryCode.DATE_FUTURE),
)
def end_status(status_id: UuidText, on: IsoDate, *, actor: Actor) -> StatusRef:
    """End a status on a day: that day is the first without it."""
    status = subject(OrgStatus)
    refuse_future(on, "on")
    if status.valid.lower is not None and on <= status.valid.lower:
        raise Refusal(RegistryCode.DATE_ORDER, field="on")
    line().object("registry.organisation", status.organisation_id)
    line().organisation(status.organisation_id)
    line().changed(f"status.{status.code}.ends", status.valid.upper, on)
    status.valid, status.audit = DateRange(status.valid.lower, on), line().id
    status.save(update_fields=["valid", "audit"])
    part = f"ended.{line().id.hex[:8]}"
    stating.note_active([stating.active(status, part, count=0, day=on)])
    return StatusRef(str(status.pk))


@action(
    "registry.status.confirm",
    ko="발급 기관의 서류로 자격을 확인합니다.",
    en="Confirm a status by the issuer's paper.",
    policy=policies.may_confirm_status,
    letters={Role.STAFF: "d"},
    subject=subjects.lock_status,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_orgstatus",),
    labels=("org.active",),
    refusals=(RegistryCode.ISSUER_NEEDED,),
)
def confirm_status(
    status_id: UuidText, issuer: Name, certificate: Line, *, actor: Actor
) -> StatusRef:
    """Raise a status to class C: somebody read the issuer's paper and its number."""
    status = subject(OrgStatus)
    line().object("registry.organisation", status.organisation_id)
    line().organisation(status.organisation_id)
    line().changed(f"status.{status.code}.class", status.evidence_class, "C")
    line().changed(f"status.{status.code}.issuer", status.issuer, issuer)
    line().changed(f"status.{status.code}.certificate", status.certificate, certificate)
    status.evidence_class, status.issuer, status.certificate = "C", issuer, certificate
    status.audit = line().id
    status.save(update_fields=["evidence_class", "issuer", "certificate", "audit"])
    today = clock.today()
    if (status.valid.lower or today) <= today and today < (status.valid.upper or DAY_LAST):
        part = "confirmed"
        stating.note_active([stating.active(status, part, count=1, day=today)])
    return StatusRef(str(status.pk))


@action(
    "registry.status.expire",
    ko="기한이 지난 자격을 사건 기록에 적습니다.",
    en="State to the journal the statuses whose last day has passed, or whose first has come.",
    policy=policies.is_timer | policies.is_operator,
    letters={},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    labels=("org.active",),
)
def expire_statuses(*, actor: Actor) -> int:
    """State what the calendar did: statuses that began or ended by themselves in the last 31 days.

    Repeatable: a fact that stands already is not written again.
    """
    today = clock.today()
    since = today.fromordinal(today.toordinal() - 31)
    rows = OrgStatus.objects.everything("the calendar moves for every organisation")
    recent = rows.filter(valid__endswith__gt=since, valid__endswith__lte=today) | rows.filter(
        valid__startswith__gt=since, valid__startswith__lte=today
    )
    noted = 0
    for status in recent.select_related("organisation").order_by("pk").iterator(2000):
        if not status.organisation.annulled:
            stating.note_began(status)
            noted += 1
    return noted


jobs.timer("registry.status.expire", cron="10 3 * * *")
