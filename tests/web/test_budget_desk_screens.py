"""The desk of rounds in a browser: sound at 360 pixels in both languages, at each step."""

from __future__ import annotations

import pytest

from dure.budgeting.models import Award
from dure.core.actions import run
from tests.budgeting.calls import begun, official, resident, seconded, sent, with_projects
from tests.engines.test_pictures import jpeg
from tests.harness.people import MAPO, district
from tests.web.conftest import LANGUAGES, Site, Visit
from tests.web.test_budget_desk import published
from tests.web.test_walk import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = "/desk/budget/"
PARTS = ("dates", "money", "ballot", "rule", "roll", "more", "words", "void")
HIDE = {"target": "comment", "reason_code": "insult"}


def test_every_page_of_the_desk_is_sound_on_a_phone(visit: Visit, site: Site) -> None:
    district(MAPO)
    lead = official()
    draft, opened = begun(lead), begun(lead)
    opened.do("open")
    proposal = sent(opened)
    run("budgeting.proposal.accept", {"proposal_id": str(proposal.id)}, lead)
    body = {"proposal_id": str(proposal.id), "kind": "cost", "reviewer_id": str(lead.id),
            "department": "공원과"}  # fmt: skip
    asked = run("budgeting.review.assign", body, lead).result
    resident()
    listed, done = with_projects(10_000_000), published()
    award = Award.rows.filter(result__call=done.id).order_by("position")[0]
    paths = [
        DESK,
        f"{DESK}new/",
        f"{DESK}{draft.id}/",
        *(f"{DESK}{draft.id}/{part}/" for part in PARTS),
        f"{DESK}{opened.id}/words/",
        f"{DESK}{opened.id}/proposals/",
        f"{DESK}{opened.id}/proposals/{proposal.id}/",
        f"{DESK}{opened.id}/reviews/{asked.id}/",
        f"{DESK}{listed.id}/",
        f"{DESK}{listed.id}/preview/",
        f"{DESK}{listed.id}/trial/",
        f"{DESK}{listed.id}/trial/?voters=50&seed=1",
        f"{DESK}{draft.id}/trial/",
        f"{DESK}import/",
        *(f"{DESK}{done.id}/{part}" for part in ("", "turnout/", "follow/", f"follow/{award.id}/")),
        f"/budget/{done.id}/",
    ]
    faults: list[str] = []
    for language in LANGUAGES:
        window = visit(360, language)
        window.sign_in(lead)
        for path in paths:
            faults += faults_of(window, path)
    assert faults == [], "\n".join(faults)


def test_moderation_and_follow_up_are_sound_on_a_phone(visit: Visit, site: Site) -> None:
    district(MAPO)
    lead, author, writer = official(), resident(), resident()
    here = begun(lead)
    here.do("open")
    photo = run("budgeting.photo.store", {"content": jpeg()}, author).result.id
    one = sent(here, author, photos=[{"upload_id": photo, "alt": "골목"}])
    veiled = sent(here, title="가릴 제안")
    own = {"proposal_id": str(one.id)}
    said = run("budgeting.proposal.comment", {**own, "text": "못된 말"}, writer).result.id
    why = "이웃을 헐뜯는 말입니다"
    run("budgeting.moderation.hide", {**own, **HIDE, "target_id": said}, lead, reason=why)
    appeal = {**own, "target": "comment", "target_id": said, "text": "농담이었습니다"}
    run("budgeting.moderation.appeal", appeal, writer)
    body = {"proposal_id": str(veiled.id), "target": "proposal", "reason_code": "advert"}
    run("budgeting.moderation.hide", body, lead, reason="가게를 알리는 글입니다")
    done = published()
    award = Award.rows.filter(result__call=done.id).order_by("position")[0]
    shown = run("budgeting.photo.store", {"content": jpeg()}, done.lead).result.id
    told = {"award_id": str(award.pk), "text": "터를 닦았습니다", "delay_code": "weather",
            "next_due_on": "2027-05-01", "milestone": "터 닦기", "due_on": "2027-04-01",
            "photos": [{"upload_id": shown, "alt": "닦은 터"}]}  # fmt: skip
    run("budgeting.award.report", told, done.lead)
    body = {"award_id": str(award.pk), "district": MAPO, "amount_won": 15_000_000,
            "reason_code": "bid"}  # fmt: skip
    seconded("budgeting.award.change", body, done.lead, done.second)
    at = f"{DESK}{here.id}/proposals/{one.id}/"
    views = {
        done.lead: [f"{DESK}{done.id}/follow/{award.pk}/", f"/budget/{done.id}/"],
        here.second: [
            at,
            f"{at}moderate/?target=comment&id={said}",
            f"{at}moderate/?target=photo&id={photo}",
            f"{DESK}{here.id}/moderation/",
            f"/budget/proposals/{one.id}/",
            "/me/",
        ],
        writer: [
            f"/budget/proposals/{one.id}/",
            f"/budget/proposals/{veiled.id}/",
            f"/budget/{here.id}/proposals/",
        ],
    }
    faults: list[str] = []
    for language in LANGUAGES:
        for actor, paths in views.items():
            window = visit(360, language)
            window.sign_in(actor)
            for path in paths:
                faults += faults_of(window, path)
    assert faults == [], "\n".join(faults)
