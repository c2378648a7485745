"""The desk of rounds in a browser: sound at 360 pixels in both languages, at each step."""

from __future__ import annotations

import pytest

from dure.budgeting.models import Award
from dure.core.actions import run
from tests.budgeting.calls import begun, official, resident, sent, with_projects
from tests.harness.people import MAPO, district
from tests.web.conftest import LANGUAGES, Site, Visit
from tests.web.test_budget_desk import published
from tests.web.test_walk import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = "/desk/budget/"
PARTS = ("dates", "money", "ballot", "rule", "words", "void")


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
