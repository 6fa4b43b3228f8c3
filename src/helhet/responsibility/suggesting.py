"""Which group an unowned item probably belongs to, and why: by what is like it and has a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from helhet.groups.models import Answer, Group, GroupState
from helhet.items.models import Item, ItemValue, SourceKey

ALIKE_LIMIT = 400
ALIKE_LEAST = 3
SHARE_LEAST = 0.75


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An unowned item, the group that is suggested for it (None: nothing like it has one), and the reason."""

    item: Item
    group: Group | None
    reason: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Likeness:
    group_id: int
    alike: int
    of: int
    text: str

    @property
    def share(self) -> float:
        return self.alike / self.of


def suggest(items: Sequence[Item]) -> list[Suggestion]:
    """A suggestion for each item. Bounded work for each, so give it a page of items, not the whole pile."""
    found = {item.pk: _claimed(item) or _alike(item) for item in items}
    groups = Group.objects.select_related("item").exclude(state=GroupState.CLOSED)
    known = groups.in_bulk([one[0] for one in found.values() if one])
    out = []
    for item in items:
        one = found[item.pk]
        if one is None or one[0] not in known:
            out.append(Suggestion(item, None, _("Nothing like it has a group.")))
        else:
            out.append(Suggestion(item, known[one[0]], one[1], sure=one[2]))
    return out


def _claimed(item: Item) -> tuple[int, str, bool] | None:
    """The first of the groups that a source names without saying which is responsible."""
    for source, claimants in SourceKey.objects.filter(item=item, claimants__isnull=False).values_list(
        "source__name", "claimants"
    ):
        if claimants:
            text = _("%(source)s names it first of %(count)d groups") % {"source": source, "count": len(claimants)}
            return claimants[0], text, False
    return None


def _alike(item: Item) -> tuple[int, str, bool] | None:
    best: _Likeness | None = None
    for value_id, name, text in ItemValue.objects.filter(item=item).values_list(
        "value_id", "value__name__label", "value__text"
    )[:20]:
        likeness = _likeness(item, value_id, name, text)
        if likeness and (best is None or (likeness.share, likeness.of) > (best.share, best.of)):
            best = likeness
    if best is None:
        return None
    reason = _("%(alike)d of %(of)d %(kind)s with %(text)s belong there") % {
        "alike": best.alike, "of": best.of, "kind": item.kind.plural.lower(), "text": best.text,
    }  # fmt: skip
    return best.group_id, reason, best.share == 1.0 and best.of >= 2 * ALIKE_LEAST


def _likeness(item: Item, value_id: int, name: str, text: str) -> _Likeness | None:
    alike = list(
        ItemValue.objects.filter(value_id=value_id, item__kind_id=item.kind_id, item__presence=0)
        .exclude(item_id=item.pk)
        .values_list("item_id", flat=True)[:ALIKE_LIMIT]
    )
    if len(alike) < ALIKE_LEAST or len(alike) == ALIKE_LIMIT:
        return None
    owners = Counter(
        dict(
            Answer.objects.open()
            .filter(item_id__in=alike, group__isnull=False)
            .values_list("group_id")
            .annotate(number=Count("id"))
        )
    )
    if not owners:
        return None
    group_id, number = owners.most_common(1)[0]
    if number < ALIKE_LEAST or number / len(alike) < SHARE_LEAST:
        return None
    return _Likeness(group_id, number, len(alike), f"{name} {text}")
