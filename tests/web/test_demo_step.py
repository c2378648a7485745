"""Demo accounts with powers take a second step, like everybody; the others are not asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from dure.config.run import accounts
from dure.core.actions import run
from dure.core.actors import Actor
from dure.engines.totp import totp_code
from dure.registry import demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@override_settings(DEMO=True)
def test_demo_staff_sign_in_by_password_and_code() -> None:
    loaded = run("registry.demo.load", {}, Actor.operator()).result
    asked = {one.handle for one in loaded.accounts if one.takes_second_step}
    assert {"demo_staff", "demo_board", "demo_treasurer", "demo_vault"} <= asked
    assert asked.isdisjoint({"demo_resident", "demo_auditor", "demo_analyst"})
    password = demo.password(settings.SECRET_KEY)
    secret = demo.authenticator(settings.SECRET_KEY)
    for handle, code_asked in (("demo_resident", False), ("demo_vault", True)):
        client = Client()
        signed = client.post("/accounts/login/", {"login": handle, "password": password})
        assert signed["Location"].startswith("/accounts/2fa/authenticate/") is code_asked
        if code_asked:
            assert client.get("/vault/").status_code == 303  # still outside
            code = totp_code(secret, int(time.time()))  # the transaction is old
            assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
            assert client.get("/vault/").status_code == 200
        assert "추가 인증 하기" not in client.get("/me/").content.decode()


def test_what_is_printed_marks_who_takes_the_step(tmp_path: Path) -> None:
    one = '{"handle": "demo_vault", "password": "p", "ko": "금고", "en": "vault", "secret": "ABC"}'
    two = '{"handle": "demo_resident", "password": "p", "ko": "주민", "en": "resident"}'
    (tmp_path / "demo.json").write_text(f'{{"accounts": [{one}, {two}]}}', "utf-8")
    lines = accounts(tmp_path).splitlines()
    assert [("*" in line) for line in lines[1:3]] == [True, False]
    assert "dure demo --code" in lines[3] and "ABC" in lines[3]
