"""What turned is looked for by the timetable each minute, and by a worker that works off what there is."""

from __future__ import annotations

from helhet.documents.jobs import check
from helhet.documents.models import Followed
from helhet.journal.models import Event
from helhet.kit.jobs.asking import is_under_way


def ask_for_checks() -> bool:
    """Ask for the job that raises doubts when something was saved that it has not looked at."""
    newest = Event.objects.order_by("-id").values_list("sequence", flat=True)[:1]
    known = Followed.objects.filter(id=1).values_list("sequence", flat=True).first() or 0
    is_behind = any(sequence is None or sequence > known for sequence in newest)
    if not is_behind or is_under_way(check.name):
        return False
    check.later(caller=None, unique="documents.check")
    return True
