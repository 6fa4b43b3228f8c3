"""All settings. They come from the environment alone; docs/settings.md describes each, and a test holds them equal."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from environs import Env

PACKAGE = Path(__file__).resolve().parent.parent

env = Env(eager=True)


def _secret(folder: Path) -> str:
    """The installation's secret key, made on first use and readable by its owner alone."""
    path = folder / "secret"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


DATA_DIR = Path(env.str("HELHET_DATA_DIR", str(Path.home() / ".local" / "share" / "helhet"))).expanduser().absolute()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("HELHET_DEBUG", False)
SECRET_KEY = env.str("HELHET_SECRET_KEY", "") or _secret(DATA_DIR)
BIND = env.str("HELHET_BIND", "127.0.0.1:8000")
WEB_WORKERS = env.int("HELHET_WEB_WORKERS", 2)
BASE_URL = env.str("HELHET_BASE_URL", "").rstrip("/")
ALLOWED_HOSTS = env.list("HELHET_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
if BASE_URL:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(BASE_URL).hostname or "localhost"]
SECURE = BASE_URL.startswith("https://")
TRUSTED_PROXIES: list[str] = env.list("HELHET_TRUSTED_PROXIES", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "helhet.kit",
    "helhet.journal",
    "helhet.accounts",
    "helhet.items",
    "helhet.groups",
    "helhet.estate",
    "helhet.responsibility",
    "helhet.suppliers",
    "helhet.documents",
    "helhet.routines",
    "helhet.changes",
    "helhet.handbook",
    "helhet.search",
    "helhet.home",
    "helhet.importers",
    "helhet.config",
]

MIDDLEWARE = [
    "helhet.kit.proxy.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "helhet.kit.api_errors.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helhet.kit.web.CallerMiddleware",
    "helhet.kit.web.RefusalMiddleware",
]

ROOT_URLCONF = "helhet.config.urls"
WSGI_APPLICATION = "helhet.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home:overview"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "helhet.kit.web.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "helhet.kit.templatetags.kit"],
        },
    }
]

DATABASE_URL = env.str("HELHET_DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": env.dj_db_url("HELHET_DATABASE_URL")}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "helhet.sqlite3")}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "helhet.kit.sqlite"
    # A new connection reads the scheme again and registers its functions: several milliseconds of each page.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;"
            "PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
        ),
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = env.str("HELHET_LANGUAGE", "sv")
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "helhet_language"
TIME_ZONE = env.str("HELHET_TIME_ZONE", "Europe/Stockholm")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("HELHET_STATIC_DIR", str(DATA_DIR / "static")))
# Maps of sources are large, and only the tools for developers ask for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "jpg", "jpeg", "gif", "webp", "woff", "woff2", "gz", "br", "map")
FILES_DIR = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES_DIR)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_URL = env.str("HELHET_EMAIL_URL", "")
if EMAIL_URL:
    globals().update(env.dj_email_url("HELHET_EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("HELHET_MAIL_FROM", "helhet@localhost")

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Read only from trusted proxies: ProxyMiddleware takes it from all others.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "helhet_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "helhet_csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_LIMIT = env.int("HELHET_UPLOAD_LIMIT", 200 * 1024 * 1024)
FILES_PER_DAY = env.int("HELHET_FILES_PER_DAY", 1024 * 1024 * 1024)
BUNDLE_DIRS: list[str] = env.list("HELHET_BUNDLE_DIRS", [])
KEEP_IMPORTS = env.int("HELHET_KEEP_IMPORTS", 30)

# Everything goes to standard error, where whoever runs the service keeps its words.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF, NONCE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
