"""Tables of core and the two bases of every domain table."""

from dure.core.models.audit import AuditLine
from dure.core.models.base import AppendOnlyModel, DomainModel, UnscopedQuery
from dure.core.models.rules import Rule, RuleVersion
from dure.core.models.seals import PublishedHead, Seal, SealHead
from dure.core.models.tokens import ApiToken
from dure.core.models.work import ExportRecord, Notice, NoticePreference, Progress, Upload

__all__ = [
    "ApiToken",
    "AppendOnlyModel",
    "AuditLine",
    "DomainModel",
    "ExportRecord",
    "Notice",
    "NoticePreference",
    "Progress",
    "PublishedHead",
    "Rule",
    "RuleVersion",
    "Seal",
    "SealHead",
    "UnscopedQuery",
    "Upload",
]
