"""The vault: who can do nothing, what is logged, what opens when."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry import vault
from dure.registry.vault import records
from tests.harness import people

pytestmark = pytest.mark.django_db

TABLES = ("subject", "cell", "blind_index", "access_log", "purpose_key")
STAFF = Actor.person(UUID(int=7), origin="test")
WHY = "창구에서 본인이 부탁함"


def kept(name: str = "홍길동", **cells: str) -> UUID:
    """A person of the vault with a name."""
    subject = uuid4()
    vault.store(vault.Entry(subject, {"name": name, **cells}), actor=STAFF, purpose="account")
    return subject


def log_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM vault.access_log_seq_seq")
        return int(cursor.fetchone()[0])


def test_application_role_has_no_right_on_any_vault_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("dure_app",)
    for table in TABLES:
        for verb in ("SELECT 1 FROM", "DELETE FROM", "TRUNCATE"):
            with (
                pytest.raises(DatabaseError) as refused,
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"{verb} vault.{table}")
            assert refused.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("role", ["dure_analyst", "dure_auditor"])
def test_other_roles_can_neither_read_nor_call(
    role: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    other = database_as(role)
    other.autocommit = True
    calls = ["SELECT * FROM vault.keys()", f"SELECT * FROM vault.log_of('{uuid4()}', NULL, 1)"]
    for statement in [f"SELECT 1 FROM vault.{table}" for table in TABLES] + calls:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(statement)


def test_name_comes_back_masked_and_whole() -> None:
    subject = kept()
    answer = vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    assert answer.open() == {"name": "홍길동"}
    assert vault.masked_names([subject], actor=STAFF, purpose="list_page") == {subject: "홍*동"}


def test_each_read_is_exactly_one_row_that_its_person_sees() -> None:
    subject = kept()
    for _ in range(3):
        vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    vault.masked_names([subject], actor=STAFF, purpose="list_page")
    seen = vault.accesses(subject)
    assert [row.kind for row in seen] == ["masked", "read", "read", "read", "store"]
    assert seen[1].actor == STAFF.id
    assert seen[1].reason == WHY
    assert seen[1].fields == ("name",)


def test_read_without_a_reason_is_refused() -> None:
    subject = kept()
    for reason in ("", "왜", None):
        with pytest.raises(DatabaseError, match="read_has_a_reason"), transaction.atomic():
            vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=reason)
    assert [row.kind for row in vault.accesses(subject)] == ["store"]


def test_sealed_answer_shows_nothing() -> None:
    subject = kept()
    answer = vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    assert repr(answer) == str(answer) == "Sealed(•)"


def test_address_is_found_by_its_index_and_belongs_to_one_person() -> None:
    subject = kept(phone="+821000000000")
    assert vault.find("phone", "+821000000000", actor=STAFF, purpose="sign_in") == subject
    assert vault.find("phone", "+821000000001", actor=STAFF, purpose="sign_in") is None
    assert [row.kind for row in vault.accesses(subject)] == ["find", "store"]
    with pytest.raises(DatabaseError, match="one_person_an_address"), transaction.atomic():
        kept(phone="+821000000000")


def test_a_name_is_found_with_its_year_and_is_no_address() -> None:
    old, young = kept(birth_on="1954-03-01"), kept(birth_on="1990-01-01")
    unknown = kept()

    def found(year: str) -> set[UUID]:
        return set(vault.find_named("홍 길동", year, actor=STAFF, purpose="roll_booth"))

    assert (found("1954"), found("1990"), found("")) == (
        {old, unknown},
        {young, unknown},
        {unknown},
    )
    assert vault.find_named("홍길순", "1954", actor=STAFF, purpose="roll_booth") == ()
    assert [row.kind for row in vault.accesses(young)] == ["find", "store"]
    assert vault.address_schemes(old) == ()
    before = vault.address_stamp(old)
    vault.store(vault.Entry(old, {"name": "홍길순"}), actor=STAFF, purpose="account")
    assert vault.address_stamp(old) == before and found("1954") == {unknown}
    vault.erase(unknown, actor=STAFF, purpose="erasure", reason=WHY)
    assert found("1954") == set()


def test_removed_address_is_found_no_more() -> None:
    subject = kept(phone="+821000000000")
    vault.store(vault.Entry(subject, {"phone": None}), actor=STAFF, purpose="account")
    assert vault.find("phone", "+821000000000", actor=STAFF, purpose="sign_in") is None
    assert vault.address_schemes(subject) == ()


def test_page_of_names_has_at_most_a_hundred_persons() -> None:
    with pytest.raises(AssertionError):
        vault.masked_names([uuid4() for _ in range(101)], actor=STAFF, purpose="list_page")
    with (
        pytest.raises(DatabaseError, match=r"dure\.vault_page"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT * FROM vault.masked(%s::jsonb, %s, 'list_page')",
            [records.caller(STAFF), [uuid4() for _ in range(101)]],
        )


def test_erased_person_is_dark_and_can_not_be_written_again() -> None:
    subject = kept(phone="+821000000000")
    assert vault.erase(subject, actor=STAFF, purpose="erasure", reason=WHY)
    assert not vault.erase(subject, actor=STAFF, purpose="erasure", reason=WHY)
    assert vault.find("phone", "+821000000000", actor=STAFF, purpose="sign_in") is None
    with pytest.raises(Refusal, match=r"registry\.erased"):
        vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    with pytest.raises(Refusal, match=r"registry\.erased"):
        vault.store(vault.Entry(subject, {"name": "홍길동"}), actor=STAFF, purpose="account")


def test_tokens_of_two_purposes_never_meet() -> None:
    subjects = [uuid4() for _ in range(50)]
    care = {vault.purpose_token("care", subject) for subject in subjects}
    indicators = {vault.purpose_token("indicators", subject) for subject in subjects}
    assert len(care) == len(indicators) == 50
    assert care & indicators == set()


def test_staff_of_another_district_find_nobody() -> None:
    from dure.core.actions import run

    staff = people.person_with(Role.STAFF, district=people.JONGNO)
    person = people.person(people.MAPO)
    vault.store(vault.Entry(person.id, {"name": "홍길동"}), actor=staff, purpose="account")
    body = {"person_id": str(person.id), "fields": ["name"], "purpose": "counter_service"}
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("registry.person.read", body, staff, reason=WHY)
    assert [row.kind for row in vault.accesses(person.id)] == ["store"]
