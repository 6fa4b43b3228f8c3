"""Settings of the tests: those of the product, in a data folder of their own, made fast.

Only HELHET_DATABASE_URL is taken over from outside: it chooses between SQLite (unset) and PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="helhet-test-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("HELHET_")]:
    if _name not in {"HELHET_DATABASE_URL", "HELHET_SHARED"}:
        del os.environ[_name]
os.environ["HELHET_DATA_DIR"] = str(_FOLDER)

from helhet.config.settings import *  # noqa: E402, F403 - the folder must be known first
from helhet.config.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

# What is refused is logged, thousands of times, and mostly to an output that pytest has taken away meanwhile.
LOGGING = {**LOGGING, "handlers": {"stderr": {"class": "logging.NullHandler"}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Nothing of ours reads Django's own permissions: four in five of the rows that each test that commits brings back.
TEST_NON_SERIALIZED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    # A file, not memory: threads and processes then meet as they do in the product. A crash may lose it; nobody minds.
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
else:
    # Django's test runner drops and makes the database, which a pool's idle connections would forbid.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
