"""What people are told about their proposals."""

from __future__ import annotations

from dure.core import notices
from dure.core.text import T

from .models import Proposal
from .subjects import authors

PATH = "/budget/proposals/%(proposal)s"

RETURNED = notices.template(
    "budgeting.proposal.returned",
    subject=T("제안을 고쳐 주세요", "Please change your proposal"),
    text=T(
        "제안 %(number)s번이 돌아왔습니다. 까닭을 읽고 고쳐서 다시 보내 주세요.",
        "Proposal %(number)s was sent back. Please read why, change it and send it again.",
    ),
    path=PATH,
)
ACCEPTED = notices.template(
    "budgeting.proposal.accepted",
    subject=T("제안을 받아들였습니다", "Your proposal was accepted"),
    text=T(
        "제안 %(number)s번을 받아들여 부서의 검토로 넘겼습니다.",
        "Proposal %(number)s was accepted and goes to review.",
    ),
    path=PATH,
)
REJECTED = notices.template(
    "budgeting.proposal.rejected",
    subject=T("제안이 투표에 오르지 못했습니다", "Your proposal will not be on the ballot"),
    text=T(
        "제안 %(number)s번이 투표에 오르지 못했습니다. 까닭이 제안 화면에 있습니다.",
        "Proposal %(number)s will not be on the ballot. Its page says why.",
    ),
    path=PATH,
)
LISTED = notices.template(
    "budgeting.proposal.listed",
    subject=T("제안이 투표할 사업이 되었습니다", "Your proposal is on the ballot"),
    text=T(
        "제안 %(number)s번이 사업 %(code)s(으)로 투표에 오릅니다.",
        "Proposal %(number)s is on the ballot as project %(code)s.",
    ),
    path=PATH,
)
MERGE_ASKED = notices.template(
    "budgeting.merge.asked",
    subject=T("제안을 합치자는 권유가 왔습니다", "You are asked to merge proposals"),
    text=T(
        "비슷한 제안과 합칠지 답해 주세요. 모두 동의해야 합쳐집니다.",
        "Please answer whether to merge with a similar proposal. All authors must agree.",
    ),
    path=PATH,
)
MERGED = notices.template(
    "budgeting.merge.done",
    subject=T("제안이 합쳐졌습니다", "The proposals were merged"),
    text=T(
        "제안 %(number)s번으로 합쳐졌습니다. 공감은 옮기지 않으니 다시 눌러 주세요.",
        "They are now proposal %(number)s. Support is not carried over; please give it again.",
    ),
    path=PATH,
)
REVIEWED = notices.template(
    "budgeting.review.given",
    subject=T("제안의 검토 결과가 나왔습니다", "A review of your proposal is there"),
    text=T(
        "제안 %(number)s번의 검토 결과가 나왔습니다. 한 번 답할 수 있습니다.",
        "A review of proposal %(number)s is there. You may answer it once.",
    ),
    path=PATH,
)
ASSIGNED = notices.template(
    "budgeting.review.assigned",
    subject=T("검토할 제안이 있습니다", "A proposal waits for your review"),
    text=T(
        "제안 %(number)s번의 검토를 맡았습니다.",
        "You were assigned to review proposal %(number)s.",
    ),
    path="/desk/budget/",
)

HIDDEN = notices.template(
    "budgeting.moderation.hidden",
    subject=T("쓴 것이 가려졌습니다", "Something you wrote was hidden"),
    text=T(
        "제안 %(number)s번에 쓴 것이 가려졌습니다. 까닭을 읽고 이의를 낼 수 있습니다.",
        "What you wrote with proposal %(number)s was hidden. You can read why and appeal.",
    ),
    path=PATH,
)
SHOWN = notices.template(
    "budgeting.moderation.shown",
    subject=T("쓴 것이 다시 보입니다", "Something you wrote is shown again"),
    text=T(
        "제안 %(number)s번에 쓴 것이 다시 보입니다.",
        "What you wrote with proposal %(number)s is shown again.",
    ),
    path=PATH,
)


def tell_authors(proposal: Proposal, template: str, **places: str | int) -> None:
    """Tell the author and co-authors of a proposal."""
    filled: dict[str, str | int] = {"proposal": str(proposal.id), "number": proposal.number}
    notices.tell_many(sorted(authors(proposal)), template, places={**filled, **places})
