"""`helhet check`: whether settings, database and storage are sound, in plain words."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.utils import timezone

from helhet.config.environment import unknown
from helhet.config.store import ahead, pending, require_reachable
from helhet.handbook.bundle.renewing import standings, with_documents
from helhet.journal.models import Event
from helhet.journal.sealing import head_of_chain, verify
from helhet.kit.command import DONE, FAILED, Output

OLDEST_POSTGRESQL = 150_000
NEWEST_EVENTS = 100_000
WARN_FREE, STOP_FREE = 0.20, 0.10
MEBIBYTE = 1024 * 1024


class State(StrEnum):
    """How a matter stands: WARNING leaves the exit code alone."""

    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter looked at; `todo` is empty where nothing is to be done."""

    name: str
    state: State
    text: str
    todo: str = ""


class CheckCommand:
    """`helhet check`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How much of the history."""
        told = f"walk the whole history, not its newest {NEWEST_EVENTS:,} events alone"
        parser.add_argument("--whole", action="store_true", help=told)

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Tell all findings; 1 when something is wrong, 0 otherwise, warnings included."""
        findings = [finding for look in LOOKS for finding in look()]
        findings += look_at_history(None if args.whole else NEWEST_EVENTS)
        wrong = any(finding.state is State.WRONG for finding in findings)
        marks = {State.GOOD: "ok     ", State.WARNING: "warning", State.WRONG: "WRONG  "}
        for finding in findings:
            out.line(f"{marks[finding.state]}  {finding.name}: {finding.text}")
            if finding.todo:
                out.line(f"         {finding.todo}")
        out.json({"sound": not wrong, "findings": [asdict(finding) for finding in findings]})
        return FAILED if wrong else DONE


def look_at_settings() -> Iterator[Finding]:
    """What Django's own checks say, and misspelt variables."""
    for name in unknown():
        yield Finding("settings", State.WARNING, f"{name} is read by nothing.", "Is it misspelt? See docs/settings.md.")
    for message in run_checks():
        state = State.WRONG if message.is_serious() else State.WARNING
        yield Finding("settings", state, message.msg, message.hint or "")
    if settings.DEBUG:
        todo = "Unset HELHET_DEBUG, unless this is for development."
        yield Finding("settings", State.WARNING, "debugging is on: errors show their inside to everyone.", todo)
    host = settings.BIND.rpartition(":")[0].strip("[]")
    if host not in {"127.0.0.1", "localhost", "::1"} and not settings.SECURE:
        text = f"served at {settings.BIND} without an https address: passwords may travel in clear text."
        yield Finding("settings", State.WARNING, text, "Set HELHET_BASE_URL to the https address that people use.")
    if settings.SECURE and not settings.TRUSTED_PROXIES:
        text = "no proxy is trusted: for the brake on guessing passwords, all requests come from one address."
        todo = "Set HELHET_TRUSTED_PROXIES to the address of the proxy; see docs/settings.md."
        yield Finding("settings", State.WARNING, text, todo)
    yield Finding("settings", State.GOOD, f"served at {settings.BIND}, time zone {settings.TIME_ZONE}")


def look_at_data_folder() -> Iterator[Finding]:
    """Writable, private, and with room."""
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"helhet")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield Finding(
            "data folder", State.WRONG, f"{folder} cannot be written: {error.strerror}.", "Set HELHET_DATA_DIR."
        )
        return
    usage = shutil.disk_usage(folder)
    free, told = usage.free / usage.total, f"{usage.free // MEBIBYTE} MiB free"
    if free < STOP_FREE:
        yield Finding("data folder", State.WRONG, f"{folder} is nearly full: {told}.", "Make room; imports may fail.")
    elif free < WARN_FREE:
        yield Finding("data folder", State.WARNING, f"{folder} is filling up: {told}.", "Make room in time.")
    else:
        yield Finding("data folder", State.GOOD, f"{folder} can be written, {told}")
    yield from _look_at_secret(folder / "secret")


def _look_at_secret(path: Path) -> Iterator[Finding]:
    if os.environ.get("HELHET_SECRET_KEY"):
        yield Finding("secret", State.GOOD, "taken from HELHET_SECRET_KEY")
    elif not path.is_file():
        yield Finding("secret", State.WRONG, f"{path} is missing.", "The next start makes one; everyone signs in anew.")
    elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("secret", State.WRONG, f"others than its owner may read {path}.", f"chmod 600 {path}")
    else:
        yield Finding("secret", State.GOOD, f"{path} is readable by its owner alone")


def look_at_database() -> Iterator[Finding]:
    """Within reach, with settings that keep what was saved, and up to date."""
    try:
        require_reachable()
        connection.ensure_connection()
        yield from _look_at_sqlite() if connection.vendor == "sqlite" else _look_at_postgresql()
        newer, waiting = ahead(), pending()
    except DatabaseError as error:
        text = f"not within reach: {' '.join(str(error).split())}"
        yield Finding("database", State.WRONG, text, "Is it running, and is HELHET_DATABASE_URL right?")
        return
    if newer:
        todo = "Install the version that made it, or a later one."
        yield Finding("database", State.WRONG, f"made by a newer Helhet (it has {newer[-1]}).", todo)
    elif waiting:
        text = f"{len(waiting)} migrations are not done yet."
        yield Finding("database", State.WARNING, text, "The next start does them, or:  helhet migrate")
    else:
        yield Finding("database", State.GOOD, "up to date")


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
    return str(row[0]).lower() if row else ""


