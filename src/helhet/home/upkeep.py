"""What documents, operational tasks and alerts add to what must be looked at first."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.documents.listing import Asked, asked_for, condition_of
from helhet.documents.models import Document
from helhet.home.deviation import NAMED, Deviation, named
from helhet.home.scope import MINE, WHOLE
from helhet.kit import spoken
from helhet.kit.rights import Caller
from helhet.routines.day_list import ALL, GROUPS
from helhet.routines.models import Alert, OccurrenceState
from helhet.routines.operations import occurrences_for, of_groups


def upkeep(caller: Caller, scope: str, only: frozenset[int] | None) -> list[Deviation]:
    """Documents to be checked, operational tasks that are late, alerts that no routine answers.

    Alerts only for the whole: most of those without a routine name no item, so that no group can be told.
    """
    found = _documents(caller, scope) + _operations(caller, scope, only)
    return found if only is not None else found + _alerts(caller)


def _documents(caller: Caller, scope: str) -> list[Deviation]:
    day, text = timezone.localdate(), "" if scope == WHOLE else f"group:{scope}"
    documents = asked_for(caller, Asked(filter=text, state="check"), day)
    number = documents.count()
    if not number:
        return []
    late = documents.filter(condition_of("overdue", day))
    overdue = late.count()
    title = ngettext("%(n)s document", "%(n)s documents", number) % {"n": spoken.number(number)}
    if overdue:
        lead = ngettext("%(n)s is past its review", "%(n)s are past their review", overdue) % {
            "n": spoken.number(overdue)
        }
    else:
        lead = _("to be checked")
    first = late.order_by("due_on") if overdue else documents.order_by("-item__criticality", "item__name_key")
    pairs = {"filter": text, "state": "check"}
    url = f"{reverse('documents:documents')}?{urlencode({name: value for name, value in pairs.items() if value})}"
    why = _("What they describe has changed, or nobody has reviewed them in time: %(names)s") % {
        "names": named(_titles(first), number)
    }
    return [Deviation("over" if overdue else "check", lead, why, url, _("See the documents"), title, weight=number)]


def _titles(documents: QuerySet[Document]) -> list[str]:
    return list(documents.annotate(title=F("published__title")).values_list("title", flat=True)[:NAMED])


def _operations(caller: Caller, scope: str, only: frozenset[int] | None) -> list[Deviation]:
    late = occurrences_for(caller).filter(state=OccurrenceState.OPEN, due_on__lt=timezone.localdate())
    if only is not None:
        late = late.filter(of_groups(only, "task__"))
    number = late.order_by().count()
    if not number:
        return []
    oldest, first = late.order_by("due_on", "pk").values_list("due_on", "task__title")[0]
    title = ngettext("%(n)s operational task", "%(n)s operational tasks", number) % {"n": spoken.number(number)}
    why = _("The oldest was due %(day)s: %(title)s.") % {"day": spoken.day(oldest), "title": first}
    who = {WHOLE: ALL, MINE: GROUPS}.get(scope, scope)
    url = f"{reverse('routines:day')}?{urlencode({'who': who})}"
    return [Deviation("over", _("not done in time"), why, url, _("See the day list"), title, weight=number)]


def _alerts(caller: Caller) -> list[Deviation]:
    unknown = Alert.objects.visible_to(caller).without_routine().filter(resolved_at=None)
    number = unknown.order_by().count()
    if not number:
        return []
    title = ngettext("%(n)s alert", "%(n)s alerts", number) % {"n": spoken.number(number)}
    names = list(unknown.values_list("name", flat=True)[:NAMED])
    why = _("Whoever receives them has nothing to follow: %(names)s") % {"names": named(names, number)}
    url = f"{reverse('routines:alerts')}?show=unknown"
    return [Deviation("due", _("without a routine"), why, url, _("Choose a routine"), title, weight=number)]
