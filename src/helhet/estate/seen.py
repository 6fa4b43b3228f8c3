"""What is declared beside what was seen: declared only, seen only, both. Neither ever overwrites the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.dependencies import add_dependency, may_state
from helhet.estate.link_findings import here
from helhet.estate.models import Dependency, Observation, SeenName
from helhet.estate.permissions import EstatePermission
from helhet.items.models import Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller

MANY = 1_000


class Show(models.TextChoices):
    """Which of them."""

    SEEN_ONLY = "seen_only", gettext_lazy("Seen only")
    DECLARED_ONLY = "declared_only", gettext_lazy("Declared only")
    BOTH = "both", gettext_lazy("Declared and seen")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items of which one needs, or was seen to call, the other. `dependency` where it is declared."""

    item: Item
    other: Item
    count: int = 0
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    sources: int = 0
    dependency: Dependency | None = None


def _seen() -> QuerySet[Any, Any]:
    """What was seen between two different items that are here."""
    rows = Observation.objects.filter(
        client__item__presence=Presence.HERE, server__item__presence=Presence.HERE
    ).exclude(client__item=F("server__item"))
    found: QuerySet[Any, Any] = rows.annotate(a=F("client__item_id"), b=F("server__item_id"))
    return found


def _pairs(show: Show, item: Item | None) -> QuerySet[Any, Any]:
    declared = Exists(Dependency.objects.filter(from_item_id=OuterRef("a"), to_item_id=OuterRef("b")))
    rows = _seen().filter(declared if show == Show.BOTH else ~declared)
    if item is not None:
        rows = rows.filter(Q(a=item.pk) | Q(b=item.pk))
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .values("a", "b")
        .annotate(
            times=Sum("count"), first=Min("first_at"), last=Max("last_at"), of=Count("client__source", distinct=True)
        )
    )
    return found


def _unseen(item: Item | None) -> QuerySet[Dependency]:
    """Declared between two that both appear in what was seen, but never the one calling the other."""
    seen = SeenName.objects.filter(item__isnull=False)
    between = Observation.objects.filter(client__item=OuterRef("from_item"), server__item=OuterRef("to_item"))
    rows = here(Dependency.objects.all()).filter(
        ~Exists(between), Exists(seen.filter(item=OuterRef("from_item"))), Exists(seen.filter(item=OuterRef("to_item")))
    )
    return rows if item is None else rows.filter(Q(from_item=item) | Q(to_item=item))


def counts(caller: Caller, item: Item | None = None) -> dict[str, int]:
    """How many pairs, by what they are."""
    caller.require(ItemPermission.VIEW)
    if item is not None and not SeenName.objects.filter(item=item).exists():
        return dict.fromkeys(Show.values, 0)
    return {
        Show.SEEN_ONLY.value: _pairs(Show.SEEN_ONLY, item).count(),
        Show.DECLARED_ONLY.value: _unseen(item).count(),
        Show.BOTH.value: _pairs(Show.BOTH, item).count(),
    }


def pairs(show: str, caller: Caller, *, first: int, limit: int, item: Item | None = None) -> list[Pair]:
    """Those from a place on; the seen with the most calls first, the declared in the order of stating."""
    caller.require(ItemPermission.VIEW)
    if show not in Show.values:
        raise Invalid(
            _("There is no list %(show)s.") % {"show": show[:40]}, field="show",
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Show.values)},
        )  # fmt: skip
    if show == Show.DECLARED_ONLY:
        rows = _unseen(item).select_related("from_item__kind", "to_item__kind").order_by("id")
        return [Pair(one.from_item, one.to_item, dependency=one) for one in rows[first : first + limit]]
    found = list(_pairs(Show(show), item).order_by("-times", "a", "b")[first : first + limit])
    items = Item.objects.select_related("kind").in_bulk({row[end] for row in found for end in ("a", "b")})
    ends = Dependency.objects.filter(
        from_item_id__in={row["a"] for row in found}, to_item_id__in={row["b"] for row in found}
    )
    stated = {(one.from_item_id, one.to_item_id): one for one in ends} if show == Show.BOTH else {}
    return [
        Pair(items[row["a"]], items[row["b"]], row["times"], row["first"], row["last"], row["of"],
             stated.get((row["a"], row["b"])))
        for row in found
    ]  # fmt: skip


@transaction.atomic
def take_over(wanted: Collection[tuple[Item, Item]], *, by: Caller) -> int:
    """Declare what was only seen. Pairs whose ends are of none of the caller's groups are left; returns how many were
    declared. Raises Invalid for none, and for more than 1,000.
    """
    by.require(EstatePermission.DEPENDENCY_MANAGE)
    if not wanted:
        raise Invalid(_("No pair is chosen."), todo=_("Choose at least one."), field="pairs")
    if len(wanted) > MANY:
        raise Invalid(_("At most 1,000 at a time."), field="pairs")
    done = 0
    for item, other in wanted:
        is_seen = _seen().filter(a=item.pk, b=other.pk).exists()
        is_declared = Dependency.objects.filter(from_item=item, to_item=other).exists()
        if is_seen and not is_declared and may_state(by, item, other):
            made = add_dependency(item, other, by=by, note=_("Taken over from what was seen"))
            told = {"dependency": made.pk, "needs": other.reference}
            record("estate.dependency.taken_over", "item", item.pk, by=by, after=told)
            done += 1
    return done


def unknown_names(caller: Caller) -> QuerySet[SeenName]:
    """Names that mean no item yet and were not said to be outside, those with the most calls first."""
    caller.require(ItemPermission.VIEW)
    rows = SeenName.objects.filter(item__isnull=True, is_outside=False).select_related("source")
    return rows.order_by("name", "id")


def pair_data(one: Pair) -> dict[str, Any]:
    """A pair as the API gives it."""
    return {
        "from": {"reference": one.item.reference, "name": one.item.name},
        "to": {"reference": one.other.reference, "name": one.other.name}, "count": one.count,
        "first_at": one.first_at, "last_at": one.last_at,
        "dependency": one.dependency.pk if one.dependency else None,
    }  # fmt: skip
