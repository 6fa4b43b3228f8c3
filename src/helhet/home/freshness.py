"""How fresh the facts are."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.items.models import Source
from helhet.kit.spoken import ago


def fetched() -> tuple[dt.datetime | None, int]:
    """(when facts were fetched last, from how many sources)."""
    times = [at for at in Source.objects.values_list("last_at", flat=True) if at is not None]
    return max(times, default=None), len(times)


def freshness(last: dt.datetime | None, count: int) -> str:
    """`Facts fetched 2 hours ago from 2 sources`, of what `fetched` tells; empty without sources."""
    if last is None:
        return ""
    sources = ngettext("%(count)d source", "%(count)d sources", count) % {"count": count}
    return _("Facts fetched %(when)s from %(sources)s") % {"when": ago(last), "sources": sources}
