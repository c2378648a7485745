"""Refusals of the vault and of sign-in."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class VaultCode(Code):
    """What the vault refuses."""

    ERASED = code(
        "registry.erased",
        Kind.CONFLICT,
        "이 사람의 신원 정보는 지워졌습니다. 되살릴 수 없습니다.",
        "This person's identity was erased. It cannot be brought back.",
    )
    NOT_IN_VAULT = code(
        "registry.not_in_vault",
        Kind.NOT_FOUND,
        "찾을 수 없습니다. 주소를 확인해 주세요.",
        "Not found. Please check the address.",
    )
    KEYS_DIFFER = code(
        "registry.keys_differ",
        Kind.CONFLICT,
        "열쇠 폴더가 이 데이터베이스의 것이 아닙니다(%(key)s). 맞는 열쇠를 되돌려 놓아 주세요.",
        "The keys are not those of this database (%(key)s). Please put the right ones back.",
    )
    GLASS_OWN = code(
        "registry.breakglass_own",
        Kind.FORBIDDEN,
        "이 일은 다른 사람이 해야 합니다. 부탁, 허락, 살펴보기는 세 사람의 일입니다.",
        "Somebody else must do this: asking, granting and reviewing are three people's work.",
    )
    GLASS_OVER = code(
        "registry.breakglass_over",
        Kind.CONFLICT,
        "지금은 할 수 없습니다. 허락을 기다리거나, 이미 끝났거나, 아직 열려 있습니다.",
        "Not now: it waits for its grant, is over, or is still open.",
    )


class LoginCode(Code):
    """What sign-in refuses."""

    HANDLE_SHAPE = code(
        "registry.handle_shape",
        Kind.INVALID,
        "로그인 이름은 영문 소문자나 한글로 시작하는 3–20자입니다. 긴 숫자는 쓸 수 없습니다.",
        "A sign-in name has 3–20 characters, begins with a–z or Hangul, and holds no long number.",
    )
    HANDLE_TAKEN = code(
        "registry.handle_taken",
        Kind.CONFLICT,
        "이 로그인 이름은 쓸 수 없습니다. 다른 이름을 골라 주세요.",
        "This sign-in name cannot be used. Please choose another.",
    )
    PASSWORD_WEAK = code(
        "registry.password_weak",
        Kind.INVALID,
        "비밀번호는 10자 이상이어야 하고, 흔한 것이나 로그인 이름은 쓸 수 없습니다.",
        "A password needs at least 10 characters and may not be a common one or the sign-in name.",
    )
    NO_FACTOR = code(
        "registry.no_factor",
        Kind.INVALID,
        "패스키를 만들거나 비밀번호를 정해 주세요.",
        "Please make a passkey or choose a password.",
    )
    ADDRESS_SHAPE = code(
        "registry.address_shape",
        Kind.INVALID,
        "전화번호나 전자우편 주소를 다시 적어 주세요.",
        "Please write the phone number or mail address again.",
    )
    ADDRESS_TAKEN = code(
        "registry.address_taken",
        Kind.CONFLICT,
        "이 주소는 지금 확인할 수 없습니다. 센터에 물어봐 주세요.",
        "This address cannot be confirmed now. Please ask the centre.",
    )
    LINK_SPENT = code(
        "registry.link_spent",
        Kind.NOT_FOUND,
        "찾을 수 없습니다. 주소를 확인해 주세요.",
        "Not found. Please check the address.",
    )
    LAST_FACTOR = code(
        "registry.last_factor",
        Kind.CONFLICT,
        "마지막 로그인 수단은 없앨 수 없습니다. 먼저 다른 것을 만들어 주세요.",
        "The last way to sign in cannot be removed. Please add another first.",
    )
    CONSENT_NEEDED = code(
        "registry.consent_needed",
        Kind.INVALID,
        "가입하려면 개인정보 이용에 동의해 주세요.",
        "Please agree to the use of your data to sign up.",
    )
    PASSKEY_FAILED = code(
        "registry.passkey_failed",
        Kind.INVALID,
        "패스키를 만들지 못했습니다. 다시 해 보거나 비밀번호로 가입해 주세요.",
        "The passkey could not be made. Try again, or sign up with a password.",
    )
    DEVICE_SHAPE = code(
        "registry.device_shape",
        Kind.INVALID,
        "이 브라우저의 알림 주소를 받아들일 수 없습니다. 다른 브라우저로 해 보세요.",
        "This browser's address for notices is not accepted. Please try another browser.",
    )
    DEVICE_FULL = code(
        "registry.device_full",
        Kind.CONFLICT,
        "기기는 %(most)s대까지입니다. 쓰지 않는 기기를 먼저 빼 주세요.",
        "At most %(most)s devices. Please remove one that you do not use first.",
    )
    PUSH_MISSING = code(
        "registry.push_missing",
        Kind.MISSING,
        "이 설치에는 기기 알림이 없습니다. 관리자가 dure[push]를 설치해야 합니다.",
        "This installation sends no push messages: its operator needs to install dure[push].",
    )
    NO_LOGIN = code(
        "registry.no_login",
        Kind.CONFLICT,
        "이 사람에게는 로그인이 없습니다. 가입을 도와주세요.",
        "This person has no sign-in. Please help with signing up.",
    )
    RECOVERY_OPEN = code(
        "registry.recovery_open",
        Kind.CONFLICT,
        "이미 되찾는 중입니다. 이 사람의 화면에서 이어서 해 주세요.",
        "A recovery is under way. Please go on with it on the person's page.",
    )
    RECOVERY_OWN = code(
        "registry.recovery_own",
        Kind.FORBIDDEN,
        "자기 로그인은 스스로 되찾아 줄 수 없습니다. 동료에게 부탁해 주세요.",
        "Nobody gets their own sign-in back as staff. Please ask a colleague.",
    )
    RECOVERY_WAITS = code(
        "registry.recovery_waits",
        Kind.CONFLICT,
        "아직 기다리는 시간입니다. %(opens)s부터 번호를 찍을 수 있습니다.",
        "The wait is not over. The code can be printed from %(opens)s.",
    )
    RECOVERY_OVER = code(
        "registry.recovery_over",
        Kind.CONFLICT,
        "이미 끝났거나 답이 나온 되찾기입니다. 화면을 새로 열어 주세요.",
        "This recovery is over or was answered already. Please reload.",
    )
    CODE_WRONG = code(
        "registry.recovery_code_wrong",
        Kind.INVALID,
        "번호가 맞지 않거나 시간이 지났습니다. 다시 적거나 센터에서 새로 받아 주세요.",
        "The code is wrong or its time is over. Write it again, or get a new one at the centre.",
    )
    PERSON_HAS_LOGIN = code(
        "registry.person_has_login",
        Kind.CONFLICT,
        "이 사람은 이미 로그인할 수 있습니다. 로그인해 주세요.",
        "This person can sign in already. Please sign in.",
    )
