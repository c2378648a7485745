"""What people are told about their accounts: never an amount or a name, only where to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.core import notices
from dure.core.models.work import Notice
from dure.core.text import T

from .models import Account
from .posting import Movement

RECEIVED = notices.template(
    "ledger.received",
    subject=T("받은 것이 있습니다", "You have received something"),
    text=T(
        "내 계정으로 들어온 이체가 있습니다. 내역에서 확인해 주세요.",
        "A transfer has reached your account. Please look at its receipt.",
    ),
    path="/money/receipts/%(transfer)s/",
    urgency=Notice.Urgency.DAY,
)
GRANTED = notices.template(
    "ledger.granted",
    subject=T("새로 받은 것이 있습니다", "You have been granted something"),
    text=T(
        "사업에서 시간이나 상품권을 받았습니다. 쓸 수 있는 날짜를 확인해 주세요.",
        "A programme has given you minutes or vouchers. Please see until when they can be spent.",
    ),
    path="/money/",
    urgency=Notice.Urgency.DAY,
)
ASKED = notices.template(
    "ledger.asked",
    subject=T("보내 달라는 요청이 있습니다", "Somebody asks you to pay"),
    text=T(
        "보내 달라는 요청을 받았습니다. 아는 사람인지 확인하고 보내거나 거절해 주세요.",
        "You were asked to pay. Please make sure that you know who asks, then pay or refuse.",
    ),
    path="/pay/%(token)s/",
    urgency=Notice.Urgency.DAY,
)
STANDING = notices.template(
    "ledger.standing",
    subject=T("정기 이체를 하지 못했습니다", "A standing payment was not made"),
    text=T(
        "정기 이체를 하지 못했습니다. 까닭을 확인하고 다시 정해 주세요.",
        "A standing payment was not made. Please look at the reason and set it again.",
    ),
    path="/money/standing/",
    urgency=Notice.Urgency.DAY,
)
CLEARING = notices.template(
    "ledger.clearing",
    subject=T("서로 지울 수 있는 빚이 있습니다", "Debts can be cleared against each other"),
    text=T(
        "받아들인 요청 가운데 서로 지울 수 있는 것이 있습니다. 살펴보고 동의 여부를 알려 주세요.",
        "Some accepted requests can be cleared against each other. Please look and answer.",
    ),
    path="/money/clearing/",
    urgency=Notice.Urgency.DAY,
)
CLEARED = notices.template(
    "ledger.cleared",
    subject=T("빚을 서로 지웠습니다", "Debts were cleared"),
    text=T(
        "동의한 요청끼리 서로 지웠습니다. 무엇이 지워지고 무엇이 남았는지 확인해 주세요.",
        "Requests were cleared against each other. Please see what was cleared and what is left.",
    ),
    path="/money/clearing/%(round)s/",
    urgency=Notice.Urgency.DAY,
)
CASHED = notices.template(
    "ledger.cashed",
    subject=T("남은 상품권을 현금으로 돌려줍니다", "The rest of your vouchers is paid back"),
    text=T(
        "쓰고 남은 상품권을 현금으로 돌려주기로 했습니다. 받은 것과 영수증을 견주어 주세요.",
        "The rest of your vouchers is paid back in cash. Please compare it with the receipt.",
    ),
    path="/money/receipts/%(transfer)s/",
    urgency=Notice.Urgency.DAY,
)
ENROLLED = notices.template(
    "ledger.enrolled",
    subject=T("사업에 등록되었습니다", "You were enrolled in a programme"),
    text=T(
        "사업의 회원으로 등록되어 계정이 생겼습니다. 모르는 일이면 여는 조직에 물어보세요.",
        "You have an account in a programme now. If you did not expect it, ask who runs it.",
    ),
    path="/money/",
    urgency=Notice.Urgency.DAY,
)
ENDING = notices.template(
    "ledger.ending",
    subject=T("사업이 끝납니다", "A programme ends"),
    text=T(
        "들어가 있는 사업이 끝납니다. 남은 것을 언제까지 쓸 수 있는지 확인해 주세요.",
        "A programme you belong to ends. Please see until when you can spend what is left.",
    ),
    path="/programmes/",
    urgency=Notice.Urgency.DAY,
)


def received(movements: Sequence[Movement], ids: Sequence[int]) -> None:
    """Tell each person whose account a posting reached, once a posting, except the payer."""
    first: dict[int, int] = {}
    for movement, number in zip(movements, ids, strict=True):
        first.setdefault(movement.credit, number)
    owners = owners_of([*first, *(movement.debit for movement in movements)])
    payers = {owners.get(movement.debit) for movement in movements}
    told: set[object] = set()
    for account, number in first.items():
        owner = owners.get(account)
        if owner is not None and owner not in payers and owner not in told:
            told.add(owner)
            notices.tell(owner, RECEIVED, places={"transfer": number})


def owners_of(accounts: Iterable[int]) -> dict[int, str]:
    """The person who owns each account, as far as a person owns it; a part of a lot: its holder."""
    rows = Account.rows.filter(id__in=set(accounts)).values_list(
        "id", "owner_person_id", "parent__owner_person_id"
    )
    return {number: str(own or above) for number, own, above in rows if own or above}
