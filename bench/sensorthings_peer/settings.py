"""Settings of django-ogc-sensorthings as its documentation tells, with its own Django backend and the data array.

It stands on the same PostgreSQL; a pool keeps its connections, as Django advises for ASGI. Debugging is off, there is
no middleware, and nobody is asked for a key.
"""

from typing import Any
from uuid import UUID

from anlan.config.settings import DATABASES as OURS

_OURS: dict[str, Any] = dict(OURS["default"])

SECRET_KEY = "only-for-benches-only-for-benches-only-for-benches"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "sensorthings.versions.v1_1",
    "sensorthings.versions.v1_1.backends.django",
    "sensorthings.versions.v1_1.extensions.dataarray",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.sensorthings_peer.urls"
DATABASES = {
    "default": {
        **_OURS,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {**_OURS["OPTIONS"], "pool": True},
    }
}
USE_TZ = True
TIME_ZONE = "UTC"

SENSORTHINGS_V1_1_SERVICE_URL = "http://127.0.0.1/sensorthings"
SENSORTHINGS_V1_1_BACKEND_ADAPTER = "sensorthings.versions.v1_1.backends.django.adapter.DjangoBackendAdapter"
SENSORTHINGS_V1_1_ID_TYPE = UUID
SENSORTHINGS_V1_1_ID_DELIMITER = "'"
