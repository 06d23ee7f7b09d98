"""
The one settings file. Every difference between a laptop, a test and production comes through the environment.

Without DATABASE_URL the program is on somebody's laptop, and `devservers` says what is missing there: servers of its own,
a secret of its own, plain HTTP on 127.0.0.1. With DATABASE_URL it is in production, and asks for what production needs.
`.env.example` lists the variables.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import addresses, api_description, contributions, logs, pages, single_sign_on
from config.limits import as_options, limits
from config.local import BASE_DIR, var_dir

django_stubs_ext.monkeypatch()

VAR_DIR = var_dir()
environ: Mapping[str, str] = os.environ
if not os.environ.get("DATABASE_URL"):
    from devservers.environment import completed

    environ = completed(os.environ, VAR_DIR)


def flag(name: str, *, default: bool) -> bool:
    """Read a yes or no from the environment."""
    value = environ.get(name, "").strip().lower()
    return default if not value else value in ("1", "true", "yes", "on")


def words(name: str, default: str = "") -> list[str]:
    """Read a list separated by commas from the environment."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


def required(name: str) -> str:
    """Read what production cannot do without from the environment."""
    if not environ.get(name):
        raise ImproperlyConfigured(f"{name} must be set when DATABASE_URL is.")
    return environ[name]


DEBUG = flag("DEBUG", default=False)
DEMO = flag("DEMO", default=False)

SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

# The program

INSTALLED_APPS = [
    "config",
    "demo",
    "office",
    "desk",
    "shop",
    "provisioning",
    "spend",
    "reporting",
    "assortment",
    "history",
    "procurement",
    "catalog",
    "agreements",
    "categories",
    "registers",
    "governance",
    "factors",
    "notices",
    "attachments",
    "organizations",
    "audit",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
]

MIDDLEWARE = [
    "core.request_ids.RequestIds",
    "config.measuring.Measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "core.devices.NoDevices",
    # Before anything reads the body or the session.
    "core.request_cleaning.Threshold",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "organizations.signing_in.sessions.SignedInPerson",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.signing_in.sessions.SessionLimits",
    "core.request_cleaning.CleanText",
    "core.request_cleaning.PrivateAnswers",
    "core.middleware.ClearRefusals",
    "core.kept_forms.KeptForms",
    "core.middleware.SignInFirst",
    "factors.middleware.SecondFactorFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.fragments.Fragments",
    "core.downloads.AwaitedFiles",
]

ROOT_URLCONF = "config.urls"
ABSOLUTE_URL_OVERRIDES = pages.ADDRESSES
PLACES = pages.PLACES
NOTICE_KINDS = contributions.NOTICE_KINDS
URGENT_NOTICES = contributions.URGENT_NOTICES
ATTACHMENT_OWNERS = contributions.ATTACHMENT_OWNERS
SIMILAR_PURCHASES = contributions.SIMILAR_PURCHASES
CITATIONS = contributions.CITATIONS
COMPETITION_FOLLOWERS = contributions.COMPETITION_FOLLOWERS
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "core.context_processors.look",
    "config.navigation.navigation",
]

TEMPLATE_LOADERS = [
    "core.template_loaders.WithoutIndentation",
    "django.template.loaders.app_directories.Loader",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": CONTEXT_PROCESSORS,
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
        },
    }
]
FORM_RENDERER = "core.forms.FormRenderer"
MESSAGE_STORAGE = "core.citations.CitingMessages"

# The database

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **addresses.database(required("DATABASE_URL")),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": int(environ.get("CONN_MAX_AGE", "600")),
        # Asks only the first time a request touches a connection, and only then reconnects after a restart.
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": "5",
    "application_name": "rauk",
    # Said while connecting, so that Django need not set it in a round trip of its own.
    "client_encoding": "UTF8",
    "options": "-c TimeZone=UTC -c client_connection_check_interval=2000 -c pg_trgm.word_similarity_threshold=0.3 -c jit=off "
    # What pages ask is in memory or on a disk without arms, where a page of an index costs hardly more than the next one.
    "-c random_page_cost=1.1 "
    # What is prepared is planned once, for all values (core/compiled.py).
    "-c plan_cache_mode=force_generic_plan " + as_options(limits(environ, sys.argv[0])),
    **DATABASES["default"]["OPTIONS"],
}

# Of the role that web and workers connect as; `manage.py grant_rights` sets it.
APP_DATABASE_PASSWORD = environ.get("APP_DATABASE_PASSWORD", "")

# Work in the background

