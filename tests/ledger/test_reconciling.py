"""Reconciling: a bank file in once, matched by another person, differences told to the won."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Match, StatementLine
from dure.ledger.posting import Movement
from dure.ledger.queries import reconciling
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.givens import a_book, an_account
from tests.ledger.programmes import code_of, posted

pytestmark = pytest.mark.django_db
HEAD = "거래일시,적요,출금액(원),입금액(원),잔액(원),거래번호"


class World:
    """A book with a bank account: 1,000,000 in, 300,000 and 50,000 out."""

    def __init__(self) -> None:
        self.organisation = people.organisation()
        self.importer = people.person_with(Role.TREASURER, organisation=self.organisation)
        self.other = people.person_with(Role.APPROVER, organisation=self.organisation)
        self.book = a_book("살림", self.organisation)
        self.bank: Account = an_account(self.book, unit="KRW", type="asset", lo=None, hi=0)
        self.fund = an_account(self.book, unit="KRW", lo=None)
        self.rows = [
            posted(Movement(self.bank.pk, self.fund.pk, 1_000_000, "회비"))[0],
            posted(Movement(self.fund.pk, self.bank.pk, 300_000, "임대료"))[0],
            posted(Movement(self.fund.pk, self.bank.pk, 50_000, "전기"))[0],
        ]


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2026-06-03T10:00:00+09:00")
    return World()


def file(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines, "")).encode()


GOOD = (
    "2026-06-03,홍길동,,1000000,1000000,B1",
    "2026-06-03,임대,300000,,700000,B2",
    "2026-06-04,수수료,500,,699500,B3",
)


def bring(world: World, content: bytes, actor: Actor | None = None) -> tuple[int, int]:
    body = {"account_id": str(world.bank.pk), "content": content}
    done = run("ledger.statement.import", body, actor or world.importer).result
    return done.lines, done.new


def view(world: World) -> reconciling.Reconciliation:
    from dure.core.door import load_grants
    from tests.harness.people import _now

    return reconciling.of_account(load_grants(world.other, _now()), str(world.bank.pk))


def line(ref: str) -> StatementLine:
    return StatementLine.rows.get(external_ref=ref)


def body(world: World, lines: list[str], rows: list[int]) -> dict[str, object]:
    return {
        "account_id": str(world.bank.pk),
        "line_ids": [str(line(ref).pk) for ref in lines],
        "transfer_ids": [str(row) for row in rows],
    }


def test_same_file_twice_adds_nothing(world: World) -> None:
    assert bring(world, file(*GOOD)) == (3, 3)
    assert bring(world, file(*GOOD)) == (3, 0)
    assert bring(world, file(*GOOD, "2026-06-04,이자,,7,699507,B4")) == (4, 1)
    assert StatementLine.rows.count() == 4


def test_words_of_a_line_are_not_kept(world: World) -> None:
    bring(world, file(*GOOD))
    kept = [str(row) for one in StatementLine.rows.values_list() for row in one]
    assert not any("홍길동" in cell for cell in kept)


@pytest.mark.parametrize(
    "bad",
    [
        "2026-06-05,x,,0.5,,B9",
        "2026-06-05,x,,1_0,,B9",
        "2026-06-05,x,,１２,,B9",
        "2026-06-05,x,5,5,,B9",
        "2026-13-05,x,,5,,B9",
        "2026-06-05,x,,100000000000000000000,,B9",
    ],
)
def test_one_bad_line_refuses_the_whole_file(world: World, bad: str) -> None:
    with pytest.raises(Refusal) as caught:
        bring(world, file(*GOOD, bad))
    assert caught.value.name == "ledger.not_a_statement"
    assert "5번째 줄" in caught.value.sentence("ko")
    assert StatementLine.rows.count() == 0


def test_what_is_no_table_is_refused(world: World) -> None:
    for content in (b"%PDF-1.4", b"\x00\x01", b"hello"):
        with pytest.raises(Refusal) as caught:
            bring(world, content)
        assert caught.value.name == "ledger.not_a_statement"


def test_proposals_and_difference(world: World) -> None:
    bring(world, file(*GOOD))
    shown = view(world)
    found = [
        ([one.reference for one in p.lines], [one.id for one in p.rows]) for p in shown.proposals
    ]
    assert found == [(["B1"], [str(world.rows[0])]), (["B2"], [str(world.rows[1])])]
    assert (shown.ledger_balance, shown.statement_balance) == (650_000, 699_500)
    assert shown.difference == 0
    assert [one.amount for one in shown.rows] == [1_000_000, -300_000, -50_000]


def test_another_person_confirms(world: World) -> None:
    bring(world, file(*GOOD))
    pair = body(world, ["B1"], [world.rows[0]])
    assert code_of("ledger.match.confirm", pair, world.importer) == "ledger.same_person"
    done = run("ledger.match.confirm", pair, world.other, key="m").result
    assert run("ledger.match.confirm", pair, world.other, key="m").replayed
    assert (done.matches, done.open_lines) == (1, 2)
    assert code_of("ledger.match.confirm", pair, world.other) == "ledger.not_matching"
    match = Match.rows.get()
    assert (match.amount, match.state, match.confirmer) == (1_000_000, "confirmed", world.other.id)
    assert view(world).difference == 0


def test_sums_must_be_equal(world: World) -> None:
    bring(world, file(*GOOD))
    wrong = body(world, ["B2"], [world.rows[2]])
    assert code_of("ledger.match.confirm", wrong, world.other) == "ledger.not_matching"
    both = body(world, ["B1", "B2"], world.rows[:2])
    assert code_of("ledger.match.confirm", both, world.other) == "ledger.not_matching"
    assert Match.rows.count() == 0


def test_one_line_of_two_rows(world: World) -> None:
    bring(world, file("2026-06-03,한꺼번에,350000,,650000,C1"))
    run("ledger.match.confirm", body(world, ["C1"], world.rows[1:]), world.other)
    amounts = sorted(Match.rows.values_list("amount", flat=True))
    assert amounts == [-300_000, -50_000]


def test_undo_opens_the_whole_group_again(world: World) -> None:
    bring(world, file("2026-06-03,한꺼번에,350000,,650000,C1"))
    run("ledger.match.confirm", body(world, ["C1"], world.rows[1:]), world.other)
    undo = {"account_id": str(world.bank.pk), "line_id": str(line("C1").pk)}
    done = run("ledger.match.undo", undo, world.importer, reason="잘못 묶었습니다").result
    assert (done.matches, done.open_lines) == (2, 1)
    assert set(Match.rows.values_list("state", flat=True)) == {"undone"}
    name = code_of("ledger.match.undo", undo, world.importer, reason="잘못 묶었습니다")
    assert name == "ledger.nothing_to_do"


def test_line_without_a_row_is_waived_with_a_reason(world: World) -> None:
    bring(world, file(*GOOD))
    waive = {"account_id": str(world.bank.pk), "line_ids": [str(line("B3").pk)]}
    assert code_of("ledger.match.waive", waive, world.other) == "core.reason_required"
    run("ledger.match.waive", waive, world.other, reason="은행 수수료는 다음 달에 적습니다")
    match = Match.rows.get()
    assert (match.state, match.transfer_id) == ("waived", None)
    assert match.reason == "은행 수수료는 다음 달에 적습니다"


def test_strangers_reconcile_nothing(world: World) -> None:
    stranger = people.person_with(Role.TREASURER, organisation=people.organisation("다솜협동조합"))
    for actor in (stranger, people.person_with(Role.RESIDENT)):
        with pytest.raises(Refusal) as caught:
            bring(world, file(*GOOD), actor)
        assert caught.value.name == "core.not_found"
    auditor = people.person_with(Role.AUDITOR, organisation=world.organisation)
    with pytest.raises(Refusal) as caught:
        bring(world, file(*GOOD), auditor)
    assert caught.value.name == "core.not_allowed"


def test_difference_that_nothing_explains_is_told(world: World) -> None:
    """Negative control of the zero: a statement that starts elsewhere."""
    bring(world, file("2026-06-03,입금,,1000000,1000123,D1"))
    assert view(world).difference == -123
