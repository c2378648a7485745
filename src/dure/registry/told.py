"""What the registry tells a person of her sign-in: notices, and letters that carry a link.

Law: a notice holds numbers, never a name; a link stands in a letter alone. Security is told at
once, in quiet hours too.
"""

from __future__ import annotations

from dure.core import notices
from dure.core.actors import Actor
from dure.core.text import T
from dure.registry.models import Recovery
from dure.registry.queries.recovery import stop_link
from dure.registry.vault import letters, records

NOW = notices.Urgency.NOW
SECURITY = "/me/security/"
NOT_YOU = T(
    "하지 않은 일이라면 이 화면에서 바로 되돌리고 센터에 알려 주세요.",
    "If it was not you, undo it on this page at once and tell the centre.",
)
WHY = "로그인 되찾기를 알립니다."

RECOVERY_AGREED = notices.template(
    "registry.recovery.agreed",
    subject=T("로그인 되찾기가 시작되었습니다", "A recovery of your sign-in has begun"),
    text=T(
        "센터에서 두 직원이 회원님의 로그인을 되찾는 일에 동의했습니다. %(hours)s시간 뒤에 새"
        " 비밀번호를 정할 번호를 건넵니다. 부탁하지 않으셨다면 그 전에 멈춰 주세요.",
        "Two of the centre's staff agreed to get your sign-in back. In %(hours)s hours a code for a"
        " new password is handed out. If you did not ask for it, please stop it before.",
    ),
    path=SECURITY,
    urgency=NOW,
)
RECOVERED = notices.template(
    "registry.recovery.used",
    subject=T("로그인을 되찾았습니다", "Your sign-in was got back"),
    text=T(
        "센터에서 받은 번호로 새 비밀번호를 정했습니다. 예전 패스키, 인증 앱, 복구 번호와 로그인은"
        f" 모두 끝났습니다. {NOT_YOU.ko}",
        "A new password was set by the code of the centre. Old passkeys, apps, recovery codes and"
        f" sessions have all ended. {NOT_YOU.en}",
    ),
    path=SECURITY,
    urgency=NOW,
)


def _changed(name: str, ko: str, en: str) -> str:
    """The notice of one change of a way to sign in."""
    return notices.template(
        f"registry.login.{name}",
        subject=T("로그인 수단이 바뀌었습니다", "A way to sign in has changed"),
        text=T(f"{ko} {NOT_YOU.ko}", f"{en} {NOT_YOU.en}"),
        path=SECURITY,
        urgency=NOW,
    )


ACTING_ALLOWED = notices.template(
    "registry.acting.allowed",
    subject=T("직원이 대신할 수 있게 되었습니다", "Staff may act for you now"),
    text=T(
        "회원님이 부탁한 대로, 직원 한 사람이 창구에서 일을 대신할 수 있습니다(%(days)s일 동안)."
        f" {NOT_YOU.ko}",
        "As you asked, one of the staff may act for you at the counter (for %(days)s days)."
        f" {NOT_YOU.en}",
    ),
    path="/me/acting/",
    urgency=NOW,
)

GLASS_BROKEN = notices.template(
    "registry.breakglass.granted",
    subject=T("급한 까닭으로 정보를 열었습니다", "Your data were opened in an emergency"),
    text=T(
        "두 사람이 급한 까닭으로 회원님의 정보를 잠시 여는 데 동의했습니다. 누가 무엇을 왜 보았는지"
        " 아래 화면에 남고, 다른 한 사람이 살펴봅니다.",
        "Two people agreed to open your data for a short time in an emergency. Who saw what and why"
        " stands on the page below, and a third person reviews it.",
    ),
    path="/me/data/",
    urgency=NOW,
)

# What happened to a login → the notice that tells its owner.
CHANGES = {
    "totp_activated": _changed(
        "app_added", "인증 앱을 쓰기 시작했습니다.", "An authenticator app was added."
    ),
    "totp_deactivated": _changed(
        "app_removed", "인증 앱을 그만 쓰게 했습니다.", "An authenticator app was removed."
    ),
    "webauthn_added": _changed(
        "passkey_added", "새 패스키를 만들었습니다.", "A passkey was added."
    ),
    "webauthn_removed": _changed(
        "passkey_removed", "패스키를 지웠습니다.", "A passkey was removed."
    ),
    "recovery_codes_generated": _changed(
        "codes_made", "복구 번호를 새로 만들었습니다.", "New recovery codes were made."
    ),
    "recovery_code_used": _changed(
        "code_used", "복구 번호를 하나 썼습니다.", "A recovery code was used."
    ),
    "account_connected": _changed(
        "account_added", "다른 곳의 계정을 이었습니다.", "An account elsewhere was joined."
    ),
    "account_disconnected": _changed(
        "account_removed", "다른 곳의 계정을 떼었습니다.", "An account elsewhere was taken off."
    ),
    "password_set": _changed(
        "password_set", "비밀번호를 바꾸었습니다.", "The password was changed."
    ),
    "new_browser": _changed(
        "new_browser", "처음 보는 기기에서 로그인했습니다.", "Somebody signed in from a new device."
    ),
}


def write_stop_letter(recovery: Recovery) -> None:
    """Send the link that stops a recovery to the person's confirmed mail address, after commit."""
    if "mail" not in records.address_schemes(recovery.person_id):
        return
    timer = Actor.timer("registry.recovery")
    answer = records.read(recovery.person_id, ["mail"], actor=timer, purpose="notice", reason=WHY)
    letters.send_after_commit(
        answer,
        "mail",
        T("두레 로그인 되찾기", "Recovery of your sign-in for Dure"),
        T(
            "센터에서 회원님의 로그인을 되찾는 일이 시작되었습니다. 부탁하지 않으셨다면 아래"
            " 주소에서 멈춰 주세요. 로그인하지 않아도 됩니다.",
            "A recovery of your sign-in has begun at the centre. If you did not ask for it, stop it"
            " at the address below. You need not sign in.",
        ),
        lambda: f"/accounts/recovery/stop/{stop_link(recovery)}/",
    )
