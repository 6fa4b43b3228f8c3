"""How fresh the facts are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.items.models import Source
from helhet.kit.spoken import ago


def freshness() -> str:
    """`Facts fetched 2 hours ago from 2 sources`; empty without sources."""
    fetched = [at for at in Source.objects.values_list("last_at", flat=True) if at is not None]
    if not fetched:
        return ""
    sources = ngettext("%(count)d source", "%(count)d sources", len(fetched)) % {"count": len(fetched)}
    return _("Facts fetched %(when)s from %(sources)s") % {"when": ago(max(fetched)), "sources": sources}
