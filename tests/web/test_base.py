"""What every form and every refusal does: typed words stay, errors are told, a retry is one act."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web import errors, things
from dure.interfaces.web.base import Form, act, body_of, form_of, paged, picked
from dure.interfaces.web.gallery import archetype
from dure.registry.models import Login, OrgEdit
from tests.harness.people import MAPO, organisation, person_with
from tests.web.walk import client_of

pytestmark = pytest.mark.django_db
LABELS = {"field": T("항목", "Field"), "value": T("새 값", "New value")}


def sent_by(actor: Actor, **values: str) -> HttpRequest:
    request = RequestFactory().post("/organisations/x/propose/", values)
    client_of(actor)
    assert actor.id is not None
    request.user = Login.objects.get(person_id=actor.id)
    request.session = SessionStore()  # of somebody who took one step
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as its middleware does
    return request


def propose(request: HttpRequest, organisation_id: object) -> Any:
    body = {"organisation_id": str(organisation_id), **body_of(request, "field", "value", "why")}
    return act(
        request, "registry.organisation.propose", body, labels=LABELS, again="gallery/form.html",
        context={"archetype": "", "state": "one", "places": [], "kinds": []}, success_url="/done/",
        done=T("제안했습니다.", "Proposed."),
    )  # fmt: skip


def test_done_form_sends_the_browser_on_and_a_retry_is_one_act() -> None:
    place, actor, key = organisation(), person_with(Role.RESIDENT, district=MAPO), str(uuid4())
    for _time in range(2):
        request = sent_by(actor, field="name", value="새이름협동조합", key=key)
        answer = propose(request, place.pk)
        assert (answer.status_code, answer["Location"]) == (303, "/done/")
    assert OrgEdit.rows.filter(proposer=actor.id).count() == 1


def test_same_key_with_other_words_is_refused_and_gets_a_new_key() -> None:
    place, actor, key = organisation(), person_with(Role.RESIDENT, district=MAPO), str(uuid4())
    propose(sent_by(actor, field="name", value="새이름협동조합", key=key), place.pk)
    answer = propose(sent_by(actor, field="name", value="다른이름협동조합", key=key), place.pk)
    assert answer.status_code == 409
    assert key not in answer.content.decode()
    assert OrgEdit.rows.filter(proposer=actor.id).count() == 1


def test_refused_form_keeps_words_and_key_and_names_the_field() -> None:
    place, actor, key = organisation(), person_with(Role.RESIDENT, district=MAPO), str(uuid4())
    request = sent_by(actor, field="no_such", value="<b>", key=key)
    form = form_of(request, refusal_of(request, place.pk), LABELS)
    assert form.status == 422
    assert form.values == {"field": "no_such", "value": "<b>"}
    assert form.key == key
    assert list(form.errors) == ["field"]
    assert "항목" in form.errors["field"]


def refusal_of(request: HttpRequest, organisation_id: object) -> Refusal:
    from dure.core.actions import run
    from dure.interfaces.web.base import actor_of

    body = {"organisation_id": str(organisation_id), **body_of(request, "field", "value")}
    with pytest.raises(Refusal) as caught:
        run("registry.organisation.propose", body, actor_of(request))
    return caught.value


def test_what_is_not_there_is_the_plain_page_of_what_is_missing() -> None:
    actor = person_with(Role.RESIDENT, district=MAPO)
    request = sent_by(actor, field="name", value="새이름협동조합")
    body = {"organisation_id": str(uuid4()), **body_of(request, "field", "value")}
    answer = act(request, "registry.organisation.propose", body)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "private, no-store"


def test_error_summary_links_to_its_fields_and_takes_the_focus(settings: Any) -> None:
    settings.DURE_GALLERY = True
    html = archetype(RequestFactory().get("/gallery/form/error/"), "form", "error").content.decode()
    linked = re.findall(r"<a href=\"#(f-\w+)\">", html)
    assert linked == ["f-name", "f-minutes", "f-kind"]
    assert all(f'id="{name}"' in html for name in linked)
    assert re.search(r'id="errors"[^>]*autofocus', html)
    assert html.count('aria-invalid="true"') == 2
    assert 'value="gallery"' in html


def test_error_on_a_field_named_items_is_told_like_any_other() -> None:
    form = Form(errors={"items": "품목 칸을 고쳐 주세요.", "name": "이름 칸을 고쳐 주세요."})
    html = render_to_string("components/form.html", {"form": form}, RequestFactory().get("/"))
    told = re.findall(r'<a href="#f-(\w+)">([^<]+)</a>', html)
    assert told == [("items", "품목 칸을 고쳐 주세요."), ("name", "이름 칸을 고쳐 주세요.")]


@pytest.mark.parametrize("path", ["/nowhere/", "/en/nowhere/"])
def test_missing_page_speaks_its_language(path: str) -> None:
    answer = Client().get(path)
    language, title = (
        ("en", "There is no such page") if "/en/" in path else ("ko", "찾는 화면이 없습니다")
    )
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.content.decode()
    assert title in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "words"), [("/me/", "화면이 오래되었습니다"), ("/en/me/", "too old")]
)
def test_form_without_its_token_is_told_why(path: str, words: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"a": "b"})
    assert answer.status_code == 403
    assert words in answer.content.decode()


@pytest.mark.parametrize(("path", "words"), [("/x/", "우리 쪽에서"), ("/en/x/", "on our side")])
def test_fault_is_told_in_plain_words(path: str, words: str) -> None:
    answer = errors.broken(RequestFactory().get(path))
    assert answer.status_code == 500
    assert words in answer.content.decode()


def test_fault_of_the_fault_page_still_answers() -> None:
    class Broken(HttpRequest):
        path_info = "/"

        def get_full_path(self, force_append_slash: bool = False) -> str:
            raise RuntimeError

    broken = Broken()
    broken.method = "GET"
    answer = errors.broken(broken)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()


def test_every_refusal_has_a_title_and_a_status() -> None:
    for code in CoreCode:
        answer = errors.refusal_page(
            RequestFactory().get("/"),
            Refusal(code, role="x", ended_at="x", who="x", range="x", state="x", seconds=1,
                    rule="x", group="x"),
        )  # fmt: skip
        assert answer.status_code in {202, 403, 404, 409, 422, 429, 501, 503}


def test_page_number_out_of_range_is_the_last() -> None:
    for asked, number in (("99", 3), ("0", 1), ("x", 1), ("²", 1), ("2", 2)):
        request = RequestFactory().get("/", {"page": asked})
        assert paged(request, list(range(50))).number == number


def test_only_values_of_the_list_are_picked() -> None:
    request = RequestFactory().get("/", {"sort": "name;drop"})
    assert picked(request, "sort", {"name": 1}, "name") == "name"


def test_things_to_do_stand_in_order_of_urgency() -> None:
    from datetime import date

    made = [
        things.Thing("b", "", "/", due=date(2026, 1, 2)),
        things.Thing("a", "", "/"),
        things.Thing("c", "", "/", due=date(2026, 1, 1)),
        things.Thing("d", "", "/", due=date(2025, 1, 1), late=True),
    ]
    kept = list(things.PROVIDERS)
    things.PROVIDERS[:] = [lambda actor: made]
    try:
        assert [one.title for one in things.things_for(Actor.anonymous())] == ["d", "c", "b", "a"]
    finally:
        things.PROVIDERS[:] = kept


def test_menu_shows_roles_their_own_entries() -> None:
    from dure.interfaces.web import sitemap

    official = {one.name for one in sitemap.OWN if "OFFICIAL" in one.roles}
    assert "web:releases" in official
    with override("en"):
        shown = sitemap.shown(sitemap.OWN, "/", frozenset())
    assert [one.title for one in shown] == ["My things to do", "My money and hours"]
    assert len(sitemap.MENU) <= sitemap.MENU_SIZE_MAX


def test_policy_report_is_logged_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    report = {
        "csp-report": {
            "effective-directive": "script-src",
            "document-uri": "http://x.test/a?b=900101-1234567",
        }
    }
    answer = Client().post("/csp-report", report, content_type="application/json")
    assert answer.status_code == 204
    told = [r.getMessage() for r in caplog.records if r.name == "dure.csp"]
    assert told == ["csp directive=script-src page=http://x.test/a"]
    assert Client().post("/csp-report", b"[]", content_type="application/json").status_code == 400


def test_pages_travel_compressed_and_small() -> None:
    answer = Client().get("/about/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 6_000


def test_no_cache_keeps_what_a_signed_in_person_sees() -> None:
    client = client_of(person_with(Role.RESIDENT, district=MAPO))
    for path in ("/about/", "/me/", "/nowhere/", "/accounts/logout/"):
        assert client.get(path)["Cache-Control"] == "private, no-store", path
    assert "Cache-Control" not in Client().get("/about/")
