"""Photos of proposals: stored clean, attached by their owner, seen where the proposal is seen."""

from __future__ import annotations

import pytest

from dure.budgeting.models import ProposalPhoto
from dure.budgeting.queries import photos, proposals
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Upload
from dure.core.stored import path_of
from tests.budgeting.calls import NOW, begun, resident, sent
from tests.engines.test_pictures import SECRET, jpeg
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def test_photo_is_kept_clean_and_shown_with_its_proposal() -> None:
    author = resident()
    made = run("budgeting.photo.store", {"content": jpeg(turn=6)}, author).result
    stored = path_of(Upload.rows.get(id=made.id).sha256).read_bytes()
    assert SECRET not in stored
    everybody = Actor.anonymous()
    assert photos.photo(made.id, everybody) is None
    assert photos.photo(made.id, author) is not None
    here = begun()
    here.do("open")
    one = sent(here, author, photos=[{"upload_id": made.id, "alt": "골목 모퉁이"}])
    seen = proposals.proposal_view(one.id, everybody)
    assert seen is not None
    assert [(str(p.upload), p.alt) for p in seen.photos] == [(made.id, "골목 모퉁이")]
    shown = photos.photo(made.id, everybody)
    assert shown is not None and shown.content == stored
    with given() as audit:
        one.is_hidden, one.audit = True, audit
        one.save(update_fields=["is_hidden", "audit"])
    assert photos.photo(made.id, everybody) is None


def test_photo_of_somebody_else_is_not_attached() -> None:
    made = run("budgeting.photo.store", {"content": jpeg()}, resident()).result
    here = begun()
    here.do("open")
    with pytest.raises(Refusal) as caught:
        sent(here, photos=[{"upload_id": made.id, "alt": "남의 사진"}])
    assert caught.value.name == "budgeting.photo"
    assert ProposalPhoto.rows.count() == 0


def test_what_is_no_picture_is_not_stored() -> None:
    with pytest.raises(Refusal) as caught:
        run("budgeting.photo.store", {"content": b"<svg onload=alert(1)>"}, resident())
    assert caught.value.name == "budgeting.no_picture"
    assert Upload.rows.count() == 0
