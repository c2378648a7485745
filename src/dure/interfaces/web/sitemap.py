"""Which pages stand in the menu and in the footer, and for whom.

An entry names its page; an entry whose page does not exist in this installation is left out, so
that rooms can come one by one. No menu holds more than seven entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from dure.interfaces.web import formats

MENU_SIZE_MAX = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu.

    name  : name of the page, as `reverse` takes it
    ko/en : the words
    roles : names of roles that see it; empty means everybody
    debug : shown in debug and tests only
    """

    name: str
    ko: str
    en: str
    roles: frozenset[str] = frozenset()
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the template draws it."""

    href: str
    title: str
    here: bool


MENU = (
    Entry("web:dashboard", "한눈에 보기", "Dashboard"),
    Entry("web:city", "25개 자치구", "25 districts"),
    Entry("web:organisations", "조직 찾기", "Organisations"),
    Entry("web:exchange", "이웃 나눔", "Neighbours"),
    Entry("web:budget", "주민참여예산", "Budget"),
    Entry("web:data", "열린 자료", "Open data"),
    Entry("web:about", "소개", "About"),
)
OWN = (
    Entry("web:me", "내 할 일", "My things to do"),
    Entry("web:money", "내 돈과 시간", "My money and hours"),
    Entry("web:desk", "업무대", "Desk", frozenset({"STAFF", "OFFICIAL"})),
    Entry(
        "web:cooperative",
        "우리 조직",
        "My organisation",
        frozenset({"BOARD", "TREASURER", "APPROVER"}),
    ),
    Entry(
        "web:treasury",
        "회계",
        "Treasury",
        frozenset({"TREASURER", "APPROVER", "BOARD", "AUDITOR"}),
    ),
    Entry("web:imports", "명단 올리기", "Import a list", frozenset({"STAFF"})),
    Entry("web:releases", "공표 준비", "Releases", frozenset({"ANALYST", "OFFICIAL", "BOARD"})),
    Entry("web:audit", "감사", "Audit", frozenset({"AUDITOR", "ETHICS"})),
    Entry("web:vault", "신원 금고", "Identity vault", frozenset({"VAULT"})),
)
MINE = (
    Entry("web:notices", "알림", "Notices"),
    Entry("web:my_ties", "내 조합과 직책", "My ties"),
    Entry("web:budget_mine", "내 제안과 투표", "My proposals and votes"),
    Entry("web:my_data", "내 정보와 열람 기록", "My data and who read it"),
    Entry("web:security", "로그인과 보안", "Sign-in and security"),
    Entry("web:consents", "동의와 철회", "My consents"),
    Entry("web:acting_mine", "나를 대신하는 사람", "Who may act for me"),
    Entry("web:breakglass", "비상 열람", "Break-glass", frozenset({"ETHICS", "VAULT", "AUDITOR"})),
    Entry("web:invitations", "초대하기", "Invite somebody"),
)
FOOTER = (
    Entry("web:about", "두레는 무엇인가요", "About Dure"),
    Entry("web:words", "낱말 풀이", "Words we use"),
    Entry("web:rules", "규칙 모음", "Rulebook"),
    Entry("web:catalogue", "할 수 있는 일 목록", "Catalogue of actions"),
    Entry("web:data", "열린 자료", "Open data"),
    Entry("web:pages", "전체 안내", "Site map"),
    Entry("web:gallery", "화면 부품", "Component gallery", debug=True),
)


def address_of(name: str, *args: object, **kwargs: object) -> str | None:
    """Give the address of a named page, or None when this installation does not have it."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return None


def shown(
    entries: Iterable[Entry], path: str, roles: frozenset[str], debug: bool = False
) -> list[Shown]:
    """Give the entries that these roles see, as links; the entry of the present page is marked."""
    links = []
    for entry in entries:
        href = address_of(entry.name)
        hidden = (entry.roles and not entry.roles & roles) or (entry.debug and not debug)
        if href is None or hidden:
            continue
        links.append((href, entry.ko if formats.in_korean() else entry.en))
    inside = [
        href
        for href, _title in links
        if path == href or (path.startswith(href) and href.count("/") > 1)
    ]
    here = max(inside, key=len, default="")
    if here in ("/", "/en/") and path != here:
        here = ""
    return [Shown(href, title, href == here) for href, title in links]
