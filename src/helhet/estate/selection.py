"""Which items a bulk change is about: those chosen by name, or all that a filter finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helhet.items.filters import keyed_condition
from helhet.items.listing import ItemList
from helhet.items.models import Item
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller

NAMED_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Selection:
    """References (or `source:key`) chosen by hand; without any, all that the filter `text` finds."""

    references: tuple[str, ...] = ()
    text: str = ""

    def found(self, caller: Caller) -> QuerySet[Item]:
        """The items, as the caller may see them. Raises Invalid for too many names, FilterInvalid for the filter."""
        if not self.references:
            return ItemList(caller, self.text).queryset()
        if len(self.references) > NAMED_LIMIT:
            raise Invalid(
                _("At most 1,000 items can be named at once."), todo=_("Choose them by a filter."), field="references"
            )
        return Item.objects.visible_to(caller).filter(named(self.references))

    def as_arguments(self) -> dict[str, Any]:
        """As plain values, for a job."""
        return {"references": list(self.references), "text": self.text}


def named(references: Iterable[str]) -> Q:
    """The condition for items by their references and `source:key`; names of nothing find nothing."""
    numbers: dict[str, list[int]] = defaultdict(list)
    condition = Q(pk__in=())
    for reference in references:
        prefix, dash, number = reference.strip().upper().rpartition("-")
        if dash and number.isascii() and number.isdigit() and len(number) <= 15:
            numbers[prefix].append(int(number))
        elif (keyed := keyed_condition(reference)) is not None:
            condition |= keyed
    for prefix, wanted in numbers.items():
        condition |= Q(prefix=prefix, number__in=wanted)
    return condition
