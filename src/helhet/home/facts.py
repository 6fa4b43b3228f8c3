"""Facts beside the pictures: how much is covered, how many groups live, and where the facts come from."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.models import Group, Task, TaskState
from helhet.home.figures import Figures
from helhet.home.links import address, items_url
from helhet.items.models import Source
from helhet.kit import spoken
from helhet.kit.rights import Caller
from helhet.responsibility.coverage import dead_groups
from helhet.responsibility.models import Rule

MOST_SOURCES = 4


def _link(url: str, text: str) -> Any:
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def facts(figures: Figures, groups: list[Group], caller: Caller) -> list[tuple[str, Any]]:
    """(term, value); values may be safe HTML."""
    counts = figures.coverage.all
    dead = dead_groups(figures.coverage.on)
    living = sum(group.pk not in dead for group in groups)
    rules = Rule.objects.visible_to(caller).count()
    tasks = Task.objects.visible_to(caller).filter(state=TaskState.OPEN).count()
    share = _link(items_url("coverage:living"), spoken.percent(counts.share))
    of_groups = _("%(living)s of %(all)s") % {"living": living, "all": len(groups)}
    found: list[tuple[str, Any]] = [
        (_("Coverage"), format_html(_("{share} of the items are under a living group"), share=share)),
        (
            _("Groups"),
            format_html(_("{groups} have a chair and answer"), groups=_link(address("groups:groups"), of_groups)),
        ),
        (
            _("Rules"),
            _link(
                address("responsibility:rules"),
                ngettext("%(n)s responsibility rule", "%(n)s responsibility rules", rules) % {"n": rules},
            ),
        ),
        (
            _("Tasks"),
            _link(address("groups:tasks"), ngettext("%(n)s open", "%(n)s open", tasks) % {"n": spoken.number(tasks)}),
        ),
    ]
    for source in Source.objects.filter(last_at__isnull=False).order_by("-last_at")[:MOST_SOURCES]:
        url = items_url(f'source:"{source.name}"')
        found.append((_("Source"), format_html("{}, {}", _link(url, source.name), spoken.ago(source.last_at))))
    return found
