"""What references written in texts are: chips of the items that the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q

from helhet.estate.rows import chip_of
from helhet.items.models import Item, Kind, Presence
from helhet.kit.markdown import REFERENCE, Links
from helhet.kit.parts import Chip
from helhet.kit.rights import Caller

MOST = 2_000
"""References of one text that are looked up; what a text has beyond that stays words."""


def links_for(caller: Caller) -> Links:
    """The resolver that texts are shown with to this reader: at most three questions to the database for a text. By
    the prefixes of kinds `SRV-99`, which is no item, is told from `UTF-8`.
    """

    def links(references: Collection[str]) -> Mapping[str, Chip | None]:
        parts = {text: (match[1], int(match[2])) for text in sorted(references)[:MOST]
                 if (match := REFERENCE.fullmatch(text))}  # fmt: skip
        if not parts:
            return {}
        numbers: dict[str, set[int]] = {}
        for prefix, number in parts.values():
            numbers.setdefault(prefix, set()).add(number)
        wanted = Q(pk__in=())
        for prefix, some in numbers.items():
            wanted |= Q(prefix=prefix, number__in=some)
        rows = Item.objects.filter(wanted).select_related("kind", "merged_into__kind")
        here = {(row.prefix, row.number): _stands_for(row) for row in rows}
        seen = set(
            Item.objects.visible_to(caller)
            .filter(pk__in=[row.pk for row in here.values()])
            .values_list("pk", flat=True)
        )
        chips = {text: chip_of(row) if row.pk in seen else None
                 for text, pair in parts.items() if (row := here.get(pair))}  # fmt: skip
        missing = {text: pair[0] for text, pair in parts.items() if pair not in here}
        kinds = (
            set(Kind.objects.filter(prefix__in=missing.values()).values_list("prefix", flat=True)) if missing else ()
        )
        return {**chips, **{text: None for text, prefix in missing.items() if prefix in kinds}}

    return links


def _stands_for(item: Item) -> Item:
    """What a merged item became; a chain of merges ends at its next."""
    return item.merged_into if item.presence == Presence.MERGED and item.merged_into else item
