"""Settings of sign-in: a fragment that `settings` takes in whole.

Law: no mail address stands at the login library. People sign in by handle; an address is found by
its keyed index and turned into the handle before the library sees it.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from dure.config.env import read_environment

_ENV = read_environment()


def _outside(file: Path) -> list[dict[str, object]]:
    """The OIDC providers of this installation; none where the file is missing."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return []
    return list(tomllib.loads(text).get("provider", []))


SIGNIN_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
SIGNIN_MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "dure.interfaces.web.signin.middleware.ActsFor",
    "dure.interfaces.web.signin.middleware.FreshSession",
    "axes.middleware.AxesMiddleware",
]

# -- the library ------------------------------------------------------------------------------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:me"
LOGOUT_REDIRECT_URL = "web:dashboard"
ACCOUNT_ADAPTER = "dure.interfaces.web.signin.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_DISPLAY = "dure.interfaces.web.signin.adapter.shown_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "dure.interfaces.web.signin.forms.LoginForm",
}
ACCOUNT_RATE_LIMITS = {
    "login_failed": None,  # counted by axes, in the database
    "reset_password": "20/m/ip",
}

MFA_ADAPTER = "dure.interfaces.web.signin.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # the library's needs a mail address; ours does not
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "두레"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TRUST_ENABLED = False

SOCIALACCOUNT_ADAPTER = "dure.interfaces.web.signin.adapter.OutsideAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
# `keys/oidc.toml` (mode 0400) lists who may vouch for a login: [[provider]] with provider_id, name,
# client_id, secret and settings.server_url.
OUTSIDE_LOGINS = _outside(_ENV.key_file("oidc.toml"))
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OUTSIDE_LOGINS}}

USERSESSIONS_TRACK_ACTIVITY = False

# -- guessing ----------------------------------------------------------------------------------
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = _ENV.proxies
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if _ENV.proxies else ["REMOTE_ADDR"]
)
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "dure.interfaces.web.signin.adapter.counted_name"
AXES_SENSITIVE_PARAMETERS = [
    "login", "username", "handle", "name", "phone", "mail", "address", "code", "credential",
    "csrfmiddlewaretoken", "next", "key",
]  # fmt: skip
AXES_LOCKOUT_CALLABLE = "dure.interfaces.web.signin.adapter.locked_out"
ALLAUTH_TRUSTED_PROXY_COUNT = _ENV.proxies