def _look_at_sqlite() -> Iterator[Finding]:
    yield Finding("database", State.GOOD, f"SQLite {sqlite3.sqlite_version} at {connection.settings_dict['NAME']}")
    wanted = {"journal_mode": ("wal", "wal"), "synchronous": ("2", "FULL"), "foreign_keys": ("1", "on")}
    for name, (value, told) in wanted.items():
        found = _pragma(name)
        if found == value:
            yield Finding("database", State.GOOD, f"{name} is {told}")
        else:
            text = f"{name} is {found}, not {told}: what was saved may be lost when the power fails."
            yield Finding("database", State.WRONG, text, "The data folder must be on a local disk of this machine.")
    found = _pragma("quick_check(1)")
    if found != "ok":
        yield Finding("database", State.WRONG, f"the file is damaged: {found}.", "Stop Helhet and restore a backup.")


def _look_at_postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_POSTGRESQL_WANTED)])
        found = dict(cursor.fetchall())
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
    if number < OLDEST_POSTGRESQL:
        yield Finding("database", State.WRONG, f"PostgreSQL {version} is too old.", "Version 15 or later is needed.")
    else:
        yield Finding("database", State.GOOD, f"PostgreSQL {version}")
    for name, (value, state, why) in _POSTGRESQL_WANTED.items():
        if found.get(name) == value:
            yield Finding("database", State.GOOD, f"{name} is {value}")
        else:
            text = f"{name} is {found.get(name)}, not {value}: {why}"
            yield Finding("database", state, text, f"Set {name} = {value} in postgresql.conf.")


_POSTGRESQL_WANTED = {
    "fsync": ("on", State.WRONG, "what was saved may be lost when the power fails."),
    "full_page_writes": ("on", State.WRONG, "a power failure may damage the database."),
    "synchronous_commit": ("on", State.WRONG, "what was saved last may be lost when the power fails."),
    "data_checksums": ("on", State.WARNING, "damage on the disk goes unnoticed."),
    "server_encoding": ("UTF8", State.WRONG, "names with Swedish letters cannot be kept."),
}


def look_at_pages() -> Iterator[Finding]:
    """Whether the built front end is inside."""
    built = Path(__file__).resolve().parent.parent / "kit" / "static" / "built" / "manifest.json"
    if built.is_file():
        yield Finding("pages", State.GOOD, "styles, scripts and pictures are built")
    else:
        yield Finding("pages", State.WRONG, "styles, scripts and pictures are not built.", "bin/setup builds them.")


def look_at_mail() -> Iterator[Finding]:
    """Whether mail leaves the machine. Nothing is sent, and no mail server is asked."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        todo = "Set HELHET_EMAIL_URL to send it."
        yield Finding("mail", State.GOOD, "written to the console, not sent", todo)
    else:
        yield Finding(
            "mail", State.GOOD, f"sent through {getattr(settings, 'EMAIL_HOST', '') or settings.EMAIL_BACKEND}"
        )


def look_at_history(newest: int | None) -> Iterator[Finding]:
    """Whether the journal's events are as they were sealed; with `newest` only so many of the latest."""
    begun = time.monotonic()
    try:
        require_reachable()
        if ahead() or pending():
            return
        count = head_of_chain()[0]
        fault = verify(newest)
        waiting = Event.objects.filter(sequence__isnull=True).count()
    except DatabaseError:
        return  # look_at_database has told it
    took = f"{time.monotonic() - begun:.1f} s; {waiting:,} wait for their seal"
    if fault is not None:
        place = f"event {fault.sequence}" + (f" (number {fault.event_id})" if fault.event_id else "")
        text = f"the chain of seals is broken at {place}: {_BROKEN[fault.what]}"
        yield Finding("history", State.WRONG, text, _BROKEN_TODO)
    elif newest is not None and count > newest:
        text = f"the newest {newest:,} of {count:,} sealed events are as they were written, walked in {took}"
        yield Finding("history", State.GOOD, text, "helhet check --whole walks them all.")
    else:
        yield Finding("history", State.GOOD, f"all {count:,} sealed events are as they were written, walked in {took}")


def look_at_copies() -> Iterator[Finding]:
    """Whether what is published is in the offline copies, and stands at every place."""
    try:
        require_reachable()
        found = standings(with_documents())
    except DatabaseError:
        return  # look_at_database has told it
    for one in found:
        key, newest = one.audience.key, one.newest
        for place in one.faults:
            text = f"the copy for {key} was not put into {place['folder']}: {place['fault']}"
            yield Finding("offline copies", State.WARNING, text, "See docs/offline.md.")
        if newest is None or one.is_late:
            text = f"{len(one.waiting)} published documents for {key} are in no offline copy"
            yield Finding("offline copies", State.WARNING, text, "Does a worker run? helhet worker makes them.")
        else:
            text = f"number {newest.number} for {key} was made {timezone.localtime(newest.made_at):%Y-%m-%d %H:%M}"
            yield Finding("offline copies", State.GOOD, text)


_BROKEN = {
    "missing": "it is missing.",
    "details": "who, what or why has been altered since.",
    "facts": "when, to what or its place has been altered since.",
    "head": "the end of the chain does not fit the events: some are missing, or its end was altered.",
}
_BROKEN_TODO = "Helhet does not do this. Keep a copy of the database as evidence, and compare with a backup."

LOOKS: Sequence[Callable[[], Iterator[Finding]]] = (
    look_at_settings,
    look_at_data_folder,
    look_at_database,
    look_at_pages,
    look_at_mail,
    look_at_copies,
)
