"""Getting a lost sign-in back: one of the staff asks, another agrees, time passes, a code follows.

Law: whoever stands at the counter was seen by the first; the wait and the letters let the person
stop what she did not ask for. Source: rulebook `recovery.hours_wait`, `recovery.minutes_code`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dure.core import clock, notices, rulebook
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.tokens import ApiToken
from dure.core.policies import anyone
from dure.core.types import UuidText
from dure.registry import told
from dure.registry.actions.login import LoginRef, checked_password
from dure.registry.models import Login, Person, Recovery
from dure.registry.models.login import end_sessions
from dure.registry.models.recovery import OPEN
from dure.registry.queries import recovery as queries
from dure.registry.vault import policies
from dure.registry.vault.errors import LoginCode
from dure.registry.vault.held import Held, values_of

CENTRE = {Role.STAFF: "d"}
OVER = (LoginCode.RECOVERY_OVER, CoreCode.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class RecoveryRef:
    """One recovery and how it stands."""

    id: str
    state: str


def _ref(recovery: Recovery) -> RecoveryRef:
    return RecoveryRef(str(recovery.id), recovery.state)


def _moved(recovery: Recovery, state: str, *fields: str) -> RecoveryRef:
    """Write the new state and the fields set with it."""
    line().object("registry.recovery", recovery.id)
    line().changed("state", recovery.state, state)
    recovery.state, recovery.audit = state, line().id
    recovery.save(update_fields=["state", "audit", *fields])
    return _ref(recovery)


@action(
    "registry.recovery.ask",
    ko="창구에서 본 사람의 로그인을 되찾아 달라고 부탁합니다.",
    en="Ask to get the sign-in of a person seen at the counter back.",
    strong=True,
    policy=policies.is_centre_of_person,
    letters=CENTRE,
    subject=queries.person_of_centre,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_recovery",),
    refusals=(
        LoginCode.RECOVERY_OWN,
        LoginCode.RECOVERY_OPEN,
        LoginCode.NO_LOGIN,
        CoreCode.NOT_FOUND,
    ),
    constraints={"recovery_is_one_a_person": LoginCode.RECOVERY_OPEN},
)
def ask_recovery(person_id: UuidText, *, actor: Actor) -> RecoveryRef:
    """Note that this person was seen and how she was known; another of the staff decides.

    The reason says how she was known. Effect: one row. Source: rulebook `recovery.days_open`.
    """
    person, now = subject(Person), clock.now()
    if actor.id is None or person.id == actor.id:
        raise Refusal(LoginCode.RECOVERY_OWN)
    if not Login.objects.filter(person=person, is_active=True).exists():
        raise Refusal(LoginCode.NO_LOGIN)
    queries.close_overdue(person.id, audit=line().id)
    days = rulebook.value("recovery.days_open").integer
    made = Recovery.rows.create(
        person=person, asked_by=actor.id, asked_at=now, ends_at=now + timedelta(days=days),
        audit=line().id,
    )  # fmt: skip
    line().object("registry.recovery", made.id)
    line().changed("state", None, made.state)
    return _ref(made)


@action(
    "registry.recovery.decide",
    ko="다른 직원이 부탁한 로그인 되찾기에 답합니다.",
    en="Answer the recovery that another of the staff asked for.",
    strong=True,
    policy=policies.is_centre_of_person & ~policies.is_asker,
    letters=CENTRE,
    subject=queries.recovery_in_reach,
    lock=queries.recovery_locked,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_recovery", "core_notice"),
    refusals=(LoginCode.RECOVERY_OWN, *OVER),
    notices=(told.RECOVERY_AGREED,),
)
def decide_recovery(
    recovery_id: UuidText, outcome: Literal["agree", "refuse"], *, actor: Actor
) -> RecoveryRef:
    """Agree as the second of the staff: the wait begins, and the person is told of it."""
    recovery, now = subject(Recovery), clock.now()
    if recovery.state != Recovery.State.ASKED or recovery.ends_at <= now:
        raise Refusal(LoginCode.RECOVERY_OVER)
    if recovery.person_id == actor.id:
        raise Refusal(LoginCode.RECOVERY_OWN)
    recovery.decided_by, recovery.decided_at = actor.id, now
    if outcome == "refuse":
        return _moved(recovery, Recovery.State.REFUSED, "decided_by", "decided_at")
    hours = rulebook.value("recovery.hours_wait").integer
    recovery.opens_at = now + timedelta(hours=hours)
    done = _moved(recovery, Recovery.State.AGREED, "decided_by", "decided_at", "opens_at")
    notices.tell(recovery.person_id, told.RECOVERY_AGREED, places={"hours": hours})
    told.write_stop_letter(recovery)
    return done


@action(
    "registry.recovery.stop",
    ko="로그인 되찾기를 멈춥니다.",
    en="Stop a recovery.",
    policy=policies.is_self | policies.is_centre_of_person,
    letters={**policies.OWN, Role.STAFF: "o d"},
    subject=queries.recovery_in_reach,
    lock=queries.recovery_locked,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_recovery",),
    refusals=OVER,
)
def stop_recovery(recovery_id: UuidText, *, actor: Actor) -> RecoveryRef:
    """Stop it before its code was used: the person herself, or the staff of her district."""
    recovery = subject(Recovery)
    if recovery.state not in OPEN:
        raise Refusal(LoginCode.RECOVERY_OVER)
    recovery.code_tag = ""
    return _moved(recovery, Recovery.State.STOPPED, "code_tag")


@action(
    "registry.recovery.stop_by_link",
    ko="받은 링크로 로그인 되찾기를 멈춥니다.",
    en="Stop a recovery by the link that was sent.",
    policy=anyone,
    letters={Role.VISITOR: "o", **policies.OWN},
    faces=("web",),
    writes=("registry_recovery",),
    refusals=(LoginCode.LINK_SPENT,),
)
def stop_by_link(values: Held, *, actor: Actor) -> RecoveryRef:
    """Stop what the letter told of. Held values: link."""
    recovery = queries.recovery_behind(values_of(values).get("link", ""), locked=True)
    if recovery is None:
        raise Refusal(LoginCode.LINK_SPENT)
    recovery.code_tag = ""
    return _moved(recovery, Recovery.State.STOPPED, "code_tag")


@action(
    "registry.recovery.print",
    ko="기다린 뒤 되찾기 번호를 한 번 찍어 건넵니다.",
    en="Print the code of a recovery once the wait is over.",
    strong=True,
    policy=policies.is_centre_of_person,
    letters=CENTRE,
    subject=queries.recovery_in_reach,
    lock=queries.recovery_locked,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_recovery",),
    refusals=(LoginCode.RECOVERY_WAITS, *OVER),
)
def print_code(recovery_id: UuidText, values: Held, *, actor: Actor) -> RecoveryRef:
    """Keep the keyed hash of the code that the face made; an earlier code is worth nothing then.

    Held values: code. Source: rulebook `recovery.minutes_code`.
    """
    recovery, now = subject(Recovery), clock.now()
    if recovery.state not in ("agreed", "printed") or recovery.ends_at <= now:
        raise Refusal(LoginCode.RECOVERY_OVER)
    assert recovery.opens_at is not None
    if now < recovery.opens_at:
        raise Refusal(LoginCode.RECOVERY_WAITS, opens=queries.shown(recovery.opens_at))
    minutes = rulebook.value("recovery.minutes_code").integer
    recovery.code_tag = queries.tag_of(values_of(values).get("code", ""))
    recovery.code_until = now + timedelta(minutes=minutes)
    return _moved(recovery, Recovery.State.PRINTED, "code_tag", "code_until")


@action(
    "registry.recovery.use",
    ko="받은 번호로 로그인을 되찾습니다.",
    en="Get one's sign-in back by the printed code.",
    policy=anyone,
    letters={Role.VISITOR: "o", **policies.OWN},
    faces=("web",),
    writes=(
        "registry_recovery",
        "registry_login",
        "core_apitoken",
        "mfa_authenticator",
        "core_notice",
    ),
    refusals=(LoginCode.CODE_WRONG, LoginCode.PASSWORD_WEAK),
    notices=(told.RECOVERED,),
)
def use_code(values: Held, *, actor: Actor) -> LoginRef:
    """Set a new password; every old factor, outside account, token and session ends.

    Held values: code, password.
    """
    given, now = values_of(values), clock.now()
    recovery = queries.recovery_of_code(given.get("code", ""))
    if recovery is None:
        raise Refusal(LoginCode.CODE_WRONG, field="code")
    login = Login.objects.select_for_update(no_key=True).get(person_id=recovery.person_id)
    login.password = checked_password(given.get("password", ""), login)
    login.audit = line().id
    login.save(update_fields=["password", "audit"])
    login.factors.all().delete()
    login.outside.all().delete()
    tokens = ApiToken.rows.filter(person=recovery.person_id, revoked_at__isnull=True)
    tokens.update(revoked_at=now)
    ended = end_sessions(login)
    recovery.code_tag = ""
    _moved(recovery, Recovery.State.USED, "code_tag")
    line().hidden("password")
    line().changed("ended_count", None, ended)
    notices.tell(recovery.person_id, told.RECOVERED)
    return LoginRef(str(login.id))
