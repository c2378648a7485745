"""A factor made in a session counts in it: real commits, as the library waits for them."""

from __future__ import annotations

import pytest

from dure.engines.totp import totp_code
from dure.registry.models import Login
from tests.harness import people
from tests.web.test_second_step import READ, resident, staff
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("plain_files")


def test_a_factor_made_in_the_session_opens_the_name(commits: str) -> None:
    person, worker = resident(), staff()
    client = client_of(worker, second_step=False)
    login = Login.objects.get(person_id=worker.id)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    before, secret = client.session.session_key, client.session["mfa.totp.secret"]
    code = totp_code(secret, int(people._now().timestamp()))
    made = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert made.status_code == 302
    assert login.factors.filter(type="totp").count() == 1
    assert "홍길동" in client.post(f"/people/{person.id}/", READ).content.decode()
    assert client.session.session_key != before  # what it opens changed, and so did its name
