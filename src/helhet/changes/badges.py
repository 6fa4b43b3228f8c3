"""What the pictures of the estate say beside an item about its changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from helhet.changes.models import Change, ChangeItem, ChangeState
from helhet.estate.ports import Badge
from helhet.kit.rights import Caller

CHUNK = 900
GOING = (ChangeState.SCHEDULED, ChangeState.UNDER_WAY)


def of_items(items: Collection[int], caller: Caller) -> Mapping[int, Sequence[Badge]]:
    """Fills `estate.item_badges`: the changes to each item that are open, those under way first."""
    ids = sorted(items)
    found: dict[int, list[tuple[bool, Badge]]] = defaultdict(list)
    open_now = Change.objects.visible_to(caller).filter(is_history=False)
    open_now = open_now.exclude(state__in=(ChangeState.DRAFT, ChangeState.CLOSED))
    for start in range(0, len(ids), CHUNK):
        rows = ChangeItem.objects.filter(item_id__in=ids[start : start + CHUNK], change__in=open_now)
        for row in rows.select_related("change__item").order_by("change_id"):
            change = row.change
            badge = Badge(
                f"{change.reference} {change.state_label}", change.get_absolute_url(),
                "due" if change.state in GOING else "wait",
            )  # fmt: skip
            found[row.item_id].append((change.state != ChangeState.UNDER_WAY, badge))
    return {item: [badge for _late, badge in sorted(some, key=lambda one: one[0])] for item, some in found.items()}
