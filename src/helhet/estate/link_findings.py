"""Findings of dependencies: what does not hold together, each with its source, its group and the next step.

A finding is never kept: it is the answer to one question to the database, the same for its count and for its list. What
sources say of ends that nobody knows comes from the rooms above, through the port `estate.link_findings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, DependencyType, LinkCriticality, Standing
from helhet.estate.rows import Named, chunks, rows_of
from helhet.estate.types import TypeWords, breaking, type_words
from helhet.groups.finding import find_group
from helhet.groups.models import Answer
from helhet.items.models import Item, Presence, State
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.rules.graph.strong import strong_sets

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings: of one sort, of one source by name, of those items for which one group (its item's id) answers.

    `group` is None for all, 0 for items that nobody answers for.
    """

    sort: str = ""
    source: str = ""
    group: int | None = None


@dataclass(slots=True)
class LinkFinding:
    """One finding. Where an end is no item, `from_text` or `to_text` is what the source calls it."""

    id: str
    sort: str
    label: str
    words: str
    step: str
    step_url: str
    source: str = ""
    type: str = ""
    from_item: Item | None = None
    to_item: Item | None = None
    from_text: str = ""
    to_text: str = ""
    place: str = ""
    group: Named | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of one sort: how many, and those from a place on."""

    sort: str
    label: str
    count: int
    rows: Callable[[int, int], list[LinkFinding]]


link_findings: Port[Callable[[Asked, Caller], Sequence[Found]]] = Port("estate.link_findings")


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of finding among the dependencies that stand: its words, which they are, and its next step."""

    key: str
    label: Callable[[], str]
    words: Callable[[], str]
    step: Callable[[], str]
    rows: Callable[[QuerySet[Dependency]], QuerySet[Dependency]]


def _twice(rows: QuerySet[Dependency]) -> QuerySet[Dependency]:
    other = Dependency.objects.filter(from_item=OuterRef("from_item"), to_item=OuterRef("to_item"))
    return rows.filter(Exists(other.exclude(pk=OuterRef("pk"))))


def _breaking(rows: QuerySet[Dependency]) -> QuerySet[Dependency]:
    return rows.filter(breaking(DependencyType.objects.all()))


def _retired(rows: QuerySet[Dependency]) -> QuerySet[Dependency]:
    return rows.filter(to_item__state=State.RETIRED).exclude(from_item__state=State.RETIRED)


def _looping(rows: QuerySet[Dependency]) -> QuerySet[Dependency]:
    """Those between two items of one circle."""
    of = {item: number for number, loop in enumerate(loops()) for item in loop}
    inside: list[int] = []
    for chunk in chunks(sorted(of)):
        ends = rows.filter(from_item_id__in=chunk).values_list("pk", "from_item_id", "to_item_id")
        inside += [pk for pk, a, b in ends if of[a] == of.get(b)]
    return rows.filter(pk__in=inside) if len(inside) < MANY else rows.filter(from_item_id__in=list(of))


MANY = 30_000
"""So many numbers a statement bears on both databases."""


def loops() -> list[tuple[int, ...]]:
    """The sets of items that depend on one another by what is stated now, as ids, those with the lowest first."""
    stated = Dependency.objects.filter(
        not_seen_since__isnull=True, from_item__presence=Presence.HERE, to_item__presence=Presence.HERE
    ).exclude(criticality=LinkCriticality.NONE)
    ends = np.array(list(stated.values_list("from_item_id", "to_item_id").iterator(20_000)), np.int64).reshape(-1, 2)
    ids, places = np.unique(ends, return_inverse=True)
    near, far = places.reshape(-1, 2).astype(np.int32).T
    found = strong_sets(len(ids), near, far)
    return sorted(tuple(int(pk) for pk in ids[circle]) for circle in found)


def here(rows: QuerySet[Dependency]) -> QuerySet[Dependency]:
    """Those with both ends in the register that their source still states."""
    return rows.filter(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE, not_seen_since__isnull=True)


SORTS: tuple[Sort, ...] = (
    Sort("gone_end", lambda: _("An end has left the register"), lambda: _("One of its ends was taken out or merged."),
         lambda: _("Remove it where it is stated"),
         lambda rows: rows.filter(~Q(from_item__presence=Presence.HERE) | ~Q(to_item__presence=Presence.HERE))),
    Sort("loop", lambda: _("Depend on one another"), lambda: _("Its ends depend on one another."),
         lambda: _("Say what a failure really does"), lambda rows: _looping(here(rows))),
    Sort("twice", lambda: _("Stated twice"), lambda: _("The same pair is tied by another type as well."),
         lambda: _("Keep one of them"), lambda rows: _twice(here(rows))),
    Sort("pair", lambda: _("Breaks the pairs of its type"), lambda: _("Its type is not meant to tie these kinds."),
         lambda: _("Give it another type"), lambda rows: _breaking(here(rows))),
    Sort("retired", lambda: _("Needs what is retired"), lambda: _("What it depends on is retired."),
         lambda: _("Say what it needs instead"), lambda rows: _retired(here(rows))),
    Sort("not_seen", lambda: _("Not seen any more"), lambda: _("Its source does not state it any longer."),
         lambda: _("Remove it, or state it by hand"), lambda rows: rows.filter(not_seen_since__isnull=False)),
    Sort("questioned", lambda: _("Questioned"), lambda: _("The group of the other end doubts it."),
         lambda: _("Stand by it, or remove it"), lambda rows: here(rows).filter(standing=Standing.QUESTIONED)),
)  # fmt: skip


