"""Django settings. Rooms are named as strings only; nobody imports this module but Django."""

from __future__ import annotations

import secrets
from pathlib import Path

from dure.config.env import read_environment
from dure.config.logs import logging_config
from dure.config.signin import *  # noqa: F403
from dure.config.signin import SIGNIN_APPS, SIGNIN_MIDDLEWARE

ENV = read_environment()
SOURCE = Path(__file__).resolve().parent.parent
WEB = SOURCE / "interfaces" / "web"


def present(module: str) -> bool:
    """Whether a module of ours stands in the tree."""
    return (SOURCE / Path(*module.split(".")[1:])).with_suffix(".py").is_file() or (
        SOURCE / Path(*module.split(".")[1:]) / "__init__.py"
    ).is_file()


def _secret() -> str:
    """The signing key from its file; a passing one where no installation exists (checks,
    migrations).
    """
    try:
        return ENV.key_file("signing").read_text().strip()
    except OSError:
        return secrets.token_urlsafe(48)


SECRET_KEY = _secret()
DEBUG = ENV.debug
DEMO = ENV.demo
DISTRICT = ENV.district
ALLOWED_HOSTS = [name.strip() for name in ENV.hosts.split(",") if name.strip()]

ROOMS = [
    "dure.core",
    "dure.registry",
    "dure.ledger",
    "dure.journal",
    "dure.governance",
    "dure.exchange",
    "dure.budgeting",
    "dure.indicators",
    "dure.interfaces.web",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    *SIGNIN_APPS,
    "procrastinate.contrib.django",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    *[room for room in ROOMS if present(room)],
]
MIDDLEWARE = [
    "dure.config.logs.RequestLog",
    "dure.config.unreachable.Unreachable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dure.interfaces.web.privacy.PrivateMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random: lengths tell nothing of a token
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "dure.interfaces.web.nul.NoNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    *[
        path
        for path in SIGNIN_MIDDLEWARE
        if not path.startswith("dure.") or present(path.rpartition(".")[0])
    ],
    "dure.interfaces.web.errors.RefusalMiddleware",
]
CSRF_FAILURE_VIEW = "dure.interfaces.web.errors.csrf"
ROOT_URLCONF = "dure.config.urls"
WSGI_APPLICATION = "dure.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB.parent / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dure.interfaces.web.context.shell",
            ],
        },
    }
]
COTTON_DIR = "components"

# -- database -----------------------------------------------------------------------------------
# `side` is a second connection of the application role: progress rows and refused attempts are
# written there.
DATABASES = {
    "default": ENV.database(ENV.database_role),
    "side": ENV.database("dure_app"),
    "vault": ENV.database("dure_vault"),
    "analyst": ENV.database("dure_analyst"),
    "auditor": ENV.database("dure_auditor"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Actions that bring install data up to date after every migration, in this order; each is
# idempotent.
DURE_INSTALL: list[str] = [
    "core.rulebook.install",
    "registry.place.install",
    "registry.vault.prepare",
    "ledger.unit.load",
    "journal.label.install",
    "indicators.definition.install",
    "exchange.spec.install",
    "exchange.meeting_point.install",
    "exchange.process.install",
]

# Actions of the operator that load the synthetic demo district, in this order; each is idempotent
# under its key.
# A result that has `accounts` (handle, ko, en) is shown to whoever started the demo, with the
# password that is drawn from the signing key.
DURE_DEMO: list[str] = [
    "registry.demo.load",
    "ledger.demo.load",
    "exchange.demo.load",
    "exchange.demo.share",
    "exchange.demo.ride",
    "exchange.demo.feed",
    "budgeting.demo.load",
    "core.audit.seal",  # so that the release below carries the heads of the other chains
    "registry.vault.seal",
    "journal.seal",
    "ledger.seal.write",
    "indicators.demo.release",  # after those whose records it releases
    "core.heads.publish",
]

# -- people and sign-in ---------------------------------------------------------------------------
AUTH_USER_MODEL = "registry.Login" if present("dure.registry.models") else "auth.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# the rest of sign-in stands in `config/signin.py`
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# -- language, time
# ---------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# -- pages
# --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ENV.place / "static"
STATICFILES_DIRS = [path for path in [WEB.parent / "static"] if path.is_dir()]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = ENV.place / "files"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp-report"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure
SESSION_COOKIE_NAME = "dure_session"
SESSION_COOKIE_AGE = 12 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["dure.interfaces.web.uploads.CappedUpload"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- mail: to a folder of ours
# --------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = ENV.place / "outbox"
DEFAULT_FROM_EMAIL = "dure@localhost"

DURE_SOURCE_URL = ENV.source_url
DURE_ADDRESS = ENV.address or f"http://localhost:{ENV.port}"
# Push services of the makers of browsers; a device's address elsewhere is not accepted.
DURE_PUSH_SERVICES: tuple[str, ...] = (
    "https://fcm.googleapis.com",
    "https://jmt17.google.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
)

# -- jobs, logs, keys
# ------------------------------------------------------------------------------------
PROCRASTINATE_IMPORT_PATHS = (
    ["dure.interfaces.jobs.housekeeping"] if present("dure.interfaces.jobs") else []
)
LOGGING = logging_config("WARNING" if ENV.quiet else "INFO")
DURE_KEYS = ENV.place / "keys"
