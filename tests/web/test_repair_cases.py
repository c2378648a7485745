"""Pages of repair cases without a browser: damage under a loan, photos, who sees which link."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Attestation, Party
from tests.engines.test_pictures import jpeg
from tests.exchange.cases import NOW, cafe
from tests.exchange.test_repair_queue import damaged
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.web.test_repair import key_of
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def path_of(case: Agreement) -> str:
    return f"/exchange/repair/case/{case.id}/"


def borrower_of(loan: Agreement) -> Actor:
    person: UUID | None = Party.rows.get(agreement=loan, role="borrower").person
    assert person is not None
    return Actor.person(person)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_owner_of_a_damaged_thing_chooses_the_event(clock: Clock, prefix: str) -> None:
    owner = person_with(Role.RESIDENT)
    loan, _ = damaged(clock, owner)
    child = Agreement.rows.get(parent=loan)
    client = client_of(owner)
    path = prefix + path_of(child)
    empty = client.get(path).content.decode()
    assert "form-triage" not in empty
    assert ("아직 열리는 수리 모임이" in empty) is (prefix == "")
    here = cafe()
    text = client.get(path).content.decode()
    sent = {"do": "place", "pool_id": here.pool_id, "key": key_of(text)}
    assert client.post(path, sent).status_code == 303
    child.refresh_from_db()
    assert str(child.pool_id) == here.pool_id
    assert f"/agreements/{loan.id}/" in client.get(path).content.decode()
    seen_by_host = client_of(here.keeper).get(path).content.decode()
    assert "form-triage" in seen_by_host
    assert f"/agreements/{loan.id}/" not in seen_by_host, "the loan is none of the host's business"


def test_loan_shows_its_repair_to_the_owner_and_not_to_the_borrower(clock: Clock) -> None:
    here = cafe()
    owner = person_with(Role.RESIDENT)
    loan, _ = damaged(clock, owner)
    child = Agreement.rows.get(parent=loan)
    assert str(child.pool_id) == here.pool_id
    page = f"/exchange/agreements/{loan.id}/"
    assert path_of(child) in client_of(owner).get(page).content.decode()
    assert path_of(child) not in client_of(borrower_of(loan)).get(page).content.decode()
    assert client_of(borrower_of(loan)).get(path_of(child)).status_code == 404


def test_photo_of_a_case_is_sent_to_those_who_see_the_case(clock: Clock) -> None:
    here = cafe()
    owner = person_with(Role.RESIDENT)
    loan, _ = damaged(clock, owner)
    path = path_of(Agreement.rows.get(parent=loan))
    client = client_of(owner)
    key = key_of(client.get(path).content.decode())
    file = SimpleUploadedFile("pole.jpg", jpeg(turn=6), "image/jpeg")
    assert client.post(path, {"do": "photo", "key": key, "content": file}).status_code == 303
    upload = Attestation.rows.get(kind="photo").value["upload"]
    photo = f"/exchange/photos/{upload}/"
    for actor in (owner, here.keeper, here.member):
        answer = client_of(actor).get(photo)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "private" in answer["Cache-Control"]
    for actor in (Actor.anonymous(), here.stranger, borrower_of(loan)):
        assert client_of(actor).get(photo).status_code == 404
