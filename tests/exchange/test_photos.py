"""Photos at check-out and check-in: clean, for the parties and the coordinator alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from dure.core import clock, door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import Upload
from dure.core.stored import path_of
from dure.exchange.models import Agreement, Attestation
from dure.exchange.queries import photos
from tests.engines.test_pictures import SECRET, jpeg
from tests.exchange.neighbours import NOW, Library, hold, library, step
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Library:
    return library()


def booked(here: Library) -> tuple[Actor, str]:
    anna = here.neighbour()
    case = hold(anna, here.thing(lanes=2), "10T10:00", "10T12:00")
    step(anna, case, "book")
    return anna, case


def add(actor: Actor, case: str, content: bytes | None = None, **more: str) -> UUID:
    body = {"agreement_id": case, "content": content or jpeg(turn=6), **more}
    return UUID(run("exchange.photo.add", body, actor).result.id)


def may_see(upload: UUID, actor: Actor) -> bool:
    return photos.photo(upload, door.load_grants(actor, clock.now())) is not None


def test_photo_is_kept_clean_beside_its_moment(here: Library) -> None:
    anna, case = booked(here)
    made = add(here.keeper, case, moment="check_out", alt="흠집 없는 드릴")
    row = Upload.rows.get(id=made)
    assert SECRET in jpeg(turn=6), "control: the camera wrote it"
    assert SECRET not in path_of(row.sha256).read_bytes()
    assert (row.scope_kind, row.scope_id) == ("agreement", case)
    (found,) = photos.of_case(Agreement.rows.get(id=case), anna)
    assert (found.upload, found.moment, found.alt, found.is_mine) == (
        str(made), "check_out", "흠집 없는 드릴", False,
    )  # fmt: skip


def test_parties_and_the_coordinator_see_it_and_nobody_else(here: Library) -> None:
    anna, case = booked(here)
    made = add(anna, case)
    for actor in (anna, here.keeper, person_with(Role.STAFF, district=MAPO)):
        assert may_see(made, actor)
    strangers = (
        Actor.anonymous(),
        here.neighbour(),
        person_with(Role.MEMBER, organisation=here.host),
        person_with(Role.STAFF, district=JONGNO),
        booked(here)[0],
    )
    assert not any(may_see(made, actor) for actor in strangers)


def test_stranger_adds_no_photo(here: Library) -> None:
    _, case = booked(here)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        add(here.neighbour(), case)
    assert Upload.rows.count() == 0


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"\xff\xd8 cut off"])
def test_what_is_no_picture_is_not_kept(here: Library, content: bytes) -> None:
    anna, case = booked(here)
    with pytest.raises(Refusal, match=r"exchange\.no_picture"):
        add(anna, case, content)
    assert Upload.rows.count() == 0
    assert not Attestation.rows.filter(kind="photo").exists()


def test_twelve_photos_and_no_more(here: Library) -> None:
    anna, case = booked(here)
    for _ in range(12):
        add(anna, case)
    with pytest.raises(Refusal, match=r"exchange\.too_many_photos"):
        add(anna, case)
    assert Upload.rows.count() == 12


def test_photo_does_not_confirm_a_hand_over(here: Library) -> None:
    anna, case = booked(here)
    add(anna, case, moment="check_out")
    add(here.keeper, case, moment="check_out")
    assert step(anna, case, "check_out") == "booked"
    assert step(here.keeper, case, "check_out") == "out"
