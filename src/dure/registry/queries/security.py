"""What a person sees of her own sign-in, data and consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core import assurance
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.registry.models import Consent, Device, Invitation, Login, Organisation
from dure.registry.models.devices import SLOTS
from dure.registry.vault import records

HOSTS = (Role.BOARD, Role.STAFF)
SECOND_FACTORS = ("totp", "webauthn")
PURPOSES = {
    "account": T("로그인과 알림", "signing in and notices"),
    "sign_in": T("로그인", "signing in"),
    "own_data": T("본인이 봄", "seen by oneself"),
    "notice": T("알림 보내기", "sending a notice"),
    "counter_service": T("창구 도움", "help at the counter"),
    "care": T("돌봄", "care"),
    "membership": T("조합원 일", "membership"),
    "roll_booth": T("투표소에서 명부 찾기", "finding you on the roll at a booth"),
    "invitation": T("초대", "an invitation"),
    "list_page": T("목록 화면(가린 이름)", "a list page (masked name)"),
    "break_glass": T("비상 열람(두 사람의 허락)", "an emergency (allowed by two people)"),
    "erasure": T("신원 지우기", "erasure"),
    "erasure_check": T("지우기 전 확인", "a check before erasure"),
    "key_rotation": T("열쇠 바꾸기", "change of keys"),
}
KINDS = {
    "store": T("적었습니다", "wrote"),
    "read": T("읽었습니다", "read"),
    "masked": T("가린 이름을 보았습니다", "saw the masked name"),
    "find": T("주소나 이름으로 찾았습니다", "found by address or name"),
    "erase": T("지웠습니다", "erased"),
    "rewrap": T("열쇠를 바꿔 잠갔습니다", "locked under a new key"),
}
FIELDS = {
    "name": T("이름", "name"),
    "birth_on": T("생년월일", "birth date"),
    "phone": T("전화번호", "phone"),
    "mail": T("전자우편", "mail"),
    "address": T("주소", "address"),
    "bank_account": T("계좌", "bank account"),
    "pending_phone": T("확인 전 전화번호", "phone to be confirmed"),
    "pending_mail": T("확인 전 전자우편", "mail to be confirmed"),
    **{f"push_{slot}": T("알림 받는 기기", "device for notices") for slot in SLOTS},
}


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a login."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    id: int
    device: str
    began_at: datetime
    is_here: bool


@dataclass(frozen=True, slots=True)
class Security:
    """How a person signs in, and where she is signed in."""

    handle: str
    has_password: bool
    has_app: bool
    has_codes: bool
    passkeys: tuple[Passkey, ...]
    sessions: tuple[Session, ...]
    schemes: tuple[str, ...]
    has_second_factor: bool
    waits_for_second_step: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of "who read my data": in words."""

    at: datetime
    who: T
    what: T
    fields: tuple[T, ...]
    purpose: T
    reason: str | None


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """One act of consent with its receipt."""

    at: datetime
    purpose: T
    text: T
    act: str
    how: str
    receipt: str


@dataclass(frozen=True, slots=True)
class InvitationShown:
    """One invitation, as its organisation sees it: no name, no address."""

    id: UUID
    member_class: str
    sent_at: datetime
    expires_at: datetime
    state: T


def own_login(actor: Actor) -> Login:
    """The login of the actor. Raises Refusal(NOT_FOUND)."""
    login = Login.objects.filter(person_id=actor.id).first() if actor.id else None
    if login is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return login


def has_second_factor(login_id: UUID | None) -> bool:
    """Whether a login has a passkey or an authenticator app now."""
    login = Login(pk=login_id)
    return bool(login.factors.filter(type__in=SECOND_FACTORS).exists())


