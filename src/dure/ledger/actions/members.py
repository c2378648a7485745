"""Members and shops of programmes: who joins opens an account with the programme's limits."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import Reason, action, always, line, subject
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText, WonStock
from dure.ledger import enrolling, opening, programme_policies
from dure.ledger import programme_subjects as subjects
from dure.ledger.models import Programme
from dure.ledger.opening import OPENED, POSTED, check_limit, open_now
from dure.ledger.posting import Movement, post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.purposes import GRANT
from dure.ledger.types import RowId
from dure.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member account, and the row of its starting grant when there is one."""

    account: str
    grant: str | None


@action(
    "ledger.programme.join",
    ko="사업에 들어가 내 계정을 엽니다.",
    en="Join a programme and open one's own account in it.",
    policy=programme_policies.may_join,
    for_another=True,
    letters=EVERY_PERSON,
    subject=subjects.programme,
    idempotent=True,
    value=True,
    writes=(*POSTED, "ledger_limitchange"),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.PROGRAMME_CLOSED,
        ProgrammeCode.ALREADY_JOINED,
        ProgrammeCode.ISSUE_LIMIT,
    ),
)
def join_programme(programme_id: RowId, *, actor: Actor) -> MemberRef:
    """Open the person's account with the programme's limits, and post its starting grant.

    One account a person: a second join is refused, so no grant is collected twice.
    """
    programme = open_now(subject(Programme))
    person = actor.acting_for or actor.id
    assert person is not None
    _one_joins_at_a_time(programme)
    if opening.of_person(programme, person) is not None:
        raise Refusal(ProgrammeCode.ALREADY_JOINED)
    account = opening.member(programme, person=person)
    grant = opening.rule(programme, "grant")
    line().object("ledger.account", account.pk)
    line().organisation(programme.book.organisation_id)
    line().changed("programme", None, programme.pk)
    if not grant:
        return MemberRef(str(account.pk), None)
    assert programme.issuer is not None
    check_limit(programme.issuer, grant)
    ids = post([Movement(programme.issuer.pk, account.pk, grant, GRANT)])
    return MemberRef(str(account.pk), str(ids[0]))


def _one_joins_at_a_time(programme: Programme) -> None:
    subjects.locked(Programme.rows.all(), "programme_id", id=programme.pk)


@action(
    "ledger.programme.shop",
    ko="가맹점(조직 회원)을 등록합니다.",
    en="Register a shop, or an organisation as a member.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.programme,
    lock=subjects.lock_programme,
    second_person=always,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=(*OPENED, "ledger_programmeshop"),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.PROGRAMME_CLOSED,
        ProgrammeCode.SHOP_KNOWN,
        ProgrammeCode.SHOP_TOO_LARGE,
    ),
)
def register_shop(
    programme_id: RowId, shop_id: UuidText, sales: WonStock | None = None, *, actor: Actor
) -> MemberRef:
    """Open an organisation's account; in a voucher programme also the one its won goes to.

    `sales` is what the shop declares for last year, compared with the rule of the programme.
    Source: 지역사랑상품권 이용 활성화에 관한 법률, registration of shops (rulebook row).
    """
    programme = subject(Programme)
    if programme.state != Programme.State.OPEN:
        raise Refusal(ProgrammeCode.PROGRAMME_CLOSED)
    shop = subjects.one(Organisation.rows.filter(merged_into=None), "shop_id", id=shop_id)
    account = enrolling.open_shop(programme, shop, sales)
    line().object("ledger.account", account.pk)
    line().changed("shop", None, str(shop.pk))
    return MemberRef(str(account.pk), None)
