"""Finding one item by what people call it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.items.filters import item_named, reference_condition
from helhet.items.models import Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.rules.text import fold

FEW = 12


def find_item(text: str, caller: Caller, *, for_change: bool = False) -> Item:
    """The item with this reference (`SRV-12`) or `source:key`; of a merged one, that which it became.

    Raises NotFound also for an item that the caller may not see. `for_change` takes its row for the transaction.
    """
    caller.require(ItemPermission.VIEW)
    named = item_named(text)
    seen = Item.objects.visible_to(caller).select_related("kind")
    found = seen.filter(named).first() if named is not None else None
    if found is None and named is not None:
        became = _became(named)
        found = seen.filter(pk=became).first() if became is not None else None
    if found is None:
        raise NotFound(
            _("There is no item %(text)s.") % {"text": text},
            todo=_("Write a reference such as SRV-12, or source:key."),
            where=text[:100],
        )
    if for_change:
        return Item.objects.select_for_update(of=("self",)).select_related("kind").get(pk=found.pk)
    return found


def items_begun(text: str, caller: Caller) -> list[Item]:
    """Items whose name begins so, or with just this reference, by name; a few."""
    begun = fold(text.strip()[:100])
    if not begun:
        return []
    named = Q(name_fold__startswith=begun)
    if (exactly := reference_condition(text)) is not None:
        named |= exactly
    return list(Item.objects.visible_to(caller).filter(named).select_related("kind").order_by("name_key", "id")[:FEW])


def _became(named: Q) -> int | None:
    """The id of what the merged item with this name became at last."""
    gone = Item.objects.filter(presence=Presence.MERGED).values_list("merged_into_id", flat=True)
    into = gone.filter(named).first()
    for _step in range(100):
        further = None if into is None else gone.filter(pk=into).first()
        if further is None:
            break
        into = further
    return into


def checked_name(name: str) -> str:
    """A usable name: one line, at most 300 characters. Raises Invalid."""
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("The name is missing."), field="name")
    if len(name) > 300:
        raise Invalid(_("The name is longer than 300 characters."), field="name")
    return name
