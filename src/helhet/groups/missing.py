"""Where whoever looked for something that there is not tells a group so."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _


def missing_url(words: str) -> str:
    """The page of a new task whose title is that these words were looked for in vain; empty for none."""
    title = _("Missing: %(words)s") % {"words": words}
    return f"{reverse('groups:task_new')}?{urlencode({'title': title[:300]})}" if words else ""
