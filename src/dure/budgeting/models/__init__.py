"""Tables of budgeting."""

from .ballots import MoneyBallot
from .calls import KEEPING, Call, CallChange, Envelope, Field, Phase, kept_q
from .papers import PaperBatch, PaperEntry, PaperLook, PaperMatch
from .proposals import (
    Comment,
    MergeConsent,
    MergeOffer,
    Moderation,
    ModerationAppeal,
    Proposal,
    ProposalPerson,
    ProposalPhoto,
    ProposalVersion,
)
from .results import (
    Award,
    AwardChange,
    AwardReport,
    Flag,
    Milestone,
    Result,
    ResultPart,
    ResultPublication,
    Spending,
)
from .reviews import Project, ProjectLink, Review, ReviewAnswer, ReviewAssignment, ReviewKind

__all__ = (
    "KEEPING",
    "Award",
    "AwardChange",
    "AwardReport",
    "Call",
    "CallChange",
    "Comment",
    "Envelope",
    "Field",
    "Flag",
    "MergeConsent",
    "MergeOffer",
    "Milestone",
    "Moderation",
    "ModerationAppeal",
    "MoneyBallot",
    "PaperBatch",
    "PaperEntry",
    "PaperLook",
    "PaperMatch",
    "Phase",
    "Project",
    "ProjectLink",
    "Proposal",
    "ProposalPerson",
    "ProposalPhoto",
    "ProposalVersion",
    "Result",
    "ResultPart",
    "ResultPublication",
    "Review",
    "ReviewAnswer",
    "ReviewAssignment",
    "ReviewKind",
    "Spending",
    "kept_q",
)
