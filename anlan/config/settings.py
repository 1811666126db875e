"""Django's settings for every deployment; what differs is read from the environment."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from anlan.config.environment import ROOT, read, read_flag

BASE_DIR = ROOT
DEBUG = read_flag("ANLAN_DEBUG")
# An empty key is refused by Django itself when the site starts; commands without a database need none.
SECRET_KEY = read("ANLAN_SECRET_KEY") or "no-secret-key-set"
FIELD_KEY = read("ANLAN_FIELD_KEY")
ALLOWED_HOSTS = read("ANLAN_ALLOWED_HOSTS").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "django_htmx",
    "template_partials",
    "axes",
    "procrastinate.contrib.django",
    "anlan.config",
    "anlan.ground",
    "anlan.web",
    "anlan.accounts",
    "anlan.records",
    "anlan.places",
    "anlan.worklists",
    "anlan.stores",
    "anlan.telemetry",
    "anlan.funds",
    "anlan.assessment",
    "anlan.allocation",
    "anlan.onemap",
    "anlan.demo",
]

MIDDLEWARE = [
    "anlan.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "anlan.web.middleware.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anlan.web.quick.QuickMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "anlan.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anlan.web.middleware.IdleMiddleware",
    "anlan.accounts.middleware.FirstPasswordMiddleware",
    "anlan.accounts.middleware.ModuleMiddleware",
    "anlan.accounts.middleware.LanguageMiddleware",
    "anlan.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "anlan.config.urls"
WSGI_APPLICATION = "anlan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "anlan.web.context.shell",
            ],
            "builtins": ["anlan.web.templatetags.shown", "anlan.web.templatetags.shell"],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": read("ANLAN_DATABASE_NAME") or parts.path.lstrip("/") or "anlan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Plans with compiled code or parallel workers begin later than a page or a tile takes. Only what goes by
        # `ground.statements` is prepared at all: Django's own cursors put their parameters into the statement.
        "OPTIONS": {"options": "-c jit=off -c max_parallel_workers_per_gather=0", "prepare_threshold": 1},
    }


DATABASES = {"default": _database(read("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anlan.accounts.passwords.ThreeClassesValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
QUICK_PASS_S = 5.0  # for which whoever got a tile is not asked who they are for the next
TILE_STAMP_S = 1.0  # for which the stamp of a layer of tiles is taken for new
IDLE_MINUTES = int(read("ANLAN_IDLE_MINUTES"))
PROXIES = int(read("ANLAN_PROXIES"))
LIVE_PORT = int(read("ANLAN_LIVE_PORT") or 0)  # 0: pages find the live stream at their own address
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_CLIENT_IP_CALLABLE = "anlan.accounts.addresses.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying again does not lengthen the wait
AXES_VERBOSE = False

MQTT = {name: read(f"ANLAN_MQTT_{name}") for name in ("URL", "VERSION", "CA", "CERT", "KEY", "INSECURE", "ACCOUNTS")}

SL651_CLOCK_S = float(read("ANLAN_SL651_CLOCK_S")) or None  # None: clocks are never set

READINGS_KEPT_MONTHS = int(read("ANLAN_READINGS_KEPT_MONTHS"))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "anlan_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
MEDIA_ROOT = Path(read("ANLAN_FILES"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
TIANDITU_KEY = read("ANLAN_TIANDITU_KEY")
PMTILES = read("ANLAN_PMTILES")

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = read_flag("ANLAN_HTTPS")
SESSION_COOKIE_NAME = "anlan_session"
CSRF_COOKIE_SECURE = read_flag("ANLAN_HTTPS")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "anlan.web.views.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "anlan.ground.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": read("ANLAN_LOG_LEVEL")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
PROCRASTINATE_ON_APP_READY = "anlan.ground.events.ready"
NINJA_PAGINATION_PER_PAGE = 100
NINJA_PAGINATION_MAX_LIMIT = 1000
TEST_RUNNER = "django.test.runner.DiscoverRunner"
# axes.W003: our own view locks. gis.W001: shapes come from checked GeoJSON, never from files that GDAL opens.
# models.W045: actions check before they write, and the database refuses; full_clean() is never asked.
SILENCED_SYSTEM_CHECKS = ["axes.W003", "gis.W001", "models.W045"]
