"""Settings of Servanda. What an operator may change is read from the environment (`environment.py`)."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from servanda import environment
from servanda.account_settings import *  # noqa: F403 -- what accounts and log-in need, kept in a file of its own

ROOT = environment.ROOT
DATA_DIR = environment.data_dir()
MODE = environment.read("SERVANDA_MODE")
if MODE not in {"production", "demo", "development"}:
    raise ImproperlyConfigured(f"SERVANDA_MODE is {MODE!r}; it must be production, demo or development.")
DEBUG = MODE == "development"
SECRET_KEY = environment.secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = environment.read("SERVANDA_OLD_SECRET_KEYS").split()
ANCHOR_FILE = environment.anchor_file(DATA_DIR)

ALLOWED_HOSTS = environment.read_list("SERVANDA_HOSTS")
ORIGIN, PEERS_INSIDE = environment.read("SERVANDA_ORIGIN"), environment.read_list("SERVANDA_PEERS_INSIDE")
BEHIND_TLS = ORIGIN.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_TLS)  # whom to believe about the address of a browser
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# A browser takes a cookie of this prefix from this host only, and gives it to no other.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, BROWSER_COOKIE_NAME = (
    f"{'__Host-' if BEHIND_TLS else ''}{name}" for name in ("sessionid", "csrftoken", "servanda_browser")
)
SESSION_ENGINE = "servanda.people.requests.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF, *environment.places_of_forms()],
    "frame-ancestors": [CSP.NONE],
}

ROOMS = [
    "trail",
    "jobs",
    "people",
    "intake",
    "vocab",
    "sources",
    "recommendations",
    "planning",
    "progress",
    "proceedings",
    "reporting",
    "network",
    "api",
    "desk",
    "portal",
    "exchange",
    "demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "simple_history",
    "django_tasks_db",
    "servanda.kit",
    *[f"servanda.{room}" for room in ROOMS],
]
MIDDLEWARE = [
    "servanda.kit.server.request_id.give_request_id",
    # Outside of all that may answer by itself, so that redirects and refusals carry the same headers.
    "servanda.kit.server.middleware.set_security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "servanda.kit.server.compression.Compression",
    "servanda.kit.server.middleware.no_store_when_signed_in",
    # Before whatever may refuse: the page that says why is in the language of the reader.
    "django.middleware.locale.LocaleMiddleware",
    "servanda.kit.server.refused_requests.answer_refused",
    "servanda.kit.server.middleware.refuse_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "servanda.kit.server.full_disk.remove_orphans",
    "servanda.kit.pages.text_language.follow_choice",
    "servanda.people.instance.context.read_instance_once",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "servanda.people.requests.idle_sessions.end_idle_sessions",
    # Before anything reads a form, and after the person is known: some may send more than others.
    "servanda.kit.server.body_limits.bound_bodies",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "servanda.people.second_factor.middleware.require",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "servanda.urls"
WSGI_APPLICATION = "servanda.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "servanda" / "templates"],
        "OPTIONS": {
            "loaders": ["servanda.kit.pages.template_loaders.Loader"],
            "builtins": ["servanda.kit.templatetags.form_keys"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servanda.kit.pages.theme.theme_of",
                "servanda.people.instance.context.instance",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {
    "default": {
        "BACKEND": "servanda.kit.server.full_disk.Cache",
        "LOCATION": DATA_DIR / "cache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

MAILERS = {"default": environment.mailer(DATA_DIR)}
DEFAULT_FROM_EMAIL = environment.read("SERVANDA_MAIL_FROM")

# As the pages call them; a further language is called what Django calls it.
ALL_LANGUAGES = {
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "pt": _("Portuguese"),
    "ar": _("Arabic"),
}
LANGUAGES = [
    (code, ALL_LANGUAGES[code] if code in ALL_LANGUAGES else LANG_INFO[code]["name"])
    for code in environment.read_list("SERVANDA_LANGUAGES")
]
LANGUAGE_CODE = "en"
FORM_RENDERER = "servanda.kit.pages.form_errors.FormRenderer"
FORMAT_MODULE_PATH = "servanda.kit.formats"
LOCALE_PATHS = [ROOT / "servanda" / "locale"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True  # where a machine reads a number, templates say stringformat
TIME_ZONE = "UTC"

STATIC_URL, STATIC_ROOT = "static/", DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "servanda" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "servanda.kit.server.full_disk.Storage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "servanda.kit.server.static_files.Storage"},
}
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
Path(FILE_UPLOAD_TEMP_DIR).mkdir(exist_ok=True)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
EVIDENCE_MB, EVIDENCE_QUOTA_MB, CLAMD = environment.evidence()
ENCODER_URL, ENCODER_MODEL, ENCODER_KEY = environment.encoder()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_keys": {"()": "servanda.people.requests.log_filter.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": dict.fromkeys(["django.request", "django.security.csrf"], {"filters": ["without_keys"]}),
    "root": {"handlers": ["console"], "level": "INFO"},
}
