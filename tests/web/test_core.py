"""Pages of core: what they show, to whom, and that they are sound in both languages and widths."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from dure.config.database import SUPERUSER, Server
from dure.core import clock, sealing
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, Role
from dure.core.models import ApiToken, Progress
from dure.registry import vault
from dure.registry.queries import access_log
from tests.harness import people
from tests.web.walk import session_of


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(actor)
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "page", ["/about/actions/", "/rules/", "/rules/notice.quiet/", "/about/api/"]
)
def test_public_pages_answer_in_both_languages(db: None, prefix: str, page: str) -> None:
    response = Client().get(f"{prefix}{page}")
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


def test_catalogue_is_searched_and_filtered_by_room_and_role(db: None) -> None:
    shown = Client().get("/en/about/actions/?q=core.token&room=core").content.decode()
    assert "core.token.create" in shown
    assert "registry." not in shown.split("<main", 1)[1].split("core.token.create", 1)[1][:2000]
    none = Client().get("/en/about/actions/?q=zzzz").content.decode()
    assert "No such action" in none


def test_rule_shows_value_source_and_status(db: None) -> None:
    shown = Client().get("/en/rules/notice.quiet/").content.decode()
    assert "21:00 · 08:00" in shown
    assert "제50조" in shown
    assert "not yet verified" in shown


def test_unknown_rule_is_not_found(db: None) -> None:
    assert Client().get("/rules/no.such/").status_code == 404


def test_audit_is_closed_to_visitors_and_residents(db: None) -> None:
    assert Client().get("/audit/").status_code == 403
    assert signed_in(people.person_with(Role.RESIDENT)).get("/audit/").status_code == 403


def test_auditor_reads_lines_and_runs_the_verifier(db: None) -> None:
    run(sealing.NAME, {}, Actor.operator())
    client = signed_in(people.person_with(Role.AUDITOR, district=people.MAPO))
    shown = client.get("/en/audit/?verify=1").content.decode()
    assert "core.rulebook.install" in shown
    assert "core.audit" in shown
    assert "registry_person" in shown  # rows of the test's beginning have no line, and it says so
    assert sealing.verify().is_whole
    assert "No such line" in client.get("/en/audit/?q=zzz").content.decode()


def test_auditor_sees_last_nights_verdict_on_the_vaults_log(commits: str, server: Server) -> None:
    auditor = people.person_with(Role.AUDITOR, district=people.MAPO)
    client = signed_in(auditor)
    assert client.get("/en/audit/").content.decode().count("not checked yet") == 2
    vault.store(vault.Entry(uuid4(), {"name": "홍길동"}), actor=auditor, purpose="account")
    run("registry.vault.seal", {}, Actor.operator())
    run(access_log.CHECK, {}, Actor.operator())
    with server.connect(SUPERUSER, commits) as insider:
        insider.execute("SET session_replication_role = replica")
        insider.execute("UPDATE vault.access_log SET purpose = 'care'")
    shown = client.get("/en/audit/").content.decode()
    assert (shown.count("not checked yet"), shown.count("whole")) == (1, 1)
    run(access_log.CHECK, {}, Actor.operator())
    changed = access_log.newest_log_check()
    assert changed is not None
    told = f"changed rows {changed[1].broken_rows}, broken seals 0"
    assert changed[1].broken_rows > 0 and told in client.get("/en/audit/").content.decode()
    assert "바뀐 행" in client.get("/audit/").content.decode()


def test_auditor_of_an_organisation_sees_its_lines_alone(db: None) -> None:
    organisation = people.organisation()
    client = signed_in(people.person_with(Role.AUDITOR, organisation=organisation))
    assert "core.rulebook.install" not in client.get("/en/audit/").content.decode()


def test_token_is_made_shown_once_and_revoked(db: None) -> None:
    actor = people.person_with(Role.RESIDENT)
    client = signed_in(actor)
    sent = {"label": "내 표 계산", "purpose": "read", "days": "30", "key": "k1"}
    made = client.post("/en/me/tokens/", sent).content.decode()
    assert "dure_" in made
    assert "dure_" not in client.get("/en/me/tokens/").content.decode()
    token = ApiToken.rows.get(person=actor.id)
    gone = client.post(f"/en/me/tokens/{token.id}/revoke/", {"key": "k2"})
    assert gone.status_code == 303
    assert "in force" not in client.get("/en/me/tokens/").content.decode()


def test_refused_token_keeps_what_was_typed(db: None) -> None:
    client = signed_in(people.person_with(Role.RESIDENT))
    sent = {"label": "내 표 계산", "purpose": "read", "days": "9999", "key": "k1"}
    response = client.post("/en/me/tokens/", sent)
    assert response.status_code == 422
    assert "내 표 계산" in response.content.decode()


def job_of(owner: UUID | None, state: str) -> str:
    row = Progress.rows.create(
        owner=owner,
        action="core.rulebook.install",
        state=state,
        asked_at=clock.now(),
        started_at=clock.now(),
        stage_at=clock.now(),
        seen_at=clock.now(),
        done=50,
        total=100,
        stage_ko="읽는 중",
        stage_en="reading",
    )
    return str(row.job)


@pytest.mark.parametrize("state", ["waiting", "running", "done", "refused", "cancelled", "failed"])
def test_own_task_shows_its_state(db: None, state: str) -> None:
    actor = people.person_with(Role.RESIDENT)
    job = job_of(actor.id, state)
    client = signed_in(actor)
    assert client.get(f"/me/jobs/{job}/").status_code == 200
    assert job in client.get("/me/jobs/").content.decode()


def test_task_of_another_person_is_not_found(db: None) -> None:
    job = job_of(people.person_with(Role.RESIDENT).id, "running")
    assert signed_in(people.person_with(Role.RESIDENT)).get(f"/me/jobs/{job}/").status_code == 404


def test_task_is_asked_to_stop_by_its_owner(db: None) -> None:
    actor = people.person_with(Role.RESIDENT)
    job = job_of(actor.id, "running")
    assert signed_in(actor).post(f"/me/jobs/{job}/", {"key": "k"}).status_code == 303
    assert Progress.rows.get(job=job).cancel_asked is True


def test_every_action_has_words_on_the_page(db: None) -> None:
    client, seen = Client(), ""
    for number in range(1, len(CATALOGUE) // 20 + 2):
        seen += client.get(f"/en/about/actions/?page={number}").content.decode()
    assert [name for name in CATALOGUE if name not in seen] == []
