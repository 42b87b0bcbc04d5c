"""The one settings module. Everything that differs between installations comes from the environment.

With nothing set: SQLite, tasks in process, mail on the console. `README.md` has the table.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config import environment
from tracker.core.filetypes import FILE_TYPES

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", [])  # links already mailed go on
SITE_URL = environment.site_url("http://127.0.0.1:8000")
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", str(urlsplit(SITE_URL).hostname)]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IS_HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "tracker",
]

MIDDLEWARE = [
    "tracker.web.health.HealthDoors",  # first: a probe has no host name and no session
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.web.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tracker.web.middleware.ContentSecurityPolicy",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "tracker.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.context.clock_context",
                "tracker.web.context.people_context",
            ],
        },
    },
    {
        # Mails only (`tracker/jinja2/mail/`): a morning renders tens of thousands, each in two forms.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "mail",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "tracker.reminders.mail.template_environment"},
    },
]

DATABASES = {"default": environment.database_settings(f"sqlite:///{VAR_DIR / 'tracker.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and DATABASES["default"]["NAME"] != ":memory:":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)

REDIS_URL = environment.redis_url()
CACHES = {"default": environment.cache_settings(REDIS_URL)}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign-in"

# No LocaleMiddleware: it follows what the browser prefers; `tracker.web.language` what the person chose.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
FORMAT_MODULE_PATH = ["tracker.formats"]
LANGUAGE_COOKIE_AGE = 365 * 86_400  # seconds
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
# Apart from VAR_DIR where that is a volume: an older image's files must not live on in it.
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns at every start without it
# Collected files carry their hash; without a collection (a first try, the tests) they come as they are.
_IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _IS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "tracker.core.storage.SyncedFileStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _IS_COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
MEDIA_ROOT = VAR_DIR / "files"  # never served as it lies: the doors hand a file out to who may see its task
FILE_UPLOAD_HANDLERS = [
    "tracker.core.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = environment.whole_number("SECURE_HSTS_SECONDS", 0, least=0)
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_EMAIL = environment.email_settings()
EMAIL_BACKEND = _EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = _EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_EMAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_EMAIL.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = _EMAIL.get("EMAIL_FILE_PATH") or None
EMAIL_TIMEOUT = environment.whole_number("EMAIL_TIMEOUT", 20, least=1)  # seconds
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"nhac-viec@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCE_ADDRESS = environment.bounce_address()

CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SOFT_TIME_LIMIT = 600  # seconds; well under Redis's visibility timeout of 3600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY = CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives a broker that is away for a night
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
# Mail has a queue of its own: a thousand files to read do not stand before it. A worker started
# without `-Q` serves both.
CELERY_TASK_QUEUES = (Queue("celery"), Queue("mail"))
CELERY_TASK_ROUTES = {
    "tracker.tasks.send_reminders": {"queue": "mail"},
    "tracker.tasks.send_notices": {"queue": "mail"},
}
CELERY_TIMEZONE = TIME_ZONE
_LOOK_EVERY = environment.whole_number("TRACKER_LOOK_EVERY", 900, least=1)  # seconds
# Beat says "look now" and no more. Expires: workers that were away for a week find one call, not hundreds.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "open-periods": {
        "task": "tracker.tasks.open_periods",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "send-reminders": {
        "task": "tracker.tasks.send_reminders",
        "schedule": float(_LOOK_EVERY),
        "options": {"expires": max(60.0, _LOOK_EVERY)},
    },
    "sweep-evidence": {
        "task": "tracker.tasks.sweep_evidence",
        "schedule": 86400.0,
        "options": {"expires": 86400.0},
    },
    "send-webhooks": {
        "task": "tracker.tasks.send_webhooks",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tracker.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "tracker.api.permissions.ScopeAllowsMethod",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "tracker.api.pagination.PagePagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is no parameter of ours
    "EXCEPTION_HANDLER": "tracker.api.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": environment.text("API_RATE", "600/minute")},
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Theo dõi nhiệm vụ",
    "DESCRIPTION": "Nhiệm vụ giao trong văn bản của cấp ủy: tra cứu, báo cáo, theo dõi.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",  # the installation's own copy: many offices reach no CDN
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AgencyKind": "tracker.agencies.enums.AgencyKind",
        "DocumentKind": "tracker.documents.enums.DocumentKind",
        "DocumentStatus": "tracker.documents.enums.DocumentStatus",
        "DutyScope": "tracker.documents.enums.DutyScope",
        "WorkState": "tracker.duties.enums.WorkState",
        "DeadlineState": "tracker.duties.enums.DeadlineState",
        "ExtensionStatus": "tracker.duties.enums.ExtensionStatus",
        "Result": "tracker.duties.enums.Result",
        "Precision": "tracker.duties.enums.Precision",
        "Recurrence": "tracker.duties.enums.Recurrence",
        "Door": "tracker.core.enums.Door",
        "OfficeRole": "tracker.api.serializers.people.OFFICE_ROLES",
        "BodyKind": "tracker.api.serializers.registry.BODY_KINDS",
        "PostRole": "tracker.agencies.enums.PostRole",
        "DeliveryState": "tracker.webhooks.enums.DeliveryState",
        "TokenScope": "tracker.core.enums.TokenScope",
        "ReminderLane": "tracker.reminders.enums.Lane",
        "ReminderState": "tracker.api.serializers.reminders.REMINDER_STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tracker.api.schema.add_problems",
    ],
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_tokens": {"()": "tracker.core.logs.WithoutTokens"},
        "in_one_line": {"()": "tracker.core.logs.InOneLine"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}
    },
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING").upper()},
    "loggers": {
        "tracker": {"level": environment.text("LOG_LEVEL", "INFO").upper()},
        # Without Django's own handlers: a mailed error report would carry a feed's whole address.
        "django": {"level": environment.text("LOG_LEVEL", "WARNING").upper()},
        # runserver's own handler would write feed tokens: its lines go through the console's filter.
        "django.server": {"level": "INFO", "handlers": ["console"], "propagate": False},
        # While the cache is away it says so several times for each request.
        "django_redis.cache": {"filters": ["in_one_line"]},
    },
}

# --- The tracker's own ---------------------------------------------------------------------------
TRACKER_TODAY = environment.day_or_none("TRACKER_TODAY")
TRACKER_DUE_SOON_DAYS = environment.whole_number("TRACKER_DUE_SOON_DAYS", 14, least=0)
TRACKER_PERIODS_AHEAD_DAYS = environment.whole_number("TRACKER_PERIODS_AHEAD_DAYS", 365, least=1)
TRACKER_ALLOW_SECRET = environment.flag("TRACKER_ALLOW_SECRET", default=False)
TRACKER_CALENDAR_DOMAIN = environment.text("TRACKER_CALENDAR_DOMAIN", str(urlsplit(SITE_URL).hostname))
TRACKER_FEED_FETCHES_PER_HOUR = environment.whole_number("TRACKER_FEED_FETCHES_PER_HOUR", 120, least=1)
TRACKER_EVIDENCE_TYPES = environment.choices(
    "TRACKER_EVIDENCE_TYPES", [name for name in FILE_TYPES if name != "webp"], known=FILE_TYPES
)
TRACKER_EVIDENCE_LARGEST_MB = environment.whole_number("TRACKER_EVIDENCE_LARGEST_MB", 20, least=1)
TRACKER_EVIDENCE_MOST_FILES = environment.whole_number("TRACKER_EVIDENCE_MOST_FILES", 10, least=1)  # at once
TRACKER_LATE_REASON_REQUIRED = environment.flag("TRACKER_LATE_REASON_REQUIRED", default=False)
CLAMD_URL = environment.scanner_url()  # empty: files are not scanned
CLAMD_TIMEOUT = environment.whole_number("CLAMD_TIMEOUT", 30, least=1)  # seconds
TRACKER_MAIL_LINK_DAYS = environment.whole_number("TRACKER_MAIL_LINK_DAYS", 14, least=1)
# Who signs the quarterly report: the committee above, its office, and the place in the day's line.
TRACKER_REPORT_COMMITTEE = environment.text("TRACKER_REPORT_COMMITTEE", "Tỉnh ủy")
TRACKER_REPORT_OFFICE = environment.text("TRACKER_REPORT_OFFICE", "Văn phòng")
TRACKER_REPORT_PLACE = environment.text("TRACKER_REPORT_PLACE", "..........")
TRACKER_WEBHOOK_INNER_HOSTS = [host.lower() for host in environment.words("TRACKER_WEBHOOK_INNER_HOSTS", [])]
TRACKER_SEEDS = BASE_DIR / "seeds"

if not DEBUG and IS_HTTPS and not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured("SITE_URL là https (máy chủ thật): phải đặt SECRET_KEY.")
