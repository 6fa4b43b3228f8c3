"""The jobs of this room."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.home.demo.make import make_demo
from helhet.home.figures import keep
from helhet.home.models import Kept
from helhet.journal.lately import last_event
from helhet.kit.jobs import JobContext, job


@job(name="home.count", title=_("Count coverage for the overview"), max_tries=2)
def count_for_pages(context: JobContext) -> dict[str, int]:
    """The timetable's count: nothing is done while nothing has happened."""
    context.check()
    kept = Kept.objects.first()
    if kept is None or kept.event_id != last_event() or kept.figures.get("on") != timezone.localdate().isoformat():
        kept = keep()
    return {"items": int(kept.figures["items"])}


@job(name="home.demo", title=_("Fill with the demonstration"), max_tries=3, lease=120)
def make_demonstration(context: JobContext) -> dict[str, int]:
    """Make the demonstration organisation; all of it or nothing."""
    made = make_demo(tell=context.progress)
    keep()
    return made
