"""Getting a lost sign-in back: two of the staff, a day, one code; and each way it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection

from dure.core import notices, tokens
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.core.models.tokens import ApiToken
from dure.core.models.work import Notice
from dure.registry import vault
from dure.registry.models import Login, Recovery
from dure.registry.queries import recovery as queries
from dure.registry.vault import holding
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given

pytestmark = pytest.mark.django_db
WHY = "창구에서 얼굴을 아는 이웃"
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # a handle holds no long number
OLD = "old horse battery staple"
NEW = "new horse battery staple"


def staff(role: Role = Role.STAFF, district: str = people.MAPO) -> Actor:
    return people.person_with(role, district=district)


def asked(person: UUID, by: Actor) -> str:
    done = run("registry.recovery.ask", {"person_id": str(person)}, by, reason=WHY)
    return str(done.result.id)


def decided(recovery: str, by: Actor, outcome: str = "agree") -> str:
    body = {"recovery_id": recovery, "outcome": outcome}
    return str(run("registry.recovery.decide", body, by).result.state)


def printed(recovery: str, by: Actor) -> str:
    code = queries.new_code()
    with holding({"code": code}) as tag:
        run("registry.recovery.print", {"recovery_id": recovery, "values": tag}, by)
    return code


def use(code: str, password: str = NEW) -> str:
    with holding({"code": code, "password": password}) as tag:
        done = run("registry.recovery.use", {"values": tag}, Actor.anonymous())
    return str(done.result.login_id)


def at_home() -> Login:
    """A person who lives in Mapo and signs in with a password."""
    person, handle = people.person(people.MAPO), f"r{uuid4().hex[:14]}".translate(LETTERS)
    with given() as audit:
        return Login.objects.create(
            person=person, handle=handle, skeleton=handle, password=make_password(OLD),
            created_at=people._now(), audit=audit,
        )  # fmt: skip


def lost() -> Login:
    """A person at home in Mapo with a password, an app, recovery codes and an access token."""
    login = at_home()
    login.factors.create(type="totp", data={"secret": "x"})
    login.factors.create(type="recovery_codes", data={"seed": "x", "used_mask": 0})
    actor = Actor.person(login.person_id)
    token = {"label": "시험", "purpose": "all", "days": 7}
    hashed = tokens.hash_of(tokens.new_token())
    run("core.token.create", {**token, "token_hash": hashed}, actor)
    return login


def test_two_staff_a_day_and_a_code_give_the_sign_in_back(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login, first, second = lost(), staff(), staff()
    recovery = asked(login.person_id, first)
    assert decided(recovery, second) == "agreed"
    clock.at("2026-07-02T09:59:59+09:00")
    with pytest.raises(Refusal, match=r"registry\.recovery_waits") as caught:
        printed(recovery, first)
    assert "2026-07-02 10:00" in caught.value.sentence("ko")
    clock.at("2026-07-02T10:00:00+09:00")
    code = printed(recovery, first)
    assert use(code.lower().replace("-", " ")) == str(login.id)
    login.refresh_from_db()
    assert login.check_password(NEW)
    assert login.factors.count() == 0
    assert ApiToken.rows.filter(person=login.person_id, revoked_at__isnull=True).count() == 0
    assert Recovery.rows.get(pk=recovery).state == "used"
    told = Notice.rows.filter(person=login.person_id).order_by("made_at")
    assert [row.template for row in told] == ["registry.recovery.agreed", "registry.recovery.used"]
    assert {row.urgency for row in told} == {notices.Urgency.NOW}
    with pytest.raises(Refusal, match=r"registry\.recovery_code_wrong"):
        use(code)


def test_the_code_is_over_after_thirty_minutes_and_replaced_by_the_next(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login, first, second = lost(), staff(), staff()
    recovery = asked(login.person_id, first)
    decided(recovery, second)
    clock.at("2026-07-02T10:00:00+09:00")
    old = printed(recovery, first)
    new = printed(recovery, second)
    with pytest.raises(Refusal, match=r"registry\.recovery_code_wrong"):
        use(old)
    clock.at("2026-07-02T10:30:00+09:00")
    with pytest.raises(Refusal, match=r"registry\.recovery_code_wrong"):
        use(new)
    assert use(printed(recovery, first)) == str(login.id)


def test_nobody_agrees_with_oneself_and_the_database_says_so_too(clock: Clock) -> None:
    login, first = lost(), staff()
    recovery = asked(login.person_id, first)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        decided(recovery, first)
    row = Recovery.rows.get(pk=recovery)
    assert row.state == "asked"
    names = _checks("registry_recovery")
    assert {"recovery_is_agreed_by_somebody_else", "recovery_is_not_of_oneself"} <= names


def _checks(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.AUDITOR, Role.RESIDENT])
def test_only_the_centre_asks(role: Role) -> None:
    login = lost()
    with pytest.raises(Refusal, match=r"core\.not_found"):
        asked(login.person_id, staff(role))
    with pytest.raises(Refusal, match=r"core\.not_found"):
        asked(login.person_id, staff(district=people.JONGNO))
    assert Recovery.rows.count() == 0


def test_staff_do_not_recover_themselves(clock: Clock) -> None:
    helper = staff()
    people_login = at_home()
    people.mandate(people_login.person_id, Role.STAFF, district=people.MAPO)
    own = Actor.person(people_login.person_id)
    with pytest.raises(Refusal, match=r"registry\.recovery_own"):
        asked(people_login.person_id, own)
    recovery = asked(people_login.person_id, helper)
    with pytest.raises(Refusal, match=r"registry\.recovery_own"):
        decided(recovery, own)


def test_one_recovery_a_person_at_a_time_and_a_new_one_after_a_week(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login, first, second = lost(), staff(), staff()
    recovery = asked(login.person_id, first)
    with pytest.raises(Refusal, match=r"registry\.recovery_open"):
        asked(login.person_id, second)
    clock.at("2026-07-08T10:00:00+09:00")
    with pytest.raises(Refusal, match=r"registry\.recovery_over"):
        decided(recovery, second)
    asked(login.person_id, second)
    assert Recovery.rows.get(pk=recovery).state == "stopped"


Stop = Callable[[str, Login], None]


def _self(recovery: str, login: Login) -> None:
    run("registry.recovery.stop", {"recovery_id": recovery}, Actor.person(login.person_id))


def _staff(recovery: str, login: Login) -> None:
    run("registry.recovery.stop", {"recovery_id": recovery}, staff())


def _letter(recovery: str, login: Login) -> None:
    link = queries.stop_link(Recovery.rows.get(pk=recovery))
    with holding({"link": link}) as tag:
        run("registry.recovery.stop_by_link", {"values": tag}, Actor.anonymous())


@pytest.mark.parametrize("stop", [_self, _staff, _letter])
def test_stopped_by_the_person_the_staff_or_the_letter(stop: Stop, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login, first, second = lost(), staff(), staff()
    recovery = asked(login.person_id, first)
    decided(recovery, second)
    clock.at("2026-07-02T11:00:00+09:00")
    code = printed(recovery, first)
    stop(recovery, login)
    with pytest.raises(Refusal, match=r"registry\.recovery_code_wrong"):
        use(code)
    with pytest.raises(Refusal, match=r"registry\.recovery_over"):
        printed(recovery, first)
    login.refresh_from_db()
    assert login.factors.count() == 2


def test_a_link_of_another_recovery_or_a_spent_one_stops_nothing() -> None:
    login, other = lost(), lost()
    recovery, second = asked(login.person_id, staff()), asked(other.person_id, staff())
    _letter(recovery, login)
    assert Recovery.rows.get(pk=second).state == "asked"
    with pytest.raises(Refusal, match=r"registry\.link_spent"):
        _letter(recovery, login)


def test_the_letter_goes_to_the_confirmed_address(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    login = lost()
    actor = Actor.person(login.person_id)
    entry = vault.Entry(login.person_id, {"mail": "a@example.test"})
    vault.store(entry, actor=actor, purpose="account")
    recovery = asked(login.person_id, staff())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # untyped
        decided(recovery, staff())
    assert [letter.to for letter in mail.outbox] == [["a@example.test"]]
    link = queries.stop_link(Recovery.rows.get(pk=recovery))
    assert f"/accounts/recovery/stop/{link}/" in mail.outbox[0].body


def test_the_code_stands_nowhere_in_clear(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login, first = lost(), staff()
    recovery = asked(login.person_id, first)
    decided(recovery, staff())
    clock.at("2026-07-02T11:00:00+09:00")
    code = printed(recovery, first)
    plain = code.replace("-", "")
    row = Recovery.rows.get(pk=recovery)
    assert len(row.code_tag) == 64
    lines = AuditLine.rows.filter(action__startswith="registry.recovery.")
    text = " ".join(f"{one.changes} {one.result} {one.reason}" for one in lines)
    assert code not in text and plain not in text and row.code_tag not in text
    assert lines.count() == 3


def test_one_step_does_not_ask_agree_or_print() -> None:
    login, first = lost(), staff()
    weak = Actor.person(first.id or "", assured=False)
    with pytest.raises(Refusal, match=r"core\.second_step"):
        asked(login.person_id, weak)
    recovery = asked(login.person_id, staff())
    with pytest.raises(Refusal, match=r"core\.second_step"):
        decided(recovery, weak)
    with pytest.raises(Refusal, match=r"core\.second_step"):
        printed(recovery, weak)
