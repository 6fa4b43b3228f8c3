"""Whether what is about to be altered needs no change at all, since a documented task or order covers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from helhet.changes.models import ChangeType, Threshold
from helhet.items.filters import reference_condition
from helhet.items.models import Item
from helhet.kit.rights import Caller

MOST = 50


@dataclass(frozen=True, slots=True)
class Covered:
    """A threshold that holds for some of the items; `is_all` when for each of them."""

    threshold: Threshold
    items: list[Item]
    is_all: bool


def covering(items: Sequence[Item], type_: str) -> list[Covered]:
    """The thresholds that hold for these items, those for all of them first. None for an emergency: what cannot wait is
    never covered by an everyday task.
    """
    if not items or type_ == ChangeType.EMERGENCY:
        return []
    of_one = Q(item__in=[one.pk for one in items]) | Q(kind__in={one.kind_id for one in items})
    found = []
    for one in Threshold.objects.filter(of_one, ended_at__isnull=True).select_related("group__item"):
        held = [item for item in items if item.pk == one.item_id or item.kind_id == one.kind_id]
        found.append(Covered(one, held, len(held) == len(items)))
    return sorted(found, key=lambda one: (not one.is_all, one.threshold.pk))


def named(text: str, caller: Caller) -> list[Item]:
    """The items whose references stand in a text with commas between; what is none, or not yet one, is passed over."""
    wanted = Q(pk__in=())
    for part in text.split(",")[:MOST]:
        known = reference_condition(part.strip())
        if known is not None:
            wanted |= known
    return list(Item.objects.visible_to(caller).filter(wanted).select_related("kind").order_by("pk"))


def hint(text: str, type_: str, caller: Caller) -> SafeString:
    """What the form of a draft says beside its items, as HTML; empty when nothing covers them."""
    found = covering(named(text, caller), type_)
    return mark_safe(render_to_string("changes/_covered.html", {"covered": found}).strip())  # noqa: S308 - escaped there
