"""Where service documentation joins in on the pages of items and groups, and when a group closes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.documents.models import Described, Document
from helhet.groups.models import Answer, Group, GroupState, Task
from helhet.groups.ports import Hanging
from helhet.handbook.actions.contradicting import ORIGIN as CONTRADICTION
from helhet.handbook.completeness import of_items
from helhet.handbook.models import Part
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.ready import answer_of
from helhet.handbook.shapes import part_label
from helhet.handbook.states import CLASSES, FAMILIES, MARKS, is_described, standings, state_label
from helhet.items.models import Item, Presence, State
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller

HEAVIEST = 5
NAMED = 20


def item_panels(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: the seven states of a service or product."""
    if not is_described(item) or not caller.may(HandbookPermission.VIEW):
        return ()
    bar = [
        (part_label(key), state_label(one.state), MARKS[one.state], CLASSES[one.state], key)
        for key, one in standings([item.pk])[item.pk].items()
    ]
    url = reverse("handbook:service", args=[item.reference])
    return (Panel("handbook/_of_item.html", {"bar": bar, "url": url, "ready": answer_of(item, caller)}, "below", 40),)


def group_panels(group: Group, caller: Caller) -> Sequence[Panel]:
    """Fills `groups.group_panels`: how complete the documentation of the group's services is."""
    if group.state == GroupState.CLOSED or not caller.may(HandbookPermission.VIEW):
        return ()
    held = Answer.objects.open().filter(group=group).values("item_id")
    items = Item.objects.visible_to(caller).filter(pk__in=held, kind__family__in=FAMILIES).exclude(state=State.RETIRED)
    found = of_items(list(items.select_related("kind").order_by("name_key", "pk")), caller)
    readable = Document.objects.visible_to(caller).filter(pk__in=naming(group))
    named = list(readable.select_related("item__kind").order_by("item__name_key", "item_id", "part"))
    if not found.services and not named:
        return ()
    query = urlencode({"q": f"group:{group.reference}"})
    context = {
        "count": len(found.services), "share": found.whole.share, "gaps": len(found.gaps),
        "url": f"{reverse('handbook:services')}?{query}", "gaps_url": f"{reverse('handbook:gaps')}?{query}",
        "heaviest": [
            (one, part_label(one.gap.part), state_label(one.gap.state), MARKS[one.gap.state])
            for one in found.gaps[:HEAVIEST]
        ],
        "named": [(one.item, one.part, part_label(one.part)) for one in named[:NAMED]], "more": len(named) - NAMED,
    }  # fmt: skip
    return (Panel("handbook/_of_group.html", context, order=50),)


def naming(group: Group) -> QuerySet[Document]:
    """The published support paths and tasks of services that name the group as who is asked or does it."""
    stated = Described.objects.filter(noun="item", noun_id=group.pk, aspect="state").values("document_id")
    parts = Document.objects.filter(pk__in=stated, part__in=(Part.SUPPORT, Part.TASKS), item__presence=Presence.HERE)
    return parts.filter(published__isnull=False)


def hanging(group: Group) -> list[Hanging]:
    """Fills `groups.hanging`: what names it and ends at nobody once it is closed."""
    url = f"{group.get_absolute_url()}#documentation"
    return [Hanging(_("Support paths and tasks of services that name it"), naming(group).count(), url)]


def place_of_task(task: Task, caller: Caller) -> str:
    """Fills `groups.task_places`: the service that operations contradict, where it is settled."""
    if task.origin != CONTRADICTION or task.item is None or not caller.may(HandbookPermission.VIEW):
        return ""
    return f"{reverse('handbook:service', args=[task.item.reference])}#ready"
