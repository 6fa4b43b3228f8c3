"""What may be asked of an import: under which name, and as of which day."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.models import Source
from helhet.kit.errors import Invalid


def check_source_name(name: str) -> str:
    """A usable name of a source. Raises Invalid."""
    name = " ".join(name.split())
    if not name or len(name) > 60 or ":" in name:
        raise Invalid(
            _("A source needs a name of at most 60 characters, without a colon."),
            todo=_("Name the system that the file comes from, such as netbox."),
            field="source",
        )
    return name


def check_day(source: Source | None, on: dt.date | None) -> dt.date:
    """The day that an import states. Raises Invalid when it lies before the source's last, or ahead."""
    today = timezone.localdate()
    day = on or max(today, (source.last_on if source and source.last_on else today))
    if source is not None and source.last_on is not None and day < source.last_on:
        raise Invalid(
            _("%(source)s was last imported as of %(last)s, which is later than %(day)s.")
            % {"source": source.name, "last": source.last_on, "day": day},
            todo=_("State a day from %(last)s on.") % {"last": source.last_on},
            field="on",
        )
    if day > max(today, source.last_on if source and source.last_on else today):
        raise Invalid(
            _("The day %(day)s lies ahead.") % {"day": day}, todo=_("State today or a day before."), field="on"
        )
    return day
