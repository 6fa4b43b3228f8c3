"""Prints that are too large to be made while somebody waits: made by a job, kept for a day, and given to those who may
read what is in them when they fetch it.

A kept file is called by all that it says: by which editions it has, with which warnings, on which day. Whoever may read
other parts, or asks when something was published since, meets another name.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.printing.making import FORMS, File, Wanted, print_file, wanted
from helhet.handbook.printing.printed import group_of, warnings_of
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller

AT_ONCE = 200_000
"""Characters that are set while somebody waits: about a hundred pages, for which a second was measured."""
LIFE = dt.timedelta(hours=24)


def ready(one: Wanted, caller: Caller) -> File | None:
    """The print, made now or kept; None for a large one that nobody has asked for, or that is not made yet."""
    with contextlib.suppress(FileNotFoundError):
        return File(one.file_name, FORMS[one.form][0], _place(one).read_bytes())
    return print_file(one, caller) if one.size <= AT_ONCE else None


def ask(one: Wanted, caller: Caller) -> Job:
    """Ask for it to be made; who asks again while it is made gets the same job."""
    caller.require(HandbookPermission.PRINT_MAKE)
    return asked(one, caller) or make_print.later(
        caller=caller, unique=_unique(one), title=one.file_name, reference=one.item.reference, name=one.name,
        form=one.form, language=one.language,
    )  # fmt: skip


def asked(one: Wanted, caller: Caller) -> Job | None:
    """The job that makes it for this caller, while it waits or runs."""
    mine = Job.objects.open().filter(name=make_print.name, unique_key=_unique(one), caller_id=caller.user_id)
    return mine.order_by("pk").first()


@job(name="handbook.print", title=gettext_lazy("Make a print"), max_tries=2, lease=600)
def make_print(context: JobContext, reference: str, name: str, form: str, language: str) -> dict[str, int | str]:
    """Make it with the rights that the asker has now, and keep it."""
    with translation.override(language):
        one = wanted(reference, name, form, context.caller)
        path = _place(one)
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = path.with_name(f".{secrets.token_hex(6)}")
            try:
                aside.write_bytes(print_file(one, context.caller).content)
                aside.rename(path)
            finally:
                aside.unlink(missing_ok=True)
        size = path.stat().st_size
    return {"url": reverse("handbook:printed", args=[reference, name, form]), "bytes": size}


@job(name="handbook.tidy_prints", title=gettext_lazy("Clear away old prints"))
def tidy_prints(context: JobContext) -> int:
    """Remove the prints that were made more than a day ago."""
    context.check()
    old = [path for path in _folder().glob("*") if _age(path) >= LIFE.total_seconds()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "prints"


def _place(one: Wanted) -> Path:
    return _folder() / f"{_key(one)}.{one.form}"


def _unique(one: Wanted) -> str:
    return f"handbook.print:{_key(one)}.{one.form}"


def _key(one: Wanted) -> str:
    today = timezone.localdate()
    with translation.override(one.language):
        told = [
            [row.pk, row.published_id, row.reviewed_on, row.due_on, row.valid_to, warnings_of(row, today)]
            for row in one.documents
        ]
    facts = [one.name, one.language, one.item.pk, one.item.name, group_of(one.item), today, told]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()
