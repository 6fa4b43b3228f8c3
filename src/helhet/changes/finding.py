"""Finding one change by what people call it, and one window or freeze by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from helhet.changes.models import Change, Freeze, Window
from helhet.items.filters import reference_condition
from helhet.items.models import Item, KeySort, SourceKey
from helhet.kit.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from helhet.kit.rights import Caller

P = TypeVar("P", Window, Freeze)


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
    keys = SourceKey.objects.filter(source__name=source, key=key, sort=KeySort.CHANGE, item__as_change__isnull=False)
    return keys.values_list("item_id", flat=True).first()


def find_window(window_id: int, caller: Caller, *, for_change: bool = False) -> Window:
    """The maintenance window with this number. Raises NotFound."""
    found: Window = _one(
        Window.objects.visible_to(caller), window_id, _("There is no window %(number)s."), lock=for_change
    )
    return found


def find_freeze(freeze_id: int, caller: Caller, *, for_change: bool = False) -> Freeze:
    """The freeze with this number. Raises NotFound."""
    found: Freeze = _one(
        Freeze.objects.visible_to(caller), freeze_id, _("There is no freeze %(number)s."), lock=for_change
    )
    return found


def _one(rows: QuerySet[P, P], number: int, missing: str, *, lock: bool) -> P:
    if lock:
        list(rows.select_for_update(of=("self",)).filter(pk=number).values_list("pk", flat=True))
    found = rows.select_related("item__kind", "group__item", "stated_by__item").filter(pk=number).first()
    if found is None:
        raise NotFound(missing % {"number": number}, where=str(number))
    return found
