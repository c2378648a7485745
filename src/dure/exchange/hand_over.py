"""Hand-over by code: what one party shows, and the other scans or types.

Nouns: a *code* is signed, scanned within five minutes; *digits* are its six figures for who has no
camera, each shown by an act of its own that the case keeps.
Law: a code names its case, step, giver and the moment at which the case entered its state, so it
is used once: the step that takes it ends that state. Its age is told by the database's clock.
Digits that were taken down and are typed later than a code lives count as told by one side alone;
a step whose facts need both takes none of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.exchange import proofs
from dure.exchange.cases import Case, held_roles
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Attestation, Party
from dure.journal.definitions import declared

SALT = "exchange.hand_over"
TAKE = "exchange.hand_over.take"
LIFE = timedelta(minutes=5)
DIGITS = 6
LATE_RULE = "exchange.hand_over.late_hours"
WRONG_RULE = "exchange.hand_over.wrong_digits"


@dataclass(frozen=True, slots=True)
class Shown:
    """Who showed a code, for whom, in which role; late = taken down, and typed afterwards."""

    person: UUID
    acting_for: UUID | None
    role: str
    is_late: bool = False

    @property
    def people(self) -> frozenset[UUID]:
        """Those who stand behind it."""
        return frozenset(one for one in (self.person, self.acting_for) if one is not None)


@dataclass(frozen=True, slots=True)
class Digits:
    """Six figures that stand for a code, and until when they are as good as it."""

    text: str
    until: datetime


def code(case: Case, actor: Actor) -> str | None:
    """The code that `actor` may show for a step of two; None when it is not hers to show."""
    role = _role(case, actor)
    if role is None:
        return None
    body = [
        str(case.agreement.id),
        case.transition.name,
        case.agreement.entered_at.isoformat(),
        str(actor.id),
        str(actor.acting_for or ""),
        role,
        clock.now().isoformat(),
    ]
    return signing.dumps(body, salt=SALT)


def _role(case: Case, actor: Actor) -> str | None:
    roles = held_roles(case, actor)
    return roles[0] if roles and case.transition.is_for_two and actor.id is not None else None


def show_digits(case: Case, actor: Actor) -> None:
    """Keep that `actor` shows six figures for this step; they follow from the row that is kept.

    Raises  HAND_OVER_INVALID for a step that is not of two
    """
    role = _role(case, actor)
    if role is None:
        raise Refusal(ExchangeCode.HAND_OVER_INVALID)
    value: dict[str, object] = {"step": case.transition.name}
    proofs.attest(case.agreement, Attestation.Kind.SHOWN.value, value, actor, role)


def digits(case: Case, actor: Actor) -> Digits | None:
    """The newest figures that `actor` showed for this step, while they live."""
    mine = _shown(case).filter(by=actor.id, acted_for=actor.acting_for).last()
    if mine is None or clock.now() >= mine.made_at + LIFE:
        return None
    return Digits(_figures(mine), mine.made_at + LIFE)


def _shown(case: Case) -> models.QuerySet[Attestation]:
    rows = Attestation.rows.filter(
        agreement=case.agreement,
        kind=Attestation.Kind.SHOWN,
        value__step=case.transition.name,
        made_at__gte=case.agreement.entered_at,
    )
    return rows.order_by("seq")


def _figures(row: Attestation) -> str:
    drawn = int.from_bytes(salted_hmac(SALT, str(row.uid), algorithm="sha256").digest()[:8])
    return f"{drawn % 10**DIGITS:0{DIGITS}d}"


def read(text: str, case: Case) -> Shown:
    """Who showed this code or these figures. Raises HAND_OVER_INVALID for any that is not good
    here and now."""
    if len(text) == DIGITS:
        return _typed(text, case)
    try:
        agreement, name, entered, person, helped, role, at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refusal(ExchangeCode.HAND_OVER_INVALID) from None
    fits = (
        agreement == str(case.agreement.id)
        and name == case.transition.name
        and entered == case.agreement.entered_at.isoformat()
        and role in case.transition.sides
        and clock.now() < datetime.fromisoformat(at) + LIFE
    )
    if not fits or not _still(case, UUID(helped or person), role):
        raise Refusal(ExchangeCode.HAND_OVER_INVALID)
    return Shown(UUID(person), UUID(helped) if helped else None, role)


def _typed(text: str, case: Case) -> Shown:
    now = clock.now()
    longest = now - timedelta(hours=late_hours())
    for row in _shown(case).filter(made_at__gt=longest).reverse():
        if constant_time_compare(_figures(row), text) and row.by is not None:
            is_late = now >= row.made_at + LIFE
            if is_late and not _one_may_tell(case):
                break
            if not _still(case, row.acted_for or row.by, row.role):
                break
            return Shown(row.by, row.acted_for, row.role, is_late)
    raise Refusal(ExchangeCode.HAND_OVER_INVALID, field="digits")


def _one_may_tell(case: Case) -> bool:
    """Whether what the step states may be told by one side: its labels take class A."""
    wanted = {label for effect in case.transition.do for label in effect.labels}
    return not any(one.code in wanted and one.evidence_floor > "A" for one in declared())


def late_hours() -> int:
    """For how long figures that were taken down may be typed. Source: rulebook."""
    return rulebook.value(LATE_RULE).integer


def check_guessing(actor: Actor) -> None:
    """Refuse who typed too many wrong figures in the last hour; the audit counts them."""
    wrong = AuditLine.rows.filter(
        action=TAKE,
        actor=actor.id,
        at__gt=clock.now() - timedelta(hours=1),
        outcome=f"refused:{ExchangeCode.HAND_OVER_INVALID.spec.name}",
    )
    if wrong.count() >= rulebook.value(WRONG_RULE).integer:
        raise Refusal(ExchangeCode.TOO_MANY_DIGITS)


def _still(case: Case, person: UUID, role: str) -> bool:
    """Whether a party's role is still hers; who works for the host was asked when it was made."""
    if case.process.role(role).works:
        return True
    parties = Party.rows.filter(agreement=case.agreement, role=role)
    if parties.filter(person=person).exists():
        return True
    return parties.filter(organisation__isnull=False).exists()  # asked when it was made
