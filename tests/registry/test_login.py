"""Sign-in actions: handles, passwords, addresses, links, sessions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.registry import vault
from dure.registry.models import Login, Person
from dure.registry.models.login import is_handle, normal_handle
from dure.registry.queries import login as queries
from tests.harness.given import given

pytestmark = pytest.mark.django_db

GOOD = "느티나무 아래 4명"
ANYONE = Actor.anonymous()


def sign_up(handle: str = "길동이", **values: str) -> Login:
    given_values = {"handle": handle, "name": "홍길동", "password": GOOD, **values}
    with vault.holding(given_values) as tag:
        body = {"login_id": str(uuid4()), "factor": "password", "values": tag}
        outcome = run("registry.login.sign_up", body, ANYONE, key=str(uuid4()))
    return Login.objects.get(pk=outcome.result.login_id)


def me(login: Login) -> Actor:
    return Actor.person(login.person_id, origin="test")


def confirmed(login: Login, address: str) -> None:
    """Give a login a confirmed mail address."""
    with vault.holding({"address": address}) as tag:
        body = {"scheme": "mail", "values": tag}
        run("registry.login.propose_address", body, me(login))
    link = queries.confirm_link(login.person_id, "mail")
    with vault.holding({"link": link, "address": address}) as tag:
        run("registry.login.confirm_address", {"scheme": "mail", "values": tag}, me(login))


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("gildong", True), ("길동이", True), ("Ｇildong", True), ("g_1", True), ("ab", False),
        ("1abc", False), ("_abc", False), ("a0100000000", False), ("a" * 21, False),
        ("g-1-2", False), ("홍 길동", False), ("a\u200bbc", False),
    ],
)  # fmt: skip
def test_shape_of_a_handle(typed: str, accepted: bool) -> None:
    assert is_handle(normal_handle(typed)) is accepted


def test_sign_up_makes_person_login_and_hidden_name() -> None:
    login = sign_up(mail="gildong@example.test")
    assert login.person.state == Person.State.ACTIVE
    assert login.check_password(GOOD)
    assert login.password.startswith("argon2$")
    shown = vault.masked_names([login.person_id], actor=me(login), purpose="list_page")
    assert shown == {login.person_id: "홍*동"}


def test_two_handles_with_one_skeleton_are_one() -> None:
    sign_up("gil_dong")
    with pytest.raises(Refusal, match=r"registry\.handle_taken"):
        sign_up("gildong")
    assert Login.objects.filter(handle="gildong").count() == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"handle": "a1"}, "registry.handle_shape"),
        ({"password": "password123"}, "registry.password_weak"),
        ({"password": "짧은 것"}, "registry.password_weak"),
        ({"password": ""}, "registry.password_weak"),
        ({"mail": "no address"}, "registry.address_shape"),
        ({"phone": "900101-1234567"}, "core.rrn"),
        ({"name": "900101-1234567"}, "core.rrn"),
        ({"invitation": "x" * 60}, "registry.link_spent"),
    ],
)
def test_sign_up_refuses(values: dict[str, str], code: str) -> None:
    before = Person.rows.count()
    with pytest.raises(Refusal) as refused:
        sign_up(**values)
    assert refused.value.name == code
    assert Person.rows.count() == before
    assert Login.objects.count() == 0


def test_repeated_sign_up_is_one_login() -> None:
    key, login_id = str(uuid4()), str(uuid4())
    values = {"handle": "gildong", "name": "홍길동", "password": GOOD}
    for _ in range(2):
        with vault.holding(values) as tag:
            body = {"login_id": login_id, "factor": "password", "values": tag}
            outcome = run("registry.login.sign_up", body, ANYONE, key=key)
    assert outcome.replayed
    assert Login.objects.count() == 1


def test_values_of_another_request_are_not_there() -> None:
    with vault.holding({"handle": "gildong"}) as tag:
        pass
    with pytest.raises(Refusal, match=r"core\.key_required"):
        run(
            "registry.login.sign_up",
            {"login_id": str(uuid4()), "factor": "password", "values": tag},
            ANYONE,
        )


def test_waiting_address_signs_nobody_in_and_a_confirmed_one_does() -> None:
    login = sign_up(mail="Gildong@Example.TEST")
    assert queries.login_named("gildong@example.test", ANYONE) is None
    confirmed(login, "gildong@example.test")
    assert queries.login_named("GILDONG@example.test", ANYONE) == login
    assert queries.login_named("길동이", ANYONE) == login
    assert queries.login_named("0211", ANYONE) is None


def test_address_of_another_is_refused_only_to_who_controls_it() -> None:
    first, second = sign_up("first"), sign_up("second")
    confirmed(first, "one@example.test")
    with vault.holding({"address": "one@example.test"}) as tag:
        run("registry.login.propose_address", {"scheme": "mail", "values": tag}, me(second))
    link = queries.confirm_link(second.person_id, "mail")
    with (
        vault.holding({"link": link, "address": "one@example.test"}) as tag,
        pytest.raises(Refusal, match=r"registry\.address_taken"),
    ):
        run("registry.login.confirm_address", {"scheme": "mail", "values": tag}, me(second))


def test_confirm_link_of_another_person_is_spent() -> None:
    first, second = sign_up("first"), sign_up("second")
    link = queries.confirm_link(first.person_id, "mail")
    with (
        vault.holding({"link": link, "address": "one@example.test"}) as tag,
        pytest.raises(Refusal, match=r"registry\.link_spent"),
    ):
        run("registry.login.confirm_address", {"scheme": "mail", "values": tag}, me(second))


def test_reset_link_opens_once_and_dies_with_a_new_password() -> None:
    login = sign_up()
    link = queries.reset_link(login.person_id)
    assert queries.login_of_reset_link(link) == login
    with vault.holding({"link": link, "password": "다른 느티나무 5명"}) as tag:
        run("registry.login.reset_password", {"values": tag}, ANYONE)
    login.refresh_from_db()
    assert login.check_password("다른 느티나무 5명")
    assert queries.login_of_reset_link(link) is None
    with (
        vault.holding({"link": link, "password": "또 다른 느티나무"}) as tag,
        pytest.raises(Refusal, match=r"registry\.link_spent"),
    ):
        run("registry.login.reset_password", {"values": tag}, ANYONE)


def test_reset_link_is_over_after_an_hour(clock: object) -> None:
    login = sign_up()
    link = queries.reset_link(login.person_id)
    clock.move(minutes=59)
    assert queries.login_of_reset_link(link) == login
    clock.move(minutes=1)
    assert queries.login_of_reset_link(link) is None


def test_changed_link_opens_nothing() -> None:
    login = sign_up()
    link = queries.reset_link(login.person_id)
    other = sign_up("other")
    for place in range(0, len(link), 5):
        turned = link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :]
        assert queries.login_of_reset_link(turned) is None
    assert queries.login_of_reset_link(queries.confirm_link(other.person_id, "mail")) is None


def test_reset_letter_goes_to_the_confirmed_address_alone(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    login = sign_up(mail="waiting@example.test")
    timer = Actor.timer("registry.login.reset")
    with django_capture_on_commit_callbacks(execute=True):
        run("registry.login.write_reset", {"person_id": str(login.person_id)}, timer)
    assert mail.outbox == []
    confirmed(login, "gildong@example.test")
    with django_capture_on_commit_callbacks(execute=True):
        run("registry.login.write_reset", {"person_id": str(login.person_id)}, timer)
    assert [letter.to for letter in mail.outbox] == [["gildong@example.test"]]
    assert "gildong" not in mail.outbox[0].subject
    link = mail.outbox[0].body.partition("/password/reset/")[2].partition("/")[0]
    assert queries.login_of_reset_link(link) == login


@pytest.mark.parametrize("typed", ["길동이", "nobody", "nobody@example.test", "010-0000-0000"])
def test_asking_for_a_reset_answers_alike(typed: str) -> None:
    sign_up()
    with vault.holding({"login": typed}) as tag:
        outcome = run("registry.login.ask_reset", {"values": tag}, ANYONE)
    assert outcome.result.asked is True


def test_old_hash_is_renewed_by_an_action() -> None:
    login = sign_up()
    with given() as audit:
        login.password, login.audit = make_password(GOOD, hasher="pbkdf2_sha256"), audit
        login.save(update_fields=["password", "audit"])
    assert login.has_old_hash()
    with vault.holding({"password": "falsch und lang"}) as tag, pytest.raises(Refusal):
        run("registry.login.renew_hash", {"login_id": str(login.pk), "values": tag}, ANYONE)
    with vault.holding({"password": GOOD}) as tag:
        run("registry.login.renew_hash", {"login_id": str(login.pk), "values": tag}, ANYONE)
    login.refresh_from_db()
    assert not login.has_old_hash()
    assert login.check_password(GOOD)


def test_erased_person_keeps_no_way_in_and_the_handle_is_never_issued_again() -> None:
    login = sign_up("gildong")
    confirmed(login, "gildong@example.test")
    body = {"person_id": str(login.person_id)}
    run("registry.person.erase", body, me(login), key=str(uuid4()), reason="이사를 갑니다")
    login.refresh_from_db()
    assert not login.is_active
    assert not login.has_usable_password()
    assert "gildong" not in login.handle
    assert login.person.state == Person.State.ERASED
    assert queries.login_named("gildong@example.test", ANYONE) is None
    with pytest.raises(Refusal, match=r"registry\.handle_taken"):
        sign_up("gil_dong")


def test_no_audit_line_holds_a_personal_value() -> None:
    from django.db import connection

    login = sign_up(mail="gildong@example.test", phone="010-0000-4628")
    confirmed(login, "gildong@example.test")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(to_jsonb(l)::text, ' ') FROM core_auditline l"
            " WHERE action <> 'core.rulebook.install'"  # rules hold numbers of their own
        )
        (lines,) = cursor.fetchone()
    assert str(login.person_id) in lines
    for text in ("홍길동", "example.test", "1000004628", "0000-4628", GOOD):
        assert text not in lines


def test_password_of_another_login_can_not_be_set() -> None:
    sign_up()
    stranger = Actor.person(UUID(int=5), origin="test")
    with vault.holding({"password": GOOD}) as tag, pytest.raises(Refusal, match=r"core\."):
        run("registry.login.set_password", {"values": tag}, stranger)
