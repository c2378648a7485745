"""Sign-in through the pages: by handle or address, refusals, lock-out, sessions, my data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.registry import vault
from dure.registry.models import Login
from dure.registry.queries import login as queries
from tests.harness import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]

GOOD = "느티나무 아래 4명"
ADDRESS = "gildong@example.test"
SIGNUP = {"handle": "길동이", "name": "홍길동", "password": GOOD, "consent": "yes"}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    from django.core.cache import cache

    cache.clear()


def signed_up(client: Client, **values: str) -> Login:
    response = client.post("/accounts/signup/", {**SIGNUP, "key": str(uuid4()), **values})
    assert response.status_code == 302, response.content.decode()[:3000]
    return Login.objects.get(handle=values.get("handle", "길동이"))


def with_address(login: Login) -> None:
    me = Actor.person(login.person_id, origin="test")
    with vault.holding({"address": ADDRESS}) as tag:
        run("registry.login.propose_address", {"scheme": "mail", "values": tag}, me)
    link = queries.confirm_link(login.person_id, "mail")
    with vault.holding({"link": link, "address": ADDRESS}) as tag:
        run("registry.login.confirm_address", {"scheme": "mail", "values": tag}, me)


def sign_in(login: str, password: str = GOOD, client: Client | None = None) -> Any:
    where = client or Client()
    return where.post("/accounts/login/", {"login": login, "password": password})


def bare(response: Any) -> str:
    """A page without what differs at every drawing."""
    text = response.content.decode()
    text = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", text)
    return re.sub(r'name="login" value="[^"]*"', "", text)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_open_pages_answer_in_both_languages(client: Client, prefix: str, path: str) -> None:
    response = client.get(prefix + path)
    assert response.status_code == 200
    text = response.content.decode()
    assert f'<html lang="{"en" if prefix else "ko"}">' in text
    assert text.count("<h1>") == 1


def test_sign_up_signs_in_and_shows_what_comes_next(client: Client) -> None:
    login = signed_up(client)
    response = client.get("/me/welcome/")
    assert response.status_code == 200
    assert "길동이" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert login.usersession_set.count() == 1


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"handle": "1"}, 422, "handle"), ({"password": "password12"}, 422, "password"),
        ({"consent": ""}, 422, "consent"), ({"mail": "nein"}, 422, "mail"),
        ({"name": "900101-1234567"}, 422, "name"),
    ],
)  # fmt: skip
def test_refused_sign_up_keeps_what_was_typed(
    client: Client, values: dict[str, str], status: int, field: str
) -> None:
    response = client.post("/accounts/signup/", {**SIGNUP, "key": str(uuid4()), **values})
    assert response.status_code == status
    text = response.content.decode()
    assert f'href="#f-{field}"' in text
    assert GOOD not in text
    assert Login.objects.count() == 0


def test_sign_in_by_handle_and_by_confirmed_address(client: Client) -> None:
    with_address(signed_up(client))
    for typed in ("길동이", ADDRESS, "GILDONG@example.test"):
        assert sign_in(typed).status_code == 302
    assert sign_in(ADDRESS, "falsches Wort").status_code == 200


def test_unknown_and_known_get_the_same_answer(client: Client) -> None:
    with_address(signed_up(client))
    answers = [
        sign_in(typed, "falsches Wort")
        for typed in ("길동이", ADDRESS, "nobody", "nobody@example.test", "010-1234-5678")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({bare(answer) for answer in answers}) == 1


def test_reset_answers_alike_for_unknown_and_known(client: Client) -> None:
    with_address(signed_up(client))
    answers = [
        Client().post("/accounts/password/reset/", {"login": typed})
        for typed in ("길동이", ADDRESS, "nobody@example.test", "x")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, "/accounts/password/reset/done/")
    }
    assert mail.outbox == []


@pytest.mark.parametrize("typed", ["길동이", "nobody@example.test"])
def test_sixth_guess_is_locked_out_for_known_and_unknown(client: Client, typed: str) -> None:
    signed_up(client)
    statuses = [sign_in(typed, f"falsches Wort {turn}").status_code for turn in range(6)]
    assert statuses[:4] == [200] * 4
    assert statuses[-1] == 429
    assert sign_in(typed).status_code == 429


def test_typed_address_stands_nowhere(client: Client) -> None:
    with_address(signed_up(client))
    sign_in(ADDRESS)
    sign_in(ADDRESS, "falsches Wort")
    sign_in("unknown@example.test", "falsches Wort")
    sessions = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(string_agg(to_jsonb(a)::text, ' '), '') FROM axes_accessattempt a"
        )
        (attempts,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM account_emailaddress")
        assert cursor.fetchone() == (0,)
    assert "account_authentication_methods" in sessions
    for text in (ADDRESS, "unknown@example.test", "example.test"):
        assert text not in sessions
        assert text not in attempts


def test_library_can_write_no_address() -> None:
    for table in ("account_emailaddress", "account_emailconfirmation"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(current_user, %s, 'INSERT'),"
                " has_table_privilege(current_user, %s, 'UPDATE')",
                [table, table],
            )
            assert cursor.fetchone() == (False, False)


@pytest.mark.parametrize(
    "path",
    ["email/", "confirm-email/", "confirm-email/x/", "login/code/", "login/code/confirm/",
     "phone/change/", "signup/passkey/", "email/verify/"],
)  # fmt: skip
def test_pages_that_keep_an_address_are_not_mounted(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_session_is_new_at_sign_in_and_at_a_change_of_mandate(client: Client) -> None:
    client.get("/accounts/login/")
    login = signed_up(client)
    first = client.session.session_key
    client.get("/me/security/")
    assert client.session.session_key == first
    people.mandate(login.person_id, Role.TREASURER, organisation=people.organisation())
    assert client.get("/me/security/").status_code == 200
    second = client.session.session_key
    assert second != first
    assert not Session.objects.filter(session_key=first).exists()
    assert list(login.usersession_set.values_list("session_key", flat=True)) == [second]


def test_sessions_elsewhere_can_be_ended(client: Client) -> None:
    signed_up(client)
    elsewhere = Client()
    sign_in("길동이", client=elsewhere)
    assert elsewhere.get("/me/security/").status_code == 200
    assert client.post("/me/sessions/end/").status_code == 303
    assert elsewhere.get("/me/security/").status_code == 303
    assert client.get("/me/security/").status_code == 200


def test_session_of_another_person_can_not_be_ended(client: Client) -> None:
    signed_up(client)
    other = Client()
    victim = signed_up(other, handle="other")
    session = victim.usersession_set.get()
    assert client.post("/me/sessions/end/", {"session": session.pk}).status_code == 404
    assert other.get("/me/security/").status_code == 200


def test_my_data_shows_who_read_it_and_why(client: Client) -> None:
    login = signed_up(client)
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    vault.read(
        login.person_id, ["name"], actor=staff, purpose="counter_service", reason="창구 도움 요청"
    )
    shown = client.get("/me/data/").content.decode()
    assert "창구 도움: 창구 도움 요청" in shown
    assert "홍길동" not in shown
    opened = client.post("/me/data/").content.decode()
    assert "홍길동" in opened
    assert "본인이 봄" in opened
    assert "Who read it" in client.get("/en/me/data/").content.decode()


@pytest.mark.parametrize(
    "path", ["security", "welcome", "address", "data", "data/erase", "consents"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_own_pages_lead_a_visitor_to_sign_in(client: Client, prefix: str, path: str) -> None:
    response = client.get(f"{prefix}/me/{path}/")
    assert response.status_code == 303
    assert response["Location"] == f"{prefix}/accounts/login/?next={prefix}/me/{path}/"
    signed_up(client)
    assert client.get(f"{prefix}/me/{path}/").status_code == 200


def test_password_is_changed_by_an_action(client: Client) -> None:
    login = signed_up(client)
    body = {"oldpassword": GOOD, "password1": "neues langes Wort", "password2": "neues langes Wort"}
    assert client.post("/accounts/password/change/", body).status_code == 302
    login.refresh_from_db()
    assert login.check_password("neues langes Wort")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_auditline WHERE action = 'registry.login.set_password'"
        )
        assert cursor.fetchone() == (1,)
    assert client.get("/me/security/").status_code == 200


def test_app_and_codes_are_kept_encrypted_and_recorded(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    login = signed_up(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'<code class="break">([A-Z2-7]+)</code>', page)[1]
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert response.status_code == 302
    assert {factor.type for factor in login.authenticator_set.all()} == {"totp", "recovery_codes"}
    stored = login.authenticator_set.get(type="totp").data["secret"]
    assert secret not in stored
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT changes -> 'factor' ->> 1 FROM core_auditline"
            " WHERE action = 'registry.login.record'"
        )
        assert cursor.fetchall() == [("totp_activated",)]
    codes = client.get("/accounts/2fa/codes/")
    assert codes.status_code == 200
    assert len(re.findall(r"<li><code>", codes.content.decode())) == 10
    again = Client()
    response = sign_in("길동이", client=again)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert again.get("/accounts/2fa/authenticate/").status_code == 200
    assert again.get("/me/security/").status_code == 303


def test_erasure_ends_the_session_and_the_login(client: Client) -> None:
    signed_up(client)
    response = client.post("/me/data/erase/", {"reason": "이사를 갑니다", "key": str(uuid4())})
    assert response["Location"] == "/about/erased/"
    assert client.get("/me/security/").status_code == 303
    assert sign_in("길동이").status_code == 200


def test_invitation_is_accepted_at_sign_up_once(client: Client) -> None:
    host = Client()
    login = signed_up(host, handle="host")
    organisation = people.organisation()
    people.mandate(login.person_id, Role.BOARD, organisation=organisation)
    sent = host.post(
        f"/organisations/{organisation.id}/invitations/",
        {"member_class": "consumer", "mail": "new@example.test", "key": str(uuid4())},
    )
    link = re.search(r"/invitations/([A-Za-z0-9_-]+)/</code>", sent.content.decode())[1]
    assert client.get(f"/invitations/{link}/").status_code == 200
    member = signed_up(client, handle="newcomer", invitation=link)
    assert member.person.memberships.get().organisation_id == organisation.id
    assert Client().get(f"/invitations/{link}/").status_code == 404
    assert "new@example.test" not in sent.content.decode()


def test_stranger_sees_no_invitations_of_an_organisation(client: Client) -> None:
    signed_up(client)
    organisation = people.organisation()
    path = f"/organisations/{organisation.id}/invitations/"
    assert client.get(path).status_code == 404
    body = {"member_class": "consumer", "mail": "new@example.test", "key": str(uuid4())}
    assert client.post(path, body).status_code == 404


@pytest.mark.parametrize(
    "typed", ["길동이", ADDRESS, "nobody", "nobody@example.test", "0212345678"]
)
def test_every_guess_costs_one_hash(
    client: Client, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    with_address(signed_up(client))
    spent: list[str] = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify

    def counted_encode(*args: Any, **kwargs: Any) -> str:
        spent.append("encode")
        return encode(*args, **kwargs)

    def counted_verify(*args: Any, **kwargs: Any) -> bool:
        spent.append("verify")
        return verify(*args, **kwargs)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted_encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted_verify)
    assert sign_in(typed, "falsches Wort").status_code == 200
    assert len(spent) == 1


def test_mandate_ends_for_a_session_that_stays_open(client: Client, clock: Any) -> None:
    login = signed_up(client)
    organisation = people.organisation()
    path = f"/organisations/{organisation.id}/invitations/"
    with connection.cursor() as cursor:
        cursor.execute("SELECT dure_now() + interval '1 hour'")
        (end,) = cursor.fetchone()
    people.mandate(login.person_id, Role.BOARD, organisation=organisation, until=end)
    assert client.get(path).status_code == 200
    clock.at(end - timedelta(seconds=1))
    assert client.get(path).status_code == 200
    clock.at(end)
    assert client.get(path).status_code == 404
