"""What a single row may not say, however it comes in: each refused by the name of its rule."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from dure.core import clock
from dure.ledger.models import Account, Transfer
from tests.harness.given import given
from tests.ledger.books import account, book, fund, refusal_of

ROW = """
INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, ref, event_date,
    expires_at, book, unit, audit, body_hash)
SELECT %(ikey)s, %(debit)s, %(credit)s, r.amount, r.purpose, r.kind, r.ref, r.event_date,
    r.expires_at, a.book, a.unit, %(audit)s, ledger_body_hash(r.kind, a.book, u.code, %(debit)s,
    %(credit)s, r.amount, r.event_date, r.purpose, r.ref, NULL, NULL, r.expires_at)
FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit, LATERAL (SELECT
    {amount}::bigint AS amount,
    {purpose}::text AS purpose, {kind}::smallint AS kind, {ref}::bigint AS ref,
    {event_date}::date AS event_date, {expires_at}::timestamptz AS expires_at) r
WHERE a.id = %(debit)s
"""
PLAIN = {
    "amount": "1", "purpose": "'x'", "kind": "0", "ref": "NULL", "event_date": "dure_today()",
    "expires_at": "NULL",
}  # fmt: skip


def inserted(debit: int, credit: int, **more: str) -> str:
    """The name of the rule that refuses one row of plain SQL; empty when it is taken."""
    with given() as audit, connection.cursor() as cursor:
        values = {"ikey": uuid4(), "debit": debit, "credit": credit, "audit": audit}
        try:
            with transaction.atomic():
                cursor.execute(ROW.format(**{**PLAIN, **more}), values)
        except DatabaseError as error:
            return refusal_of(error).name
    return ""


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, ""),
        ({"amount": "0"}, "transfer_amount_in_range"),
        ({"amount": "1000000000001"}, "transfer_amount_in_range"),
        ({"kind": "7"}, "transfer_kind_is_known"),
        ({"kind": "-1"}, "transfer_kind_is_known"),
        ({"purpose": "''"}, "transfer_has_a_purpose"),
        ({"purpose": "E'a\\nb'"}, "transfer_has_a_purpose"),
        ({"event_date": "'1899-12-31'"}, "transfer_day_is_of_our_time"),
        ({"event_date": "'-infinity'"}, "transfer_day_is_of_our_time"),
        ({"event_date": "'infinity'"}, "ledger_future_date"),
        ({"kind": "1", "expires_at": "'2200-01-01T00:00Z'"}, "transfer_hold_ends_in_our_time"),
        ({"kind": "1", "expires_at": "'infinity'"}, "transfer_hold_ends_in_our_time"),
        ({"kind": "1", "expires_at": "'2199-12-31T23:59Z'"}, ""),
        ({"kind": "1"}, "transfer_hold_has_an_end"),
        ({"expires_at": "'2199-12-31T23:59Z'"}, "transfer_hold_has_an_end"),
        ({"kind": "5"}, "transfer_ref_fits_kind"),
    ],
)
def test_transfer_of_plain_sql(db: None, more: dict[str, str], name: str) -> None:
    within = book()
    source, one = account(within, lo=None, hi=None), account(within)
    before = Transfer.rows.count()
    assert inserted(source.pk, one.pk, **more) == name
    assert Transfer.rows.count() == before + (name == "")


def test_transfer_with_a_reference_it_may_not_have(db: None) -> None:
    within = book()
    source, one = account(within, lo=None, hi=None), account(within)
    fund(source, [one], 5)
    earlier = str(Transfer.rows.latest("id").pk)
    assert inserted(source.pk, one.pk, ref=earlier) == "transfer_ref_fits_kind"
    assert inserted(source.pk, source.pk) == "transfer_between_two_accounts"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"type": "purse"}, "account_type_is_known"),
        ({"status": "lost"}, "account_status_is_known"),
        ({"handle": "No Spaces"}, "account_handle_is_plain"),
        ({"balance": 1}, "account_starts_empty"),
        ({"held_in": -1}, "account_holds_are_not_negative"),
        ({"lo": -5}, "account_starts_with_its_limits"),
        ({"type": "clearing"}, "account_of_clearing_names_the_other_book"),
        ({"other_book_id": "own"}, "account_of_clearing_names_the_other_book"),
        ({"owner_person_id": uuid4(), "owner_organisation_id": uuid4()}, "account_has_one_owner"),
    ],
)
def test_account_of_plain_sql(db: None, more: dict[str, object], name: str) -> None:
    within = book()
    if more.get("other_book_id"):
        more = {"other_book_id": within.pk}
    columns = {"type": "liability", "label": "x", "opened_at": clock.now(), "unit_id": 2, **more}
    with given() as audit, pytest.raises(DatabaseError) as caught, transaction.atomic():
        Account.rows.create(book=within, audit=audit, **columns)
    assert refusal_of(caught.value).name == name


def test_account_with_a_balance_does_not_close(db: None) -> None:
    within = book()
    source, one = account(within, lo=None, hi=None), account(within)
    fund(source, [one], 5)
    with given(), pytest.raises(DatabaseError) as caught, transaction.atomic():
        Account.rows.filter(pk=one.pk).update(status="closed")
    assert refusal_of(caught.value).name == "account_is_empty_when_closed"
    fund(one, [source], 5)
    with given():
        Account.rows.filter(pk=one.pk).update(status="closed")
    assert inserted(source.pk, one.pk) == "ledger_not_open"