def security_of(actor: Actor, session_key: str | None) -> Security:
    """How the actor signs in; `actor` carries the grants in force."""
    login = own_login(actor)
    factors = list(login.factors.order_by("created_at"))
    kinds = {factor.type for factor in factors}
    sessions = login.browsers.order_by("-created_at")[:50]
    return Security(
        handle=login.handle,
        has_password=login.has_usable_password(),
        has_app="totp" in kinds,
        has_codes="recovery_codes" in kinds,
        passkeys=tuple(
            Passkey(factor.pk, factor.data.get("name", ""), factor.created_at, factor.last_used_at)
            for factor in factors
            if factor.type == "webauthn"
        ),
        sessions=tuple(
            Session(one.pk, device(one.user_agent), one.created_at, one.session_key == session_key)
            for one in sessions
        ),
        schemes=records.address_schemes(login.person_id),
        has_second_factor=bool(kinds & set(SECOND_FACTORS)),
        waits_for_second_step=assurance.waits_for_second_step(actor),
    )


def device(user_agent: str) -> str:
    """A browser in two words: what a person recognises, not what tells her apart.

    >>> device("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/126 Mobile Safari/537")
    'Android · Chrome'
    """
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browsers = ("Firefox", "Edg", "SamsungBrowser", "Whale", "Chrome", "Safari")
    system = next((name for name in systems if name in user_agent), "")
    browser = next((name for name in browsers if name in user_agent), "")
    return " · ".join(name for name in (system, browser) if name) or "–"


def devices_of(actor: Actor) -> list[Device]:
    """The living devices of the actor, in the order in which they were added."""
    return list(Device.rows.filter(person_id=actor.id, dropped_at=None).order_by("added_at"))


def place_of(device_id: str) -> tuple[UUID, int] | None:
    """Whom a living device tells, and its slot; None for what is no such device."""
    try:
        number = UUID(device_id)
    except ValueError:
        return None
    rows = Device.rows.filter(pk=number, dropped_at=None)
    return rows.values_list("person_id", "slot").first()


def seen_by(
    actor: Actor, *, before: int | None = None, limit: int = 20
) -> tuple[list[Seen], int | None]:
    """Who touched the actor's own data and why, newest first, and where the next page begins."""
    assert actor.id is not None
    rows = records.accesses(actor.id, before=before, limit=limit + 1)
    shown = [_in_words(row, actor.id) for row in rows[:limit]]
    return shown, rows[limit - 1].seq if len(rows) > limit else None


def _in_words(row: records.Access, own: UUID) -> Seen:
    if row.actor == own:
        who = T("나", "I")
    elif row.actor is not None:
        number = str(row.actor)[:8]
        who = T(f"다른 사람(기록 번호 {number})", f"another person (record {number})")
    elif row.actor_kind == "anonymous":
        who = T("로그인 화면", "the sign-in page")
    else:
        who = T("두레 프로그램", "the Dure software")
    return Seen(
        at=row.at,
        who=who,
        what=KINDS.get(row.kind, T(row.kind, row.kind)),
        fields=tuple(FIELDS.get(name, T(name, name)) for name in row.fields),
        purpose=PURPOSES.get(row.purpose, T(row.purpose, row.purpose)),
        reason=row.reason,
    )


def consents_of(actor: Actor) -> list[ConsentShown]:
    """Every act of consent of the actor, newest first."""
    rows = Consent.rows.filter(person_id=actor.id).select_related("purpose").order_by("-at")
    return [
        ConsentShown(
            at=row.at,
            purpose=T(row.purpose.name, row.purpose.name_en),
            text=T(row.purpose.text, row.purpose.text_en),
            act=row.get_act_display(),
            how=row.get_how_display(),
            receipt=row.receipt,
        )
        for row in rows[:100]
    ]


def hosted(organisation_id: UUID | str, actor: Actor) -> tuple[str, list[InvitationShown]]:
    """The name of an organisation whose invitations the actor runs, and those invitations."""
    organisation = Organisation.rows.filter(pk=organisation_id).first()
    if organisation is None or not any(
        actor.has(role, organisation=organisation.id) for role in HOSTS
    ):
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Invitation.rows.filter(organisation=organisation).order_by("-sent_at")[:100]
    return organisation.name, [_invitation(row) for row in rows]


def _invitation(row: Invitation) -> InvitationShown:
    if row.accepted_at:
        state = T("받아들임", "accepted")
    elif row.revoked_at:
        state = T("거둠", "revoked")
    else:
        state = T("기다림", "waiting")
    return InvitationShown(
        row.id, row.get_member_class_display(), row.sent_at, row.expires_at, state
    )
