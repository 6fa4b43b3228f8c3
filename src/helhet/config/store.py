"""Makes the database and the static files ready, under a lock: several starts at once do not disturb each other."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from helhet.kit.command import Output
from helhet.kit.errors import Clash

ANSWER_SECONDS = 5
# Any numbers will do that no other program on the same database server locks by.
LOCKS = {"setup": 7_435_834_001, "static": 7_435_834_002}


def require_reachable() -> None:
    """Try the database once, by a connection of its own: the pool would try again and again, and then say only that it
    got none. Raises OperationalError, which says why, within seconds.
    """
    if connection.vendor != "postgresql" or connection.connection is not None:
        return
    params = connection.get_connection_params()
    wanted = {name: value for name, value in params.items() if name not in {"pool", "context", "cursor_factory"}}
    try:
        psycopg.connect(**{"connect_timeout": ANSWER_SECONDS, **wanted}).close()
    except psycopg.Error as error:
        raise OperationalError(" ".join(str(error).split())) from error


def pending() -> list[str]:
    """The names of migrations that the database lacks, in order."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    return [f"{migration.app_label}.{migration.name}" for migration, _ in executor.migration_plan(targets)]


def ahead() -> list[str]:
    """Migrations that the database has and this program does not know: it was made by a newer one."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _ in loader.disk_migrations}
    known = set(loader.disk_migrations) | {old for new in loader.replacements.values() for old in new.replaces}
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known
    )


def make_all_ready(out: Output) -> None:
    """Database and static files, beside each other: the one computes, the other mostly compresses.

    Raises:
        Clash: the database was made by a newer program.

    """
    require_reachable()
    with ThreadPoolExecutor(max_workers=1) as beside:
        static = beside.submit(_collect_beside, out)
        make_ready(out)
        static.result()


def _collect_beside(out: Output) -> None:
    try:
        collect_static(out)
    finally:
        connection.close()


def make_ready(out: Output) -> bool:
    """Migrate when something is pending. Tells whether anything was done.

    Raises:
        Clash: the database was made by a newer program.

    """
    require_reachable()
    newer = ahead()
    if newer:
        raise Clash(
            f"The database was made by a newer Helhet (it has {newer[-1]}).",
            todo="Install that version or a later one, or restore a backup made by this one.",
        )
    if not pending():
        return False
    with _alone("setup"):
        waiting = pending()
        if not waiting:
            return False
        out.note(f"Preparing the database ({len(waiting)} steps) ...")
        call_command("migrate", interactive=False, verbosity=0)
    return True


def collect_static(out: Output) -> bool:
    """Copy styles, scripts and pictures to where they are served from, when any has changed. Tells whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".made-from"
    wanted = _static_digest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    with _alone("static"):
        out.note("Preparing styles, scripts and pictures ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted, encoding="ascii")
    return True


def _static_digest() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            digest.update(f"{name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\0".encode())
    return digest.hexdigest()


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Hold this lock of this host's data folder, and on PostgreSQL that of the database, which other hosts see."""
    with (settings.DATA_DIR / f"{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCKS[what]])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCKS[what]])
