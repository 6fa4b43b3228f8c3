"""The proof: of all that must be owned, what is under a living group and what is not.

Count and list come from one definition: what `condition_of` says is what the list of items is filtered by
(`coverage:unowned`), and `count` sums the same conditions; a test holds the two equal.

Settled: `items` counts items whose kind must be owned and whose state is not retired, those not seen included;
`owned` + `unowned` = `items`; `dead_owner` (group closed, without a current chair or without a current member) and
`contested` are parts of `owned`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from helhet.groups.models import Answer, Group, GroupState, Membership, Role
from helhet.items.models import Item, Kind, Source, SourceKey, State, every_kind
from helhet.kit.engines import table_of


@dataclass(slots=True)
class Counts:
    """How many items, of which so many are owned and so on. `living` is under a living group."""

    items: int = 0
    owned: int = 0
    unowned: int = 0
    contested: int = 0
    dead_owner: int = 0

    @property
    def living(self) -> int:
        """Owned by a group that can answer."""
        return self.owned - self.dead_owner

    @property
    def share(self) -> float:
        """The share under a living group, 0 to 1; 1 when there is nothing."""
        return self.living / self.items if self.items else 1.0

    def add(self, number: int, *, owned: bool, contested: bool, dead: bool) -> None:
        """Count so many items of one sort."""
        self.items += number
        if owned:
            self.owned += number
            self.contested += number if contested else 0
            self.dead_owner += number if dead else 0
        else:
            self.unowned += number

    def as_data(self) -> dict[str, int]:
        """The five figures by name."""
        return {
            "items": self.items,
            "owned": self.owned,
            "unowned": self.unowned,
            "contested": self.contested,
            "dead_owner": self.dead_owner,
        }


@dataclass(slots=True)
class Coverage:
    """The counts of one day: of all, by kind, by group (None: without group), by both, and by source."""

    on: dt.date
    all: Counts = field(default_factory=Counts)
    by_kind: dict[int, Counts] = field(default_factory=dict)
    by_group: dict[int | None, Counts] = field(default_factory=dict)
    by_both: dict[tuple[int, int | None], Counts] = field(default_factory=dict)
    by_source: dict[int, Counts] = field(default_factory=dict)


def dead_groups(day: dt.date) -> set[int]:
    """Ids of the groups that could not answer on the day: closed, or without a chair (who is also a member) then."""
    chairs = set(Membership.objects.on(day).filter(role=Role.CHAIR).values_list("group_id", flat=True))
    return {
        group_id
        for group_id, state, closed_on in Group.objects.order_by().values_list("item_id", "state", "closed_on")
        if group_id not in chairs or (state == GroupState.CLOSED and (closed_on is None or closed_on <= day))
    }


def count(on: dt.date | None = None, *, with_sources: bool = False) -> Coverage:
    """Count for the end of a day, as now known; today when no day is given."""
    day = on or timezone.localdate()
    dead = dead_groups(day)
    coverage = Coverage(day)
    for kind_id, group_id, contested, number in _rows(day):
        known = {"owned": group_id is not None, "contested": bool(contested), "dead": group_id in dead}
        coverage.all.add(number, **known)
        coverage.by_kind.setdefault(kind_id, Counts()).add(number, **known)
        coverage.by_group.setdefault(group_id, Counts()).add(number, **known)
        coverage.by_both.setdefault((kind_id, group_id), Counts()).add(number, **known)
    if with_sources:
        for source_id, group_id, contested, number in _rows(day, by_source=True):
            coverage.by_source.setdefault(source_id, Counts()).add(
                number, owned=group_id is not None, contested=bool(contested), dead=group_id in dead
            )
    return coverage


def _rows(day: dt.date, *, by_source: bool = False) -> Iterable[tuple[int, int | None, bool, int]]:
    """(kind or source, group, contested, how many) over what is counted on the day."""
    item, answer, kind, key = map(table_of, (Item, Answer, Kind, SourceKey))
    first, join = "i.kind_id", ""
    if by_source:
        first = "k.source_id"
        join = f"JOIN (SELECT DISTINCT source_id, item_id FROM {key} WHERE sort = 0) k ON k.item_id = i.id "  # noqa: S608 - own names only
    sql = (
        f"SELECT {first}, a.group_id, a.is_contested, count(*) FROM {item} i "  # noqa: S608 - own names only
        f"JOIN {answer} a ON a.item_id = i.id AND a.from_on <= %s AND (a.to_on IS NULL OR a.to_on > %s) {join}"
        f"WHERE i.presence = 0 AND (i.retired_on IS NULL OR i.retired_on > %s) "
        f"AND i.kind_id IN (SELECT id FROM {kind} WHERE must_be_owned) "
        f"GROUP BY 1, 2, 3"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [day, day, day])
        return cursor.fetchall()  # type: ignore[no-any-return]


def counted() -> Q:
    """The condition for items that are counted. Kinds are few and named by id: joined to them, the planner would begin
    there and sort a whole register for one page.
    """
    free = sorted(pk for pk, kind in every_kind().items() if not kind.must_be_owned)
    return ~Q(kind_id__in=free) & ~Q(state=State.RETIRED)


def condition_of(word: str, day: dt.date) -> Q:
    """The condition on items for a word of `coverage:`, for the list behind a figure. Raises KeyError for another."""
    answers = Answer.objects.open().filter(item_id=OuterRef("pk"))
    return counted() & _ANSWERS[word](answers, day)


_ANSWERS: dict[str, Callable[[QuerySet[Answer], dt.date], Q]] = {
    "counted": lambda _answers, _day: Q(),
    "owned": lambda answers, _day: ~Q(Exists(answers.filter(group__isnull=True))),
    "unowned": lambda answers, _day: Q(Exists(answers.filter(group__isnull=True))),
    "contested": lambda answers, _day: Q(Exists(answers.filter(is_contested=True, group__isnull=False))),
    "dead": lambda answers, day: Q(Exists(answers.filter(group_id__in=sorted(dead_groups(day))))),
    "living": lambda answers, day: Q(
        Exists(answers.filter(group__isnull=False).exclude(group_id__in=sorted(dead_groups(day))))
    ),
}
WORDS = tuple(_ANSWERS)


def as_data(coverage: Coverage) -> dict[str, Any]:
    """The answer of `helhet coverage --json` and of the API."""
    kinds = {kind.pk: kind for kind in Kind.objects.all()}
    groups = {group.pk: group for group in Group.objects.select_related("item")}
    sources = dict(Source.objects.values_list("id", "name"))
    order = sorted(coverage.by_kind, key=lambda pk: kinds[pk].position)
    data: dict[str, Any] = {"as_of": coverage.on.isoformat(), **coverage.all.as_data()}
    data["living"] = coverage.all.living
    data["by_kind"] = {kinds[pk].key: coverage.by_kind[pk].as_data() for pk in order}
    data["by_group"] = {
        groups[pk].reference: {"name": groups[pk].name, **coverage.by_group[pk].as_data()}
        for pk in sorted((pk for pk in coverage.by_group if pk is not None), key=lambda pk: groups[pk].item.name_key)
    }
    data["by_source"] = {sources[pk]: counts.as_data() for pk, counts in sorted(coverage.by_source.items())}
    return data
