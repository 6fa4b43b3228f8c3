"""The jobs of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helhet.kit.jobs import JobContext, job
from helhet.search.indexing import index_all


@job(name="search.index", title=_("Bring the search up to date"), max_tries=5)
def index(context: JobContext) -> dict[str, int]:
    """The timetable's indexing; it takes up where it stopped."""
    return {"entries": index_all(context.progress)}
