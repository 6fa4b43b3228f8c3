"""Finding one change by what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from helhet.changes.models import Change
from helhet.items.filters import reference_condition
from helhet.items.models import Item, KeySort, SourceKey
from helhet.kit.errors import NotFound

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


def find_change(text: str, caller: Caller, *, for_change: bool = False) -> Change:
    """The change with this reference (`CHG-3`) or `source:key`, with its item, group and owner.

    Raises NotFound also for one that the caller may not see. `for_change` takes its row for the transaction.
    """
    changes = Change.objects.visible_to(caller).select_related("item__kind", "group__item", "owner")
    wanted = _id_of(text)
    if for_change and wanted is not None:
        list(Change.objects.select_for_update(of=("self",)).filter(pk=wanted).values_list("pk", flat=True))
    found = changes.filter(pk=wanted).first() if wanted is not None else None
    if found is None:
        raise NotFound(
            _("There is no change %(text)s.") % {"text": text[:100]},
            todo=_("Write a reference such as CHG-3, or source:key."), where=text[:100],
        )  # fmt: skip
    return found


def _id_of(text: str) -> int | None:
    known = reference_condition(text)
    if known is not None:
        return Item.objects.filter(known, as_change__isnull=False).values_list("pk", flat=True).first()
    source, colon, key = text.partition(":")
    if not colon or not key:
        return None
    keys = SourceKey.objects.filter(source__name=source, key=key, sort=KeySort.ITEM, item__as_change__isnull=False)
    return keys.values_list("item_id", flat=True).first()
