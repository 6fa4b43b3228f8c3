"""Kept files of imports that are over are cleared away after some days."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.importers import keeping
from helhet.importers.models import Run, RunState
from helhet.kit.jobs import JobContext, job

NEEDED = (RunState.APPLYING, RunState.PLANNING)
"""While a run is in these states its file may be read again at any time."""
DAY = 86_400
LOCK = ".lock"


@job(name="importers.tidy", title=gettext_lazy("Clear away files of old imports"))
def tidy_job(context: JobContext) -> int:
    """Remove kept files of runs that ended, or were left untouched, longer ago than the setting's days."""
    limit = timezone.now() - timedelta(days=settings.KEEP_IMPORTS)
    count = 0
    for run in _old(limit):
        context.check()
        keeping.drop(run.stored)
        run.stored = ""
        if run.state in {RunState.UPLOADED, RunState.PLANNED}:
            run.state = RunState.REFUSED
            run.message, run.todo = (
                _("It was never applied, and its file is cleared away."),
                _("Upload the file again."),
            )
        run.save(update_fields=["stored", "state", "message", "todo"])
        count += 1
    return count + _drop_strays()


def _old(limit: datetime) -> Iterator[Run]:
    rows = Run.objects.exclude(stored="").exclude(state__in=NEEDED)
    yield from rows.annotate(over_at=Coalesce("finished_at", "created_at")).filter(over_at__lt=limit)


def _drop_strays() -> int:
    """Files that no run knows, left by a process that died between keeping and telling."""
    known = set(Run.objects.exclude(stored="").values_list("stored", flat=True))
    oldest = time.time() - settings.KEEP_IMPORTS * DAY
    strays = [path for path in keeping.folder().iterdir() if path.name not in known and _is_stray(path, oldest)]
    for path in strays:
        keeping.drop(path.name)
    return len(strays)


def _is_stray(path: Path, oldest: float) -> bool:
    return path.suffix != LOCK and path.stat().st_mtime < oldest
