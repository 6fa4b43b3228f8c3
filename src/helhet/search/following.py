"""The index follows what is saved within seconds: workers look whether it is behind, so saving costs nothing more."""

from __future__ import annotations

from helhet.journal.models import Event
from helhet.kit.jobs.asking import is_under_way
from helhet.kit.jobs.clock import database_now
from helhet.search.indexing import reached
from helhet.search.jobs import index

LOOKED_AT = 50


def ask_if_behind() -> bool:
    """Ask for the indexing job when something was saved that the index lacks and no such job is under way.

    Called by every worker once a second: two small reads. What an import writes is left to the batch's last event, and
    to the timetable: indexing beside an import would slow it.
    """
    if not _is_behind() or is_under_way(index.name):
        return False
    index.later(caller=None, unique="search.index", due_at=database_now())
    return True


def _is_behind() -> bool:
    known = reached().sequence
    newest = Event.objects.order_by("-id").values_list("sequence", "batch_id", "verb")[:LOOKED_AT]
    return any(
        (sequence or known + 1) > known and (not batch or verb.startswith("journal.batch."))
        for sequence, batch, verb in newest
    )
