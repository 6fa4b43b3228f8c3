"""Settings of a server that a walk starts and kills: those of the product, with styles and scripts as they lie."""

from helhet.config.settings import *  # noqa: F403 - all of them
from helhet.config.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
