"""The sink: what may enter the journal, once, and how it is corrected."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from dure.core.errors import Refusal
from dure.core.facts import Row
from dure.journal import definitions, queries
from dure.journal.models import Event, Factor
from dure.ledger.models import Transfer
from dure.registry.models import District
from tests.harness.given import given
from tests.journal.stating import NOON, acting, note, row
from tests.ledger.givens import a_book, a_transfer, an_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district(clock: object) -> None:
    clock.at("2026-06-01T09:00:00+09:00")  # type: ignore[attr-defined]  # harness clock
    with given() as line:
        District.rows.get_or_create(
            sig="11440",
            defaults={"kostat": "11140", "name": "마포구", "name_en": "Mapo-gu", "audit": line},
        )


def refused(*rows: Row, label: str = "repair.attempt", room: str = "exchange") -> Refusal:
    before = Event.rows.count()
    with pytest.raises(Refusal) as caught:
        note(*rows, label=label, room=room)
    assert Event.rows.count() == before
    return caught.value


def total(label: str = "repair.attempt") -> tuple[int, int]:
    """Σ sign and Σ sign·qty."""
    events = list(Event.rows.filter(label__code=label))
    return sum(e.sign for e in events), sum(e.sign * e.qty for e in events)


def test_fact_becomes_one_event_with_label_unit_and_seoul_date() -> None:
    assert note(row(ended=datetime(2026, 1, 31, 15, 30, tzinfo=UTC))) == 1
    event = Event.rows.get()
    assert (event.label.code, event.unit, event.action, event.sector) == (
        "repair.attempt", "H87", "modify", "repair",
    )  # fmt: skip
    assert (event.on_date, event.sign, event.qty, event.evidence) == (date(2026, 2, 1), 1, 1, "A")
    assert event.began == event.ended


def test_same_source_again_writes_nothing() -> None:
    assert note(row()) == 1
    assert note(row(), row("exchange.agreement:2:attempt")) == 1
    assert note(row(qty=5)) == 0
    assert total() == (2, 2)


def test_source_twice_in_one_call_is_written_once() -> None:
    assert note(row(), row()) == 1


def test_many_rows_in_one_call() -> None:
    assert note(*(row(f"exchange.agreement:{n}:attempt") for n in range(3_000))) == 3_000
    assert total() == (3_000, 3_000)


def test_unknown_label_names_the_nearest() -> None:
    refusal = refused(row(), label="repair.atempt")
    assert (refusal.name, refusal.places["nearest"]) == ("journal.unknown_label", "repair.attempt")


def test_event_older_than_the_label_is_refused() -> None:
    assert refused(row(ended=datetime(1999, 12, 31, 1, tzinfo=UTC))).name == "journal.unknown_label"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"qty": -1}, "journal.bad_quantity"),
        ({"qty": True}, "journal.bad_quantity"),
        ({"qty": 1.5}, "journal.bad_quantity"),
        ({"qty": 2**63}, "journal.bad_quantity"),
        ({"district": "99999"}, "journal.bad_district"),
        ({"district": "00000"}, "journal.bad_district"),
        ({"dims": {"outcome": "mended"}}, "journal.bad_dimension"),
        ({"dims": {"brand": "x"}}, "journal.bad_dimension"),
        ({"evidence": "E"}, "journal.low_evidence"),
        ({"evidence": "Z"}, "journal.low_evidence"),
        ({"evidence": "B"}, "journal.no_proof"),
        ({"gco2e": 5}, "journal.half_factor"),
        ({"ended": NOON + timedelta(days=365)}, "journal.bad_time"),
        ({"began": NOON + timedelta(hours=1)}, "journal.bad_time"),
        ({"giver": uuid4()}, "journal.no_party_key"),
    ],
)
def test_bad_fact_is_refused_and_nothing_is_written(values: dict[str, object], code: str) -> None:
    assert refused(row("exchange.agreement:9:ok"), row(**values)).name == code


def test_five_minutes_ahead_of_the_clock_is_still_now(clock: object) -> None:
    at = clock.at("2026-06-01T09:00:00+09:00")  # type: ignore[attr-defined]  # harness clock
    assert note(row(ended=at + timedelta(minutes=5))) == 1


def test_proof_carries_class_b() -> None:
    assert note(row(evidence="B", proof=uuid4())) == 1


# --- won paid, and what paid them


def paying(key: object, won: object, qty: int = 700, **more: object) -> Row:
    """Won of a case, as the exchange states them."""
    dims = {"sector": "food", "payee": "organisation"}
    values = {"amount": won, "transfer": key, "evidence": "C", "proof": uuid4(), "dims": dims}
    return row(f"exchange.agreement:{uuid4()}:spending.local", qty=qty, **{**values, **more})


def a_payment() -> object:
    """The key of a transfer of 1,000 won."""
    book = a_book()
    payer, payee = (an_account(book, unit="KRW", lo=-10_000) for _ in range(2))
    return Transfer.rows.get(pk=a_transfer(payer, payee, 1000)).ikey


def test_event_names_the_transfer_that_paid_and_its_reversal_does_too() -> None:
    key = a_payment()
    made = paying(key, 700)
    assert note(made, paying(key, 300, 300), label="spending.local") == 2
    event = Event.rows.get(source=made.source)
    assert (event.amount, event.transfer, event.qty) == (700, key, 700)
    back = row(f"{made.source}-r", corrects=event.uid, correction="reversal", reason="typo")
    assert note(back, label="spending.local") == 1
    gone = Event.rows.get(correction="reversal")
    assert (gone.amount, gone.transfer, gone.sign) == (700, key, -1)
    attempt = row(amount=900, transfer=key)
    assert note(attempt) == 1, "a label of another unit tells the price beside it"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"transfer": None}, "journal.half_payment"),
        ({"amount": None}, "journal.half_payment"),
        ({"amount": True}, "journal.bad_quantity"),
        ({"amount": 700.0}, "journal.bad_quantity"),
        ({"amount": 0, "qty": 0}, "journal.bad_quantity"),
        ({"amount": 701}, "journal.bad_payment"),
        ({"amount": 1001, "qty": 1001}, "journal.bad_payment"),
        ({"transfer": uuid4()}, "journal.bad_payment"),
        ({"evidence": "B"}, "journal.low_evidence"),
        ({"dims": {"payee": "Hong"}}, "journal.bad_dimension"),
    ],
)
def test_payment_that_the_books_do_not_know_is_refused(
    change: dict[str, object], code: str
) -> None:
    key = a_payment()
    values = {"key": key, "won": 700, **change}
    key, won = change.get("transfer", key), change.get("amount", 700)
    rest = {k: v for k, v in values.items() if k in ("qty", "evidence", "dims")}
    assert refused(paying(key, won, **rest), label="spending.local").name == code  # type: ignore[arg-type]  # values that nobody may state


@pytest.mark.parametrize("unit", ["TIME", "LOCAL"])
def test_hours_and_mutual_credit_pay_no_won(unit: str) -> None:
    book = a_book()
    payer, payee = (an_account(book, unit=unit, lo=-10_000) for _ in range(2))
    key = Transfer.rows.get(pk=a_transfer(payer, payee, 1000)).ikey
    assert refused(paying(key, 700), label="spending.local").name == "journal.bad_payment"


def test_sectors_of_spending_are_those_of_the_labels() -> None:
    [label] = [one for one in definitions.declared() if one.code == "spending.local"]
    assert label.dims["sector"] == list(definitions.SECTORS)


def test_room_states_its_own_facts_only() -> None:
    with pytest.raises(AssertionError):
        note(row(), room="registry")


@pytest.mark.parametrize("source", ["hong@example.test", "exchange.agreement:900101-1234567", "x"])
def test_source_with_another_shape_crashes(source: str) -> None:
    with pytest.raises(AssertionError):
        note(row(source))


# --- corrections


def correct(uid: object, part: str, **values: object) -> Row:
    return row(f"exchange.agreement:1:{part}", corrects=uid, reason="typo", **values)


def time(source: str, minutes: int, **values: object) -> Row:
    return row(source, qty=minutes, dims={"activity": "repair"}, **values)


def test_ninety_minutes_corrected_to_sixty() -> None:
    note(time("exchange.agreement:1:time", 90), label="time.volunteer")
    uid = Event.rows.get().uid
    note(
        time("exchange.agreement:1:reversal", 0, corrects=uid, correction="reversal",
             reason="typo"),
        time("exchange.agreement:1:again", 60, corrects=uid, correction="restatement",
             reason="typo", evidence="B", proof=uuid4()),
        label="time.volunteer",
    )  # fmt: skip
    assert total("time.volunteer") == (1, 60)
    by_class = {e: sum(v.sign * v.qty for v in Event.rows.filter(evidence=e)) for e in ("A", "B")}
    assert by_class == {"A": 0, "B": 60}
    assert [e.qty * e.sign for e in Event.rows.order_by("seq")] == [90, -90, 60]


def test_reversal_carries_the_times_of_the_original(clock: object) -> None:
    note(row())
    clock.at("2026-07-15T09:00:00+09:00")  # type: ignore[attr-defined]  # harness clock
    note(correct(Event.rows.get().uid, "r", correction="reversal"))
    days = {e.on_date for e in Event.rows.all()}
    assert (days, total()) == ({date(2026, 5, 10)}, (0, 0))


def test_correction_of_a_reversal_or_twice_is_refused() -> None:
    note(row())
    uid = Event.rows.get().uid
    note(correct(uid, "r", correction="reversal"))
    reversal = Event.rows.get(sign=-1).uid
    twice = refused(correct(uid, "r2", correction="reversal"))
    assert (twice.name, twice.places["why"]) == ("journal.not_correctable", "corrected_already")
    assert refused(correct(reversal, "x", correction="reversal")).places["why"] == "is_reversal"


def test_correction_by_another_room_or_label_is_refused() -> None:
    note(row("registry.organisation:1:x"), room="registry")
    uid = Event.rows.get().uid
    assert refused(correct(uid, "r", correction="reversal")).places["why"] == "other_room"
    note(row())
    mine = Event.rows.get(source="exchange.agreement:1:attempt").uid
    other = correct(mine, "r", correction="reversal")
    assert refused(other, label="repair.fixed").places["why"] == "not_here"


def test_correction_without_a_listed_reason_is_refused() -> None:
    note(row())
    bad = row("exchange.agreement:1:r", corrects=Event.rows.get().uid, correction="reversal",
              reason="because")  # fmt: skip
    assert refused(bad).places["why"] == "no_reason"


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_the_same_events_and_corrections_gives_equal_sums(seed: int) -> None:
    def steps(order: random.Random) -> tuple[int, int]:
        with transaction.atomic():
            waiting = [[("state", n)] + [("fix", n)] * (n % 2) for n in range(8)]
            while any(waiting):
                chosen = order.choice([w for w in waiting if w])
                kind, n = chosen.pop(0)
                source = f"exchange.agreement:{n}:time"
                if kind == "state":
                    note(time(source, 10 * n), label="time.volunteer")
                    continue
                uid = Event.rows.get(source=source).uid
                note(
                    time(f"{source}-r", 0, corrects=uid, correction="reversal", reason="typo"),
                    time(f"{source}-n", n, corrects=uid, correction="restatement", reason="typo"),
                    label="time.volunteer",
                )
            found = total("time.volunteer")
            transaction.set_rollback(True)
        return found

    assert steps(random.Random(seed)) == (8, sum(10 * n if n % 2 == 0 else n for n in range(8)))


# --- factors


def factor(line: object) -> Factor:
    return Factor.rows.create(
        code="repair.footprint.16", from_unit="H87", micrograms=260 * 10**9, year=2026,
        purpose="inventory", source="test", source_hash="0" * 64, recorded_at=NOON, audit=line,
        valid="[2000-01-01,)",
    )  # fmt: skip


def test_factor_and_grams_stand_together() -> None:
    with given() as line:
        made = factor(line)
    note(row(factor=str(made.uid), gco2e=130_000), label="repair.fixed")
    event = Event.rows.get()
    assert (event.factor, event.gco2e) == (made, 130_000)


def test_missing_factor_stays_empty() -> None:
    note(row(), label="repair.fixed")
    assert Event.rows.get().gco2e is None
    assert Event.rows.aggregate(sum=Sum("gco2e"))["sum"] is None


# --- seals


def test_seal_chains_and_reads_twice_the_same() -> None:
    from dure.core.actions import run
    from dure.core.actors import Actor

    note(row())
    first = run("journal.seal", {}, Actor.operator()).result
    note(row("exchange.agreement:2:attempt"))
    second = run("journal.seal", {}, Actor.operator()).result
    again = queries.chain(first.head, first.seq_to + 1, second.seq_to)
    assert (again.head, again.row_count) == (second.head, 1)
    with pytest.raises(Refusal) as caught:
        run("journal.seal", {}, Actor.operator())
    assert caught.value.name == "journal.nothing_to_seal"


def test_labels_are_installed_once_and_never_edited() -> None:
    from dure.core.actions import run
    from dure.core.actors import Actor
    from dure.journal.definitions import declared
    from dure.journal.models import Label

    result = run("journal.label.install", {}, Actor.operator()).result
    assert (result.total, result.new) == (len(declared()), 0)
    with given(), pytest.raises(DatabaseError, match=r"dure\.append_only"), transaction.atomic():
        Label.rows.filter(code="repair.fixed").update(ko="다른 이름")


def test_steward_counts_late_weak_and_without_factor() -> None:
    note(row(ended=NOON - timedelta(days=60)), row("exchange.agreement:2:attempt"))
    (desk,) = queries.steward_desk()
    assert (desk.code, desk.events, desk.late, desk.stated, desk.without_factor) == (
        "repair.attempt", 2, 1, 2, 2,
    )  # fmt: skip


def test_facts_stand_only_inside_a_running_action() -> None:
    from dure.core import facts

    with acting():
        pass
    with pytest.raises(AssertionError):
        facts.note("repair.attempt", rows=[row()])