REDIS_URL = required("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
# Shared by all processes. What must outlive a restart stands in the database.
CACHES = {"default": addresses.cache(REDIS_URL)}

# Language and time

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = False  # core.formatting writes numbers; an id in an attribute must stay digits

# Files

STATIC_URL = "static/"
STATIC_ROOT = Path(environ.get("STATIC_ROOT") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = flag("HASHED_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A picture that is missing must not take the page with it; a test finds it instead.
WHITENOISE_MANIFEST_STRICT = False
WHITENOISE_USE_FINDERS = not HASHED_STATIC
WHITENOISE_AUTOREFRESH = DEBUG
OUTBOX_DIR = VAR_DIR / "outbox"
LEAST_FREE_BYTES = int(environ.get("LEAST_FREE_MB", "200")) * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# E-mail

DEFAULT_FROM_EMAIL = environ.get("DEFAULT_FROM_EMAIL", "Rauk <inkop@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if environ.get("EMAIL_URL"):
    globals().update(addresses.email(environ["EMAIL_URL"]))
else:
    EMAIL_BACKEND = "core.mail.FileOutbox"

# Who may come in

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Whether people have passwords here; 0 where all come through the region's directory.
PASSWORDS = flag("PASSWORDS", default=True)
# The region's directories, which people sign in through.
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers(environ.get("SINGLE_SIGN_ON", ""))
SOCIALACCOUNT_ADAPTER = "provisioning.signing_in.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to the directory would need a hole in form-action
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
ACCOUNT_ADAPTER = "organizations.signing_in.entering.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# What follows on the password before somebody is let in.
LOGIN_STAGES = ["factors.stages.SecondFactorStage"]
MFA_ADAPTER = "factors.keeping.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Rauk"
# Roles that need a second factor, by their names in organizations.models.Role; `everybody` is everybody.
SECOND_FACTOR_ROLES = frozenset(words("SECOND_FACTOR_ROLES"))

# The first person; `manage.py create_administrator` reads it.
ADMINISTRATOR_EMAIL = environ.get("ADMINISTRATOR_EMAIL", "")
ADMINISTRATOR_NAME = environ.get("ADMINISTRATOR_NAME", "")
ADMINISTRATOR_PASSWORD = environ.get("ADMINISTRATOR_PASSWORD", "")
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

# How many proxies of ours stand before the program: so many addresses at the end of X-Forwarded-For are believed.
PROXY_COUNT = int(environ.get("PROXY_COUNT", "0"))

ALLOWED_HOSTS = words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# What links in messages begin with.
PUBLIC_URL = environ.get("PUBLIC_URL") or f"https://{next(iter(ALLOWED_HOSTS), 'localhost')}"
# A session ends when nobody has used it for an hour, and twelve hours after it began.
SESSION_ENGINE = "organizations.signing_in.store"
SESSION_IDLE_SECONDS = int(environ.get("SESSION_IDLE_SECONDS", str(60 * 60)))
SESSION_COOKIE_AGE = int(environ.get("SESSION_SECONDS", str(12 * 60 * 60)))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

HTTPS = flag("HTTPS", default=True)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = int(environ.get("HSTS_SECONDS", "31536000")) if HTTPS else 0
# These bind the region's other sites, and cannot be taken back for a year: only when asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and flag("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = HTTPS and flag("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organizations.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["organizations.authentication.WithinScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.filters.KnownFilters"],
    "DEFAULT_SCHEMA_CLASS": "core.api.Description",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "NUM_PROXIES": PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "organizations.ApiToken"  # noqa: S105
# The key is a model of ours, so Knox needs no table of its own.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = api_description.SETTINGS

# Whose program it is

REGION_NAME = environ.get("REGION_NAME") or ("Region Gotland" if DEMO else "")
SERVICE_DESK = environ.get("SERVICE_DESK", "")
REGISTRY_EMAIL = environ.get("REGISTRY_EMAIL", "")
# The directory with OpenPEPPOL's compiled rules; without it catalogues are taken in unchecked, and say so.
PEPPOL_RULES = environ.get("PEPPOL_RULES", "")
# The directories that the access point to Peppol fetches orders from, and lays suppliers' answers in.
PEPPOL_OUTBOX = environ.get("PEPPOL_OUTBOX", "")
PEPPOL_INBOX = environ.get("PEPPOL_INBOX", "")

# What is written down: for machines in production, for people on a laptop

LOG_FORMAT = environ.get("LOG_FORMAT") or ("text" if DEBUG else "json")
ACCESS_LOG = flag("ACCESS_LOG", default=False)
LOGGING = logs.to_console(LOG_FORMAT, level=environ.get("LOG_LEVEL", "INFO"))
# Where the heads of the sealed trail are kept outside the database, and who gets the last one by mail each day.
TRAIL_HEADS = environ.get("TRAIL_HEADS") or str(VAR_DIR / "trail-heads.txt")
TRAIL_HEADS_MAIL = words("TRAIL_HEADS_MAIL")
# Who may read the numbers at /metrics: a token, addresses or networks, or both. Nobody unless it is said.
METRICS_TOKEN = environ.get("METRICS_TOKEN", "")
METRICS_ADDRESSES = words("METRICS_ADDRESSES")

# Reports of faults to a server that speaks as Sentry does, where there is one

if environ.get("SENTRY_DSN"):
    from config import fault_reports

    fault_reports.begin(environ["SENTRY_DSN"], environment=environ.get("SENTRY_ENVIRONMENT", "production"))
