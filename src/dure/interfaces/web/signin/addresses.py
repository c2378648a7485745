"""Addresses of sign-in, under /accounts/. What is not named here is not mounted.

Left out on purpose: its pages of mail addresses and codes, which keep an address.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from dure.interfaces.web import recovery
from dure.interfaces.web.signin import own_device, reset, signup
from dure.interfaces.web.signin.second_step import telling_of_codes

to_security = RedirectView.as_view(pattern_name="web:security", permanent=False)

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", own_device.sign_out, name="account_logout"),
    path("signup/", signup.sign_up, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", reset.ask, name="account_reset_password"),
    path("password/reset/done/", reset.asked, name="account_reset_password_done"),
    path("password/reset/<str:link>/", reset.choose, name="account_reset_password_from_key"),
    path("recovery/", recovery.recover, name="recover"),
    path("recovery/stop/<str:link>/", recovery.stop_by_link, name="recovery_stop_link"),
    path("2fa/", to_security, name="mfa_index"),
    path("2fa/authenticate/", telling_of_codes(factors.authenticate), name="mfa_authenticate"),
    path(
        "2fa/reauthenticate/", telling_of_codes(factors.reauthenticate), name="mfa_reauthenticate"
    ),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/passkeys/", to_security, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]

if settings.OUTSIDE_LOGINS:
    urlpatterns += [
        path("outside/", include("allauth.socialaccount.urls")),
        path("outside/", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]
