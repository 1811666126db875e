"""Settings for tests: quick password hashing, files in a folder that goes away."""

import tempfile
from pathlib import Path

from anlan.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
FIELD_KEY = "00" * 32
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="anlan-files-"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
AXES_ENABLED = True
QUICK_PASS_S = TILE_STAMP_S = 0.0  # what a test changes shows at once
LIVE_PORT = 0
MQTT = dict.fromkeys(MQTT, "") | {"VERSION": "5"}  # noqa: F405  a test that speaks MQTT starts a broker of its own
TIANDITU_KEY = PMTILES = ""
