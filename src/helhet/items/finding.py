"""Finding one item by what people call it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.items.filters import item_named
from helhet.items.models import Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import Caller


def find_item(text: str, caller: Caller, *, for_change: bool = False) -> Item:
    """The item with this reference (`SRV-12`) or `source:key`; of a merged one, that which it became.

    Raises NotFound also for an item that the caller may not see. `for_change` takes its row for the transaction.
    """
    caller.require(ItemPermission.VIEW)
    named = item_named(text)
    found = Item.objects.filter(named).select_related("kind").first() if named is not None else None
    for _step in range(100):
        if found is None or found.presence != Presence.MERGED or found.merged_into_id is None:
            break
        found = Item.objects.select_related("kind").get(pk=found.merged_into_id)
    if found is None or not Item.objects.visible_to(caller).filter(pk=found.pk).exists():
        raise NotFound(
            _("There is no item %(text)s.") % {"text": text},
            todo=_("Write a reference such as SRV-12, or source:key."),
            where=text[:100],
        )
    if for_change:
        return Item.objects.select_for_update(of=("self",)).select_related("kind").get(pk=found.pk)
    return found


def checked_name(name: str) -> str:
    """A usable name: one line, at most 300 characters. Raises Invalid."""
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("The name is missing."), field="name")
    if len(name) > 300:
        raise Invalid(_("The name is longer than 300 characters."), field="name")
    return name
