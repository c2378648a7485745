"""Lists brought, judged, answered, applied and undone, on the fixture files and on made ones."""

from __future__ import annotations

import io

import pytest
from django.db import connection

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry import models as registry
from dure.registry import spool
from dure.registry.queries import imports as queries
from tests.harness import people
from tests.harness.given import given
from tests.registry.lists import (  # noqa: F401 - `places` is an automatic fixture
    GOOD,
    HEADER,
    TABLES,
    answered,
    applied,
    city_staff,
    content,
    csv_of,
    judged,
    many,
    opened,
    places,
    refused,
)

pytestmark = pytest.mark.django_db


def test_a_list_is_stored_as_one_action_with_one_line():
    actor = city_staff()
    imp = judged(csv_of(*GOOD), actor)
    assert imp.counts | {"codes": None} == {
        "ok": 3, "fix": 0, "warn": 0, "reject": 0, "new": 3, "same": 0, "change": 0, "not_rows": 0,
        "warnings": {}, "codes": None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditline")
        (before,) = cursor.fetchone()

    result = run("registry.import.apply", {"import_id": str(imp.pk)}, actor).result

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditline")
        assert cursor.fetchone()[0] == before + 1
    assert (result.made, result.changed, result.same, result.held) == (3, 0, 0, 0)
    one = registry.Organisation.rows.get(name="가람협동조합")
    assert (one.form, one.district_id, one.founded_on.isoformat()) == (
        "corporation",
        "11440",
        "2013-01-01",
    )
    assert sorted(one.numbers.values_list("scheme", "digits")) == [
        ("biz", "9990010004"), ("corp", "9999301000000"),
    ]  # fmt: skip
    assert [s.code for s in one.statuses.all()] == ["coop.producer"]
    assert [s.state for s in one.states.all()] == ["operating"]
    assert one.sites.get().address == "서울특별시 마포구 없는길 1"
    assert one.contacts.get().value == "office1@example.invalid"
    assert sorted(one.years.values_list("year", "kind", "value")) == [
        (2025, "capital", 1000000), (2025, "members", 5),
    ]  # fmt: skip
    assert one.federations.get().organisation.name == "한별나루연합회"
    closed = registry.Organisation.rows.get(name="예그리나협동조합")
    assert [(s.state, str(s.valid.lower)) for s in closed.states.order_by("valid")] == [
        ("operating", "2015-11-15"), ("closed", "2025-12-15"),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT label_id, qty, count(*) FROM journal_event GROUP BY 1, 2 ORDER BY 2")
        assert [row[1:] for row in cursor.fetchall()] == [(0, 1), (1, 3)]


def test_the_same_list_again_is_the_first_answer():
    actor = city_staff()
    first = applied(csv_of(*GOOD), actor)
    before = content()

    import_id = opened(csv_of(*GOOD), actor)
    columns = tuple(registry.Import.rows.get(pk=import_id).columns)
    again = run("registry.import.map", {"import_id": import_id, "columns": columns}, actor).result

    assert (again.state, again.same_as) == ("cancelled", first.id)
    assert content() == before


def test_other_bytes_with_equal_rows_are_all_same():
    actor = city_staff()
    applied(csv_of(*GOOD), actor)
    before = content()

    other = "\n".join((HEADER, *reversed(GOOD))).encode("cp949")
    result = applied(other, actor)

    assert (result.made, result.changed, result.same) == (0, 0, 3)
    assert content() == before


def test_an_empty_cell_erases_nothing_and_a_change_is_told_from_old_to_new():
    actor = city_staff()
    applied(csv_of(*GOOD), actor)
    changed = GOOD[0].replace(",5,1000000,", ",7,1000000,").replace("office1@example.invalid", "")
    changed = changed.replace("가람협동조합", "새가람협동조합").replace("없는길 1,", "없는길 11,")

    imp = judged(csv_of(changed), actor)
    (row,) = queries.staged(imp)
    assert row.against == "change"
    assert row.changes == {
        "name": ["가람협동조합", "새가람협동조합"],
        "address": ["서울특별시 마포구 없는길 1", "서울특별시 마포구 없는길 11"],
        "members": ["5", 7],
    }
    result = run("registry.import.apply", {"import_id": str(imp.pk)}, actor).result

    assert (result.made, result.changed, result.same) == (0, 1, 0)
    one = registry.Organisation.rows.get(name="새가람협동조합")
    assert one.contacts.get().value == "office1@example.invalid"
    assert list(one.names.order_by("valid").values_list("name", flat=True)) == [
        "가람협동조합",
        "새가람협동조합",
    ]
    assert one.jamo_keys.count(" ") == 1
    assert one.years.filter(kind="members", corrects__isnull=False).get().value == 7


def test_undo_restores_what_nobody_changed_since():
    actor = city_staff()
    applied(csv_of(*GOOD), actor)
    before = content()
    changed = GOOD[0].replace("가람협동조합", "새가람협동조합").replace("없는길 1,", "없는길 11,")
    fresh = GOOD[0].replace("999-00-10004", "999-00-11487").replace("999930-1000000", "")
    fresh = fresh.replace("가람협동조합", "새로온협동조합")
    result = applied(csv_of(changed, fresh), actor)
    assert (result.made, result.changed) == (1, 1)

    undone = run(
        "registry.import.undo", {"import_id": result.id}, actor, reason="잘못 올린 명단"
    ).result

    after = content()
    assert undone.left == ()
    kept = {"registry_organisation", "journal_event", "registry_orgyear"}
    assert {t for t in TABLES if after[t] != before[t]} <= kept
    assert registry.Organisation.rows.get(name="가람협동조합").jamo_keys.count(" ") == 0
    assert registry.Organisation.rows.get(name="새로온협동조합").annulled
    again = applied(csv_of(fresh + " "), actor)
    assert again.made == 1


def test_undo_leaves_and_lists_what_changed_since():
    actor = city_staff()
    result = applied(csv_of(*GOOD), actor)
    one = registry.Organisation.rows.get(name="가람협동조합")
    with given() as audit:
        registry.Organisation.rows.filter(pk=one.pk).update(name_en="Garam", audit=audit)

    undone = run(
        "registry.import.undo", {"import_id": result.id}, actor, reason="잘못 올린 명단"
    ).result

    assert undone.left == (2,)
    assert not registry.Organisation.rows.get(pk=one.pk).annulled
    assert registry.Organisation.rows.filter(annulled=True).count() == 2


@pytest.mark.parametrize("name", ["orgs_cp949.csv", "orgs_utf8_bom.csv", "orgs_1904.xlsx"])
def test_a_fixture_file_with_refused_rows_stores_nothing(name, shared_data):
    actor = city_staff()
    before = content()
    data = (shared_data / "imports" / name).read_bytes()
    imp = judged(data, actor)
    assert imp.state == "refused"
    assert imp.counts["reject"] == (18 if name.endswith("xlsx") else 20)
    assert imp.counts["not_rows"] == (1 if name.endswith("xlsx") else 0)
    refused("registry.import_rejected", "registry.import.apply", {"import_id": str(imp.pk)}, actor)
    assert content() == before
    told = list(queries.refused(imp))
    assert {row.line for row in told} == {r.line for r in queries.staged(imp, verdict="reject")}
    assert all(row.what.ko and row.remedy.en for row in told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(r::text, ''), '') FROM registry_importrow r")
        text = cursor.fetchone()[0]
    assert "900101" not in text
    assert "8503152345671" not in text
    assert "9912313999999" in text


def test_mended_fixture_is_stored_after_its_questions_are_answered(shared_data):
    actor = city_staff()
    lines = (shared_data / "imports" / "orgs_utf8_bom.csv").read_bytes().decode("utf-8-sig")
    bad = {4, 6, 9, 10, 12, 13, 15, 18, 19, 20, 21, 22, 23, 26, 27, 33, 36, 54, 58, 59}
    import csv

    rows = list(csv.reader(io.StringIO(lines)))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([rows[0], *[r for r in rows[1:] if int(r[0]) not in bad]])
    imp = judged(out.getvalue().encode("utf-8-sig"), actor)
    assert imp.state == "judged"
    body = {"import_id": str(imp.pk)}
    refused("registry.import_unanswered", "registry.import.apply", body, actor)
    codes = tuple(imp.counts["warnings"])
    answered(imp, actor, so=tuple(c for c in codes if c != "same_name"), hold=("same_name",))

    result = run("registry.import.apply", body, actor).result

    assert (result.made, result.held) == (38, 2)
    assert not registry.Organisation.rows.filter(name="달무리터자활일터").exists()
    assert registry.Organisation.rows.filter(name="두레 샘랩").count() == 1


def test_a_long_list_waits_for_a_second_person():
    actor, other = city_staff(), city_staff()
    imp = judged(many(101), actor)
    body = {"import_id": str(imp.pk)}
    refused("core.second_person", "registry.import.apply", body, actor)
    refused("core.not_allowed", "registry.import.approve", body, actor)
    run("registry.import.approve", body, other)
    assert run("registry.import.apply", body, actor).result.made == 101


def test_a_hundred_rows_need_one_person():
    actor = city_staff()
    assert applied(many(100), actor).made == 100


def test_a_changed_answer_takes_the_approval_back():
    actor, other = city_staff(), city_staff()
    low = GOOD[0].replace(",5,1000000,", ",3,1000000,")
    imp = judged(csv_of(low), actor)
    body = {"import_id": str(imp.pk)}
    answered(imp, actor, so=("below_five",), hold=("dangling_parent",))
    run("registry.import.approve", body, other)
    answered(imp, actor, hold=("below_five",))
    assert registry.Import.rows.get(pk=imp.pk).approver is None


def test_a_list_of_one_district_refuses_rows_of_another():
    actor = people.person_with(Role.STAFF, district="11440")
    imp = judged(csv_of(*GOOD), actor, district="11440")
    assert imp.state == "refused"
    assert imp.counts["codes"] | {"outside_scope": 1} == imp.counts["codes"] | {"outside_scope": 1}
    assert [r.line for r in queries.staged(imp, code="outside_scope")] == [3]


def test_who_may_import():
    name = spool.put([csv_of(*GOOD)], "a.csv")
    body = {"file": name, "file_name": "a.csv", "district": "11440", "year": 2025}
    for actor in (
        Actor.anonymous(),
        people.person_with(Role.RESIDENT, district="11440"),
        people.person_with(Role.STAFF, district="11110"),
        people.person_with(Role.OFFICIAL, district="11440"),
    ):
        refused("core.not_allowed", "registry.import.open", body, actor)
    ended = people.ended(Role.STAFF, district="11440")
    refused("core.term_ended", "registry.import.open", body, ended)
    run("registry.import.open", body, people.person_with(Role.STAFF, district="11440"))


def test_an_import_of_another_district_is_not_found():
    imp = judged(
        csv_of(GOOD[0]), people.person_with(Role.STAFF, district="11440"), district="11440"
    )
    stranger = people.person_with(Role.STAFF, district="11110")
    for name in ("judge", "apply", "undo", "cancel", "approve"):
        reason = {"reason": "까닭 있음"} if name == "undo" else {}
        refused(
            "core.not_found",
            f"registry.import.{name}",
            {"import_id": str(imp.pk)},
            stranger,
            **reason,
        )


def test_mapping_is_remembered_and_required_columns_are_asked_for():
    actor = city_staff()
    data = (
        csv_of(*GOOD).decode("utf-8-sig").replace("기관명", "우리 조직 이름표").encode("utf-8-sig")
    )
    import_id = opened(data, actor)
    columns = list(registry.Import.rows.get(pk=import_id).columns)
    assert columns[1] == ""
    body = {"import_id": import_id, "columns": tuple(columns)}
    assert (
        refused("registry.import_columns", "registry.import.map", body, actor).places["fields"].ko
        == "이름"
    )
    columns[1] = "name"
    run("registry.import.map", {"import_id": import_id, "columns": tuple(columns)}, actor)

    again = opened(data + b"\r\n", actor)

    assert registry.Import.rows.get(pk=again).columns == columns


def test_a_cancelled_list_leaves_nothing():
    actor = city_staff()
    imp = judged(csv_of(*GOOD), actor)
    run("registry.import.cancel", {"import_id": str(imp.pk)}, actor)
    assert queries.staged(imp).count() == 0
    refused("core.state_changed", "registry.import.apply", {"import_id": str(imp.pk)}, actor)


def test_a_sole_traders_details_stay_out():
    actor = city_staff()
    row = GOOD[0].replace("999930-1000000", "").replace("협동조합(생산자)", "마을기업")
    row = row.replace("한별나루연합회", "")
    imp = judged(csv_of(row), actor)
    (staged,) = queries.staged(imp)
    assert (staged.form, staged.address, staged.biz, staged.mail) == ("sole_trader", "", None, "")
    run("registry.import.apply", {"import_id": str(imp.pk)}, actor)
    one = registry.Organisation.rows.get(name="가람협동조합")
    assert one.numbers.get().digits is None
    assert one.sites.get().address == ""
    assert one.contacts.count() == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "registry.file_refused"),
        (b"PK\x03\x04zzzz", "registry.file_refused"),
        ("가나다".encode() + b"\xff", "registry.encoding"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(data, code):
    actor = city_staff()
    name = spool.put([data], "a.csv")
    body = {"file": name, "file_name": "a.csv", "district": "city", "year": 2025}
    refusal = refused(code, "registry.import.open", body, actor)
    assert refusal.sentence("ko").endswith(".")


def test_a_resident_number_in_a_file_name_or_header_is_refused():
    with pytest.raises(Refusal) as caught:
        spool.put([b"a"], "명단 900101-1234567.csv")
    assert caught.value.name == "core.rrn"
    name = spool.put([csv_of(*GOOD).replace("비고".encode(), b"900101-1234567")], "a.csv")
    body = {"file": name, "file_name": "a.csv", "district": "city", "year": 2025}
    refused("core.rrn", "registry.import.open", body, city_staff())


def test_staging_is_emptied_thirty_days_after_the_end(clock):
    actor = city_staff()
    stored = applied(csv_of(*GOOD), actor)
    waiting = judged(csv_of(GOOD[0] + " "), actor)
    clock.at("2026-07-31T11:59:59+09:00")
    assert run("registry.import.empty", {}, Actor.timer("registry.import.empty")).result == 0
    clock.at("2026-07-31T12:00:01+09:00")
    assert run("registry.import.empty", {}, Actor.timer("registry.import.empty")).result == 4
    assert registry.Import.rows.get(pk=waiting.pk).state == "cancelled"
    body = {"import_id": stored.id}
    refused("registry.import_emptied", "registry.import.undo", body, actor, reason="너무 늦음")
    assert registry.Organisation.rows.filter(annulled=False).count() == 3
