"""The product's settings; styles come straight from their folders, since no page is drawn in a browser here."""

import os

from helhet.config.settings import *  # noqa: F403 - all of them
from helhet.config.settings import DATABASES, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
ROOT_URLCONF = "bench.urls"
if "BENCH_SERVED" not in os.environ:
    # A database that is copied as a template may have no other connections, which a pool would keep.
    DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
