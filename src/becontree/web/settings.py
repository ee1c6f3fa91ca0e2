"""Settings, from the environment, safe by default.

`BECONTREE_MODE` is `production` (the default), `demo` or `test`. In production nothing is guessed: a missing secret,
key or host stops the start with a sentence that says what to set (`becontree check` lists them all).
"""

from __future__ import annotations

import os
import sys
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from becontree.web.catalogues import ENGLISH, compiled
from becontree.web.catalogues import LANGUAGES as OUR_LANGUAGES
from becontree.web.environment import (
    database,
    email,
    flag,
    kept_secret,
    sqlite_is_safe_for_wal,
    swap_in_newer_sqlite,
    words,
)

swap_in_newer_sqlite()

MODE = os.environ.get("BECONTREE_MODE", "production")
DEMO = MODE == "demo"
TESTING = MODE == "test"
DEBUG = flag("BECONTREE_DEBUG")

HOME = Path(os.environ.get("BECONTREE_HOME", Path.cwd() / "var"))
HOME.mkdir(parents=True, exist_ok=True)
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("BECONTREE_SECRET_KEY") or (
    "" if MODE == "production" else kept_secret(HOME) if DEMO else f"only-for-{MODE}-" + "x" * 40
)
ALLOWED_HOSTS = words("BECONTREE_HOSTS", "" if MODE == "production" else "127.0.0.1 localhost [::1] testserver")
SITE_URL = os.environ.get("BECONTREE_SITE_URL", "http://127.0.0.1:8000")
COUNCIL_NAME = os.environ.get("BECONTREE_COUNCIL_NAME", "The Borough of Fairlop" if DEMO or TESTING else "")
CSRF_TRUSTED_ORIGINS = words("BECONTREE_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "becontree.web.apps.WebConfig",
    "becontree.foundations.kit",
    "becontree.foundations.people",
    "becontree.foundations.access",
    "becontree.foundations.places",
    "becontree.foundations.policy",
    "becontree.foundations.record",
    "becontree.foundations.ledger",
    "becontree.foundations.payments",
    "becontree.foundations.messages",
    "becontree.foundations.forgetting",
    "becontree.foundations.tasks",
    "becontree.foundations.measures",
    "becontree.citizenship.voices",
    "becontree.citizenship.manifesto",
    "becontree.citizenship.outreach",
    "becontree.citizenship.conversations",
    "becontree.citizenship.hubs",
    "becontree.citizenship.projects",
    "becontree.citizenship.giving",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "becontree.web.apps.StaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "ninja",
    "rules",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "becontree.web.middleware.Private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "becontree.web.middleware.Language",
    "becontree.web.middleware.Limits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "becontree.web.middleware.Clock",
    "becontree.web.middleware.NewFactorFirst",
    "becontree.web.middleware.GatesMustBeStated",
    "becontree.web.middleware.PlainRefusals",
]

ROOT_URLCONF = "becontree.web.urls"
WSGI_APPLICATION = "becontree.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "becontree.web.context.house",
            ],
        },
    }
]
FORM_RENDERER = "becontree.web.forms.PlainRenderer"

DATABASES = {"default": database(os.environ.get("BECONTREE_DATABASE_URL", f"sqlite:///{HOME / 'becontree.sqlite3'}"))}
SQLITE_WAL_SAFE = sqlite_is_safe_for_wal()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "becontree_cache",
    }
}
REMEMBERED_SECONDS = 10  # foundations.kit.remembered: how old a figure of a closed round may be

# Sign-in: a code by e-mail, no passwords; officers a second factor (access.gates holds them to it).
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "becontree.foundations.people.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if flag("BECONTREE_PLAIN_HTTP") or MODE != "production" else "https"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("BECONTREE_BEHIND_PROXY") else 0
# A library, a school or a hub's evening is one address for sixty people, so an address's limit is wide; what keeps
# guesses away is the limit an account has. A code is 8 of 20 letters (2.56e10), lives 15 minutes, and dies after three
# wrong tries; three are sent a minute at most. So an account sees at most 9 guesses a minute, 540 an hour, from however
# many addresses: a chance of 540 / 2.56e10 = 2.1e-8 an hour. The width of an address changes nothing of that; it only
# bounds how many letters a script can have us send.
ACCOUNT_RATE_LIMITS = {
    "login": "240/m/ip",
    "signup": "120/m/ip,600/h/ip",
    "request_login_code": "120/m/ip,900/h/ip,3/m/key",
    "login_failed": "60/m/ip,5/300s/key",
    "letters": "3/m/key",
}
MFA_ADAPTER = "becontree.foundations.people.signin.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
MFA_TOTP_TOLERANCE = 1
ACCOUNT_FORMS = {
    "signup": "becontree.foundations.people.signin.SignUp",
    "login": "becontree.foundations.people.signin.LogIn",
    "request_login_code": "becontree.foundations.people.signin.AskForCode",
    "add_email": "becontree.foundations.people.signin.AddAddress",
    "change_email": "becontree.foundations.people.signin.ChangeAddress",
}
MFA_FORMS = {"activate_totp": "becontree.foundations.people.signin.ActivateForm"}
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = "becontree"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "becontree.web.views.forgery_refused"

SECURE_ONLY = MODE == "production" and not flag("BECONTREE_PLAIN_HTTP")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_ONLY
BEHIND_PROXY = flag("BECONTREE_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [NONE],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Language, time, numbers
LANGUAGE_CODE = ENGLISH
LANGUAGES = [(code, name) for code, name, _ in OUR_LANGUAGES]
LANGUAGES_BIDI = [code for code, _, direction in OUR_LANGUAGES if direction == "rtl"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [compiled(HOME)]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("BECONTREE_STATIC", HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "uploads"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = DEBUG or TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Letters
EMAIL_URL = os.environ.get("BECONTREE_EMAIL_URL", "")
globals().update(email(EMAIL_URL))
# A bare address is given the council's name, so that a letter says whose it is before it is opened.
_SENDER = parseaddr(os.environ.get("BECONTREE_FROM_EMAIL", "no-reply@example.invalid"))
DEFAULT_FROM_EMAIL = formataddr((_SENDER[0] or COUNCIL_NAME, _SENDER[1]))
# Who is told of a hole (RFC 9116): mailto:... or https://...; without it there is no /.well-known/security.txt.
SECURITY_CONTACT = os.environ.get("BECONTREE_SECURITY_CONTACT", "")

# Work after commit
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# The record's key: an Ed25519 private key file; and who else signs (docs/deploy.md)
RECORD_KEY = os.environ.get("BECONTREE_RECORD_KEY", "")
RECORD_WITNESSES = words("BECONTREE_RECORD_WITNESSES", "")
RECORD_ORIGIN = os.environ.get("BECONTREE_RECORD_ORIGIN", "example.invalid/becontree")

# Our prefix in the 360Giving standard; a publisher registers its own (docs/deploy.md).
GIVING_PREFIX = os.environ.get("BECONTREE_360_PREFIX", "360G-example")

PAYMENT_PROVIDER = os.environ.get("BECONTREE_PAYMENT_PROVIDER", "practice" if MODE != "production" else "bankfile")
PRACTICE_SECRET = os.environ.get("BECONTREE_PRACTICE_SECRET", "")
PRACTICE_HOOK_URL = os.environ.get("BECONTREE_PRACTICE_HOOK_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "becontree.web.logs.Discreet"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("BECONTREE_LOG_LEVEL", "WARNING")},
}
# W021 asks for HSTS preload, which commits every name under the council's domain: the council's own decision.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
