"""Fixtures and rules for all tests, those in the rooms as well as those in `tests/`."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import translation
from hypothesis import HealthCheck, settings

from helhet.kit import scratch, words

ROOT = Path(__file__).resolve().parent
LOOPBACK = ("127.", "::1", "localhost")

# Slow machines shared by many must not turn red; the same examples each time make a red test red again.
settings.register_profile("helhet", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("helhet")


def pytest_collection_finish() -> None:
    """What has been loaded stays: Python need not look through it for unreachable circles again and again, which took a
    tenth of the time. They are still looked for, but seldom among what is old.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000, 10, 50)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data, which is not part of the repository; tests that use it are skipped without it."""
    folder = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the real data: {folder / 'data'} is not there (HELHET_SHARED names another folder)")
    return folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty store on SQLite, made once by the command; only to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELHET_")}
    env = {**kept, "HELHET_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "helhet.config.settings"}
    command = [sys.executable, "-m", "helhet.config.cli", "migrate"]
    subprocess.run(command, env=env, cwd="/", check=True, capture_output=True)  # noqa: S603 - our own command
    with contextlib.closing(sqlite3.connect(folder / "helhet.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may write to, for processes that know nothing of the database of the tests."""
    return shutil.copytree(migrated, tmp_path / "store")


@pytest.fixture(autouse=True)
def _words_of_the_product() -> Iterator[None]:
    """What one test calls a group, the next does not: the words are kept in the process."""
    yield
    words._local_names = words._LocalNames()


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What one test counted, the next does not: where a test is rolled back, the next one's events have its numbers."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A page that a client fetched leaves its language behind in the process; the next test begins without."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _no_outside_calls() -> Iterator[None]:
    """No test may call another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to call {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let tests that commit empty the tables afterwards: on SQLite that is a DELETE, which the journal refuses."""
    del django_db_setup
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS journal_event_kept")
        connection.close()
    connection_created.connect(_make_scratch_tables)
    yield
    connection_created.disconnect(_make_scratch_tables)


def _make_scratch_tables(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Once for each connection, not in each test's transaction. On SQLite they would there let it forget the whole
    scheme and every statement at each point that is gone back to, and tests go back thousands of times.
    """
    with connection.cursor() as cursor:
        for table in scratch.ALL:
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table.name} ({table.columns})")