def findings(asked: Asked, caller: Caller) -> list[Found]:
    """The findings by sort, those of the rooms above first; a sort without any is left out. `asked.sort` is not
    looked at, so that all counts stand beside the one chosen.
    """
    caller.require(ItemPermission.VIEW)
    words = type_words()
    rows = _asked_of(Dependency.objects.all(), asked)
    found = [one for port in link_findings for one in port(asked, caller)]
    for sort in SORTS:
        these = sort.rows(rows)
        found.append(Found(sort.key, sort.label(), these.count(), _lister(sort, these, words)))
    return [one for one in found if one.count]


def _asked_of(rows: QuerySet[Dependency], asked: Asked) -> QuerySet[Dependency]:
    if asked.source:
        rows = rows.filter(source__name=asked.source)
    return rows if asked.group is None else rows.filter(items_of(asked.group, "from_item_id"))


def items_of(group: int, column: str) -> Q:
    """The condition that the group answers for the item in the column; 0: that nobody does."""
    held = Answer.objects.open().filter(group__isnull=False)
    if group:
        return Q(**{f"{column}__in": held.filter(group_id=group).values("item_id")})
    return ~Q(Exists(held.filter(item_id=OuterRef(column))))


def group_asked(text: str, caller: Caller) -> int | None:
    """The group that a reader named: nothing is all, `none` is nobody's. Raises NotFound."""
    if not text:
        return None
    return 0 if text == "none" else find_group(text, caller).pk


def _lister(sort: Sort, rows: QuerySet[Dependency], words: TypeWords) -> Callable[[int, int], list[LinkFinding]]:
    def some(first: int, last: int) -> list[LinkFinding]:
        ends = ("from_item__kind", "to_item__kind", "source")
        return [_of(sort, one, words) for one in rows.select_related(*ends).order_by("id")[first:last]]

    return some


def _of(sort: Sort, one: Dependency, words: TypeWords) -> LinkFinding:
    item = one.from_item if one.from_item.presence == Presence.HERE else one.to_item
    is_whole = one.from_item.presence == one.to_item.presence == Presence.HERE
    url = reverse("estate:dependency", args=[item.reference, one.pk]) if is_whole else item.get_absolute_url()
    return LinkFinding(
        f"{sort.key}-{one.pk}", sort.key, sort.label(), one.standing_words or sort.words(), sort.step(), url,
        one.source.name if one.source else "", words.said(one.type), one.from_item, one.to_item,
    )  # fmt: skip


def page_of(found: Sequence[Found], asked: Asked, first: int, limit: int) -> list[LinkFinding]:
    """The findings from a place on, sort by sort, each with the group that answers for its item."""
    if asked.sort and asked.sort not in {one.sort for one in found} | known_sorts():
        raise Invalid(
            _("There is no sort %(sort)s.") % {"sort": asked.sort[:40]}, where="sort", field="sort",
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(sorted(known_sorts()))},
        )  # fmt: skip
    lines: list[LinkFinding] = []
    for one in found:
        if asked.sort and one.sort != asked.sort:
            continue
        if first < one.count and limit > len(lines):
            lines += one.rows(first, min(one.count, first + limit - len(lines)))
        first = max(0, first - one.count)
    return with_groups(lines)


def known_sorts() -> set[str]:
    """The keys of all sorts, those of the rooms above too."""
    return {sort.key for sort in SORTS} | {
        "unknown_end", "self_link", "duplicate", "refused", "two_sources", "path_end", "task_end",
        "routine_end",
    }  # fmt: skip


def with_groups(lines: list[LinkFinding]) -> list[LinkFinding]:
    """Give each the group that answers for the item that it is about: the end that depends, or else the other."""
    items = {item.pk: item for line in lines if (item := line.from_item or line.to_item)}
    groups = {row.item.pk: row.group for row in rows_of(list(items.values()), ("group",))}
    for line in lines:
        item = line.from_item or line.to_item
        line.group = groups.get(item.pk) if item else None
    return lines


def total(found: Iterable[Found], sort: str = "") -> int:
    """How many there are, of one sort or of all."""
    return sum(one.count for one in found if not sort or one.sort == sort)


def finding_data(line: LinkFinding) -> dict[str, Any]:
    """A finding as the API and the command line give it."""

    def end(item: Item | None, text: str) -> dict[str, str | None]:
        return {"reference": item.reference if item else None, "name": item.name if item else text}

    return {
        "id": line.id, "sort": line.sort, "from": end(line.from_item, line.from_text),
        "to": end(line.to_item, line.to_text), "type": line.type, "source": line.source or None, "row": line.place,
        "group": line.group.reference if line.group else None, "message": line.words, "todo": line.step,
        "url": line.step_url,
    }  # fmt: skip
