"""Lets the database learn what its tables hold, which tells it by which index to go."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from helhet.kit.engines import engine
from helhet.kit.jobs.context import JobContext
from helhet.kit.jobs.define import job


@job(name="kit.learn_tables", title=gettext_lazy("Let the database learn what its tables hold"))
def learn_tables(_context: JobContext) -> None:
    """SQLite never does so by itself, and goes through whole tables that have grown since it was last asked."""
    engine().refresh_statistics()
