"""Files kept for a run, and the lock that lets one import of a source work at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from helhet.items.models import Source
from helhet.kit.errors import Clash, Invalid

ADVISORY = 7_435_834
BLOCK = 1024 * 1024


def folder() -> Path:
    """Where imported files lie, outside what the web server shows."""
    path = Path(settings.FILES_DIR) / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(path: Path) -> str:
    """Copy a file or folder there under a random name; returns that name, relative to the folder.

    Raises Invalid for a folder that holds this one: it would be copied into itself without end.
    """
    token = secrets.token_urlsafe(18)
    target = folder() / token
    if path.is_dir() and target.resolve().is_relative_to(path.resolve()):
        raise Invalid(
            _("The folder holds the data folder of Helhet itself."), where=str(path),
            todo=_("Lay what is to be imported in a folder of its own."),
        )  # fmt: skip
    if path.is_dir():
        shutil.copytree(path, target, ignore=_passed_over)
    else:
        shutil.copyfile(path, target)
    return token


def _passed_over(parent: str, names: list[str]) -> set[str]:
    """What is never read, and so not kept: hidden files, links (one may lead round in a circle), pipes and the like."""
    paths = {name: Path(parent, name) for name in names}
    return {
        name for name, path in paths.items()
        if name.startswith(".") or path.is_symlink() or not (path.is_file() or path.is_dir())
    }  # fmt: skip


def new_place() -> tuple[str, Path]:
    """A random name that is free, and its path."""
    token = secrets.token_urlsafe(18)
    return token, folder() / token


def kept(token: str) -> Path:
    """The path of what was kept under this name."""
    return folder() / Path(token).name


def drop(token: str) -> None:
    """Remove what was kept."""
    if not token:
        return
    path = kept(token)
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Of a file's bytes, or of all files of a folder with their names; links are not followed."""
    digest = hashlib.sha256()
    files = [path]
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
    for one in files:
        if path.is_dir():
            digest.update(os.fsencode(one.relative_to(path)) + b"\0")
        with one.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()


@contextmanager
def alone(source: Source) -> Iterator[None]:
    """Hold the source for this process. The lock goes with the process, however that ends.

    Raises:
        Clash: another import or undo of the source is at work.

    """
    refusal = Clash(
        _("Another import of %(source)s is at work.") % {"source": source.name},
        todo=_("Wait until it is done, and start again."),
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [ADVISORY, source.pk])
            if not cursor.fetchone()[0]:
                raise refusal
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [ADVISORY, source.pk])
        return
    with (folder() / f"source-{source.pk}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise refusal from error
        yield
