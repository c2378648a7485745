"""Purposes for which data of a person are asked, in words that a person can refuse."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.text import T


@dataclass(frozen=True, slots=True)
class PurposeText:
    """One version of one purpose as install data."""

    code: str
    version: int
    name: T
    text: T
    fields: tuple[str, ...]
    ground: str
    keep_until: str


PURPOSES = (
    PurposeText(
        "account",
        1,
        T("로그인과 연락", "Sign-in and contact"),
        T(
            "이름과 연락처를 신원 금고에 암호로 넣어 두고, 로그인과 본인 확인에만 씁니다.",
            "Name and contact lie encrypted in the vault and serve sign-in and recovery only.",
        ),
        ("name", "phone", "mail", "pending_phone", "pending_mail"),
        "계약의 이행",
        "계정을 지울 때까지",
    ),
    PurposeText(
        "notices",
        1,
        T("알림 받기", "Notices"),
        T(
            "내 일과 관련된 알림을 전화나 전자우편으로 받습니다. 거두면 화면에서만 알려 드립니다.",
            "Notices about your affairs by phone or mail; without, they show on your page only.",
        ),
        ("phone", "mail"),
        "본인 동의",
        "동의를 거둘 때까지",
    ),
    PurposeText(
        "acting_for",
        1,
        T("대신해 주는 도움", "Help of staff who act for me"),
        T(
            "전화기 없이도 두레를 쓸 수 있게, 정한 직원이 창구에서 내가 부탁한 일을 대신합니다."
            " 투표, 승인, 동의, 로그인 수단은 대신하지 못합니다. 한 일은 모두 적어 건네 드립니다.",
            "So that I can use Dure without a phone, one named member of staff does at the counter"
            " what I ask for. Voting, approving, consenting and ways to sign in cannot be done for"
            " me; all that was done is written down and handed to me.",
        ),
        (),
        "본인 동의(종이나 말, 증인 있음)",
        "동의를 거둘 때까지, 길어도 12개월",
    ),
    PurposeText(
        "statistics",
        1,
        T("참여 통계", "Statistics of participation"),
        T(
            "연령대와 성별을 이름 없이 세어 누가 참여하는지 봅니다. "
            "10명보다 적은 칸은 공개하지 않습니다.",
            "Age band and sex, counted without names, to see who takes part. "
            "Cells of fewer than 10 people are not published.",
        ),
        ("age_band", "sex"),
        "본인 동의",
        "통계를 낸 해의 끝까지",
    ),
    PurposeText(
        "research",
        1,
        T("연구 참여", "Research"),
        T(
            "내 활동 기록을 가명으로 바꾸어 공익 연구에 씁니다. 언제든 거둘 수 있습니다.",
            "Your activity under a pseudonym, for research in the public interest. "
            "You can withdraw at any time.",
        ),
        ("activity", "home_district", "age_band"),
        "본인 동의",
        "연구가 끝날 때까지, 길어도 3년",
    ),
)
