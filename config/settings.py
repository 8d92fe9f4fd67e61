"""All settings. What they take from the environment is described in README.md; see environment.py for the refusals."""

import os
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment, roles
from config.embedded import Cluster, default_data_dir

if refused := environment.problems(os.environ):
    raise ImproperlyConfigured("The registry does not start:\n- " + "\n- ".join(refused))

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = default_data_dir()
DEMO: Final = environment.flag(os.environ, "DEMO")
DEBUG = environment.flag(os.environ, "DEBUG")
CLUSTER = Cluster(DATA_DIR)

SECRET_KEY = env.str("SECRET_KEY", default=CLUSTER.secret("secret_key") or secrets.token_hex(32))
ALLOWED_HOSTS = environment.hosts(os.environ) or (
    ["127.0.0.1", "localhost", "[::1]"] if DEMO else []
)

# ---- Applications, lowest layer last

INSTALLED_APPS = [
    "config",
    "api",
    "web",
    "demo",
    "reporting",
    "procurement",
    "compliance",
    "registry",
    "policy",
    "records",
    "agencies",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agencies.middleware.ContextMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context_processors.frame",
            ],
        },
    },
]

# ---- Database: the program logs in as the app role; the owner's connection is for migrations

OWNER_DATABASE_ROLE: Final = roles.OWNER_ROLE
OWNER_DATABASE_ALIAS: Final = roles.OWNER_ALIAS
APP_DATABASE_ROLE: Final = roles.APP_ROLE
CENTRAL_DATABASE_ROLE: Final = roles.CENTRAL_ROLE
DATABASE_ROUTERS = ["config.roles.OwnerMigrates"]

STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=5_000)


def _database(connection: dict[str, Any], options: str) -> dict[str, Any]:
    return {
        **connection,
        "ENGINE": "django.db.backends.postgresql",
        "HOST": unquote(connection["HOST"]),  # a socket's folder is written with %2F in an address
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**connection.get("OPTIONS", {}), "options": options},
    }


def _databases() -> dict[str, dict[str, Any]]:
    """The app's connection, and the owner's where its address is known."""
    app_options = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=2s -c idle_in_transaction_session_timeout=30s"
    app = dict(CLUSTER.connection(roles.APP_ROLE)) if DEMO else env.db_url("DATABASE_URL")
    databases = {"default": {**_database(app, app_options), "ATOMIC_REQUESTS": True}}
    if DEMO or env.str("DATABASE_OWNER_URL", default=""):
        owner = (
            dict(CLUSTER.connection(roles.OWNER_ROLE)) if DEMO else env.db_url("DATABASE_OWNER_URL")
        )
        databases[roles.OWNER_ALIAS] = _database(owner, "-c app.actor=system:migrate")
    return databases


DATABASES = _databases()
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- People

AUTH_USER_MODEL = "agencies.Person"
# Addresses are unique whatever their case: a constraint over Lower("email"), which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "agencies.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="demo-registry-2026") if DEMO else ""

# ---- Languages

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# ---- Files

STATIC_URL = "static/"
STATIC_ROOT = (
    None if DEMO else BASE_DIR / "staticfiles"
)  # the demo world serves them where they lie
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = (
    DATA_DIR / "uploads"
)  # no address leads there: files go out through a page that asks who asks
LARGEST_UPLOAD = 40 * 1024 * 1024  # bytes of one request; single files have limits of their own
FILE_UPLOAD_HANDLERS = [
    "records.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- Mail

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "EMAIL_FROM", default=f"registry@{ALLOWED_HOSTS[0].lstrip('.') if not DEMO else 'demo.example'}"
)
EMAIL_TIMEOUT = 30  # seconds; records/outbox.py counts on mails being handed over in a few minutes
# What links in mails begin with.
SITE_URL = env.str(
    "SITE_URL",
    default=f"http://127.0.0.1:{env.int('PORT', default=8000)}"
    if DEMO
    else f"https://{ALLOWED_HOSTS[0].lstrip('.')}",
).rstrip("/")
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    vars().update(env.email_url("EMAIL_URL"))

# ---- Safety in the browser

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
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_AGE = 12 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# ---- API

# What all views of the interface have in common stands in api/views.py: REST framework reads these names while
# it is itself being imported.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Drone procurement registry",
    "DESCRIPTION": "Aircraft, purchases and what the rules say of them. Errors are problem details (RFC 9457).",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AgencyKind": "agencies.models.Agency.Kind",
        "LentRole": "agencies.models.LENT_ROLE_CHOICES",
        "ComponentRole": "standards.component_roles.ROLE_CHOICES",
        "PurchaseKind": "procurement.models.Purchase.Kind",
        "PurchaseAnswer": "procurement.answers.Answer",
        "ConsultationAnswer": "procurement.states.ConsultationAnswer",
        "PurchaseStatus": "procurement.states.Status",
        "PriceGiven": "registry.models.Drone.PriceGiven",
        "DroneStatus": "registry.models.Drone.Status",
        "DroneAction": "registry.models.DroneEvent.Action",
        "PurchaseAction": "procurement.states.Action",
        "Acquisition": "policy.scopes.Acquisition",
        "StandingState": "compliance.models.StandingState",
        "NoticeKind": "records.notice_kinds.NoticeKind",
        "WaiverKind": "compliance.models.Waiver.Kind",
        "WaiverState": "compliance.models.WaiverState",
        "WaiverStep": "compliance.models.WaiverStep",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# ---- Logs: one JSON object a line on standard error; standard output belongs to `--json` commands

_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
