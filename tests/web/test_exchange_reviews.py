"""The pages of reviews: written from lists, answered, objected to and ruled on."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actors import Actor, Role
from dure.exchange.models import Attestation
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.conftest import LANGUAGES, WIDTHS, Visit
from tests.web.share_world import Share, a_share, step
from tests.web.test_listings import text_of
from tests.web.walk import client_of

HERE = "/exchange/reviews/"
NOW = "2026-05-10T14:00:00+09:00"


def ended() -> Share:
    share = a_share()
    step(share.case, "claim", share.haneul, minutes="60")
    step(share.case, "confirm", share.bada)
    return share


@pytest.fixture
def share(db: object, clock: Clock) -> Share:
    clock.at(NOW)
    return ended()


def write(client: Client, share: Share, points: str = "3", words: tuple[str, ...] = ()) -> int:
    path = f"/exchange/agreements/{share.case}/review/"
    return client.post(path, {"points": points, "words": words}).status_code


def test_a_review_is_offered_once_after_the_end(share: Share) -> None:
    bada = client_of(share.bada)
    page = f"/exchange/agreements/{share.case}/"
    assert "후기 남기기" in text_of(bada, page)
    assert write(bada, share, "2", ("kind", "on_time")) == 303
    assert "후기 남기기" not in text_of(bada, page)
    assert "남길 후기가 없습니다" in text_of(bada, f"{page}review/")
    assert "괜찮았어요 · 친절했어요 · 시간을 지켰어요" in text_of(bada, HERE)
    assert "후기 남기기" not in text_of(bada, f"/exchange/agreements/{share.loan}/")


def test_what_is_not_chosen_is_asked_for_again(share: Share) -> None:
    bada = client_of(share.bada)
    path = f"/exchange/agreements/{share.case}/review/"
    answer = bada.post(path, {"points": "", "words": ["kind"]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page and 'value="kind" checked' in page
    assert (
        bada.post(path, {"points": "3", "words": ["kind", "clear", "late", "careful"]}).status_code
        == 422
    )
    assert not Attestation.rows.filter(kind="review").exists()


def test_one_side_alone_is_not_seen_yet_and_an_objection_goes_to_the_coordinator(
    share: Share,
) -> None:
    bada, haneul = client_of(share.bada), client_of(share.haneul)
    write(bada, share, "1", ("late",))
    assert "아쉬웠어요" not in text_of(haneul, HERE)
    assert write(haneul, share) == 303
    assert "아쉬웠어요 · 늦었어요" in text_of(haneul, HERE)
    review = str(Attestation.rows.get(kind="review", value__of=str(share.haneul.id)).uid)
    sent = {"do": "object", "review_id": review, "code": "untrue"}
    assert haneul.post(HERE, sent).status_code == 303
    assert "이의를 살펴보는 중" in text_of(haneul, HERE)
    keeper = client_of(person_with(Role.STAFF, district=MAPO))
    assert "살펴볼 이의" in text_of(keeper, HERE)
    ruled = {"do": "rule", "review_id": review, "code": "hidden"}
    assert keeper.post(HERE, ruled).status_code == 422, "a ruling has its reason"
    assert keeper.post(HERE, {**ruled, "reason": "기록과 다릅니다"}).status_code == 303
    assert "살펴볼 이의" not in text_of(keeper, HERE)
    assert "가려짐" in text_of(bada, HERE)


def test_nothing_is_done_that_is_not_on_the_page(share: Share) -> None:
    assert client_of(share.bada).post(HERE, {"do": "erase"}).status_code == 404
    assert Client().get(HERE).status_code == 403
    stranger = person_with(Role.RESIDENT)
    assert client_of(stranger).get(f"/exchange/agreements/{share.case}/review/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_sound(visit: Visit, clock: Clock, width: int, language: str) -> None:
    clock.at(NOW)
    share = ended()
    write(client_of(share.bada), share, "3", ("kind",))
    window = visit(width, language)

    def sound(actor: Actor, path: str) -> None:
        window.sign_in(actor)
        assert window.go(path) == 200
        assert window.sound() == [], path
        assert window.sideways() == [] and window.small_targets() == [], path
        window.picture(f"reviews_{path}")

    sound(share.haneul, f"/exchange/agreements/{share.case}/review/")
    write(client_of(share.haneul), share)
    sound(share.haneul, HERE)
    review = str(Attestation.rows.get(kind="review", value__of=str(share.haneul.id)).uid)
    client_of(share.haneul).post(HERE, {"do": "object", "review_id": review, "code": "untrue"})
    sound(person_with(Role.STAFF, district=MAPO), HERE)
