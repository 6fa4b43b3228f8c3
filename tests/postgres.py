"""A PostgreSQL of our own for the tests: made in a temporary folder, reached by a socket in it, gone in the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing in it outlives the tests, so it need not survive a power failure.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60"
PACKAGE = "postgresql"


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, the newest when there are several. Debian does not put them on the PATH."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _as_ordinary_user(command: list[str]) -> list[str]:
    """initdb refuses root; Debian's package comes with the user postgres."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", "postgres", "--", *command]


def _run(*command: str | Path) -> None:
    parts = _as_ordinary_user([str(part) for part in command])
    done = subprocess.run(parts, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(parts)}\n{done.stdout}{done.stderr}")


# Tests roll back what they write, of which autovacuum would gather that tables are empty: plans would then differ from
# run to run, and some would be absurd.
WITHOUT_AUTOVACUUM = "-c autovacuum=off"


@contextmanager
def cluster(more: str = "") -> Iterator[str]:
    """Start one with `more` settings, give its address for HELHET_DATABASE_URL, and stop it whatever happens.

    Raises:
        RuntimeError: it could not be made or started; the text holds what the programs said.

    """
    folder = binaries()
    if folder is None:
        raise RuntimeError("PostgreSQL's server is not installed. On Debian or Ubuntu:  apt-get install -y postgresql")
    place = Path(tempfile.mkdtemp(prefix="helhet-pg-", dir="/tmp"))
    data = place / "data"
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    try:
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        _run(folder / "initdb", "-D", data, "-U", user, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-sync")
        options = f"-k {place} -c listen_addresses='' {FAST} {more}"
        _run(folder / "pg_ctl", "-D", data, "-w", "-l", place / "log", "-o", options, "start")
        try:
            yield f"postgres://{user}@/helhet?host={place}"
        finally:
            _run(folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)
