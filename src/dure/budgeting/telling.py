"""What people are told about their proposals: at each step, once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from dure.core import clock, notices
from dure.core.models.work import Notice
from dure.core.text import T

from .models import Award, Call, Project, Proposal
from .subjects import authors

PATH = "/budget/proposals/%(proposal)s/"
ROUND = "/budget/%(call)s/"
RESULT = "/budget/%(call)s/result/"
DAY = timedelta(days=1)

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
    path="/desk/budget/%(call)s/reviews/%(assignment)s/",
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
UPHELD = notices.template(
    "budgeting.moderation.upheld",
    subject=T("이의에 답이 나왔습니다", "Your appeal was answered"),
    text=T(
        "제안 %(number)s번에 쓴 것을 가린 채로 두기로 했습니다. 까닭이 제안 화면에 있습니다.",
        "What you wrote with proposal %(number)s stays hidden. The proposal's page says why.",
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


WON = notices.template(
    "budgeting.project.won",
    subject=T("제안한 사업이 뽑혔습니다", "The project you proposed has won"),
    text=T(
        "제안 %(number)s번이 뽑혔습니다. 결과와 앞으로의 진행을 공모 화면에서 볼 수 있습니다.",
        "Proposal %(number)s has won. The round's page shows the result and what comes next.",
    ),
    path=RESULT,
)
LOST = notices.template(
    "budgeting.project.lost",
    subject=T("투표 결과가 나왔습니다", "The result of the vote is there"),
    text=T(
        "제안 %(number)s번은 이번에 뽑히지 않았습니다. 무엇이 모자랐는지 결과 화면에 있습니다.",
        "Proposal %(number)s did not win this time. The result says what was missing.",
    ),
    path=RESULT,
)
REPORTED = notices.template(
    "budgeting.award.reported",
    subject=T("뽑힌 사업의 소식이 있습니다", "News of a winner you proposed"),
    text=T(
        "제안 %(number)s번이 어떻게 되고 있는지 담당자가 알렸습니다.",
        "There is a report on how proposal %(number)s gets on.",
    ),
    path=ROUND,
    urgency=notices.Urgency.DIGEST,
)
AMOUNT = notices.template(
    "budgeting.award.amount",
    subject=T("뽑힌 사업의 돈이 바뀌었습니다", "The money of a winner was changed"),
    text=T(
        "제안 %(number)s번에 정해진 돈이 바뀌었습니다. 까닭이 공모 화면에 있습니다.",
        "The money of proposal %(number)s was changed. The round's page says why.",
    ),
    path=ROUND,
)
CANCELLED = notices.template(
    "budgeting.award.cancelled",
    subject=T("뽑힌 사업이 취소되었습니다", "A winner was cancelled"),
    text=T(
        "제안 %(number)s번의 사업이 취소되었습니다. 까닭이 공모 화면에 있습니다.",
        "The project of proposal %(number)s was cancelled. The round's page says why.",
    ),
    path=ROUND,
)


def tell_once(
    people: Iterable[UUID], template: str, places: Mapping[str, str | int], *, since: datetime
) -> None:
    """Tell each of these people once: who has the same notice unread since a day is left out."""
    told = set(
        Notice.rows.filter(
            template=template, places=dict(places), seen_at=None, made_at__gt=since - DAY
        ).values_list("person", flat=True)
    )
    left = sorted(set(people) - told)
    if left:
        notices.tell_many(left, template, places=places)


def tell_authors(proposal: Proposal, template: str, **places: str | int) -> None:
    """Tell the author and co-authors of a proposal, each once."""
    filled: dict[str, str | int] = {"proposal": str(proposal.id), "number": proposal.number}
    tell_once(authors(proposal), template, {**filled, **places}, since=clock.now())


def tell_award(award: Award, template: str) -> None:
    """Tell those who proposed a winner what became of it."""
    if award.project.proposal is not None:
        proposal = award.project.proposal
        places: dict[str, str | int] = {
            "call": str(award.result.call_id), "number": proposal.number,
        }  # fmt: skip
        tell_once(authors(proposal), template, places, since=clock.now())


def tell_outcome(call: Call, won: Collection[str], before: Collection[str] | None) -> None:
    """Tell everybody who proposed a project whether it won.

    won    : codes of the winners
    before : those of the result that this one corrects; who stands as before is not told again
    """
    rows = Project.rows.filter(call=call, is_dropped=False, proposal__isnull=False)
    for project in rows.select_related("proposal").order_by("code"):
        has_won = project.code in won
        if before is not None and (project.code in before) == has_won:
            continue
        places: dict[str, str | int] = {"call": str(call.id), "number": project.proposal.number}
        template = WON if has_won else LOST
        tell_once(authors(project.proposal), template, places, since=clock.now())
