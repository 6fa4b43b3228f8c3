"""What the pages of this room count: groups with what is wrong with them, persons with their shares."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from helhet.groups.models import Answer, Group, GroupState, Membership, Person, Role, Task, TaskState
from helhet.items.models import Kind
from helhet.kit.rights import Caller
from helhet.rules.memberships import Peak, Span, peak

PROBLEMS = ("no_chair", "no_members", "no_mandate", "closed_with_items")


@dataclass(slots=True)
class GroupRow:
    """A group as the list shows it. `total` counts the items of the group and of all beneath it."""

    group: Group
    chairs: list[Person] = field(default_factory=list)
    members: int = 0
    items: int = 0
    total: int = 0
    depth: int = 0
    children: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, worst first."""
        if self.group.state == GroupState.CLOSED:
            return ("closed_with_items",) if self.items else ()
        wrong = (
            ("no_chair", not self.chairs),
            ("no_members", not self.members),
            ("no_mandate", not self.group.mandate),
        )
        return tuple(name for name, is_so in wrong if is_so)

    @property
    def is_dead(self) -> bool:
        """Whether it cannot answer: closed, without a chair or without a member."""
        return self.group.state == GroupState.CLOSED or not self.chairs or not self.members

    @property
    def depth_class(self) -> str:
        """The class that indents the row."""
        return f"hh-depth-{min(self.depth, 6)}"


def item_counts() -> dict[int, int]:
    """Group id to how many items it answers for now, as the list of items counts them (groups themselves apart)."""
    answers = Answer.objects.open().filter(group__isnull=False).order_by()
    counts = dict(answers.values_list("group_id").annotate(n=Count("pk")))
    groups = answers.filter(item_id__in=Group.objects.values("pk"))
    for group_id, count in groups.values_list("group_id").annotate(n=Count("pk")):
        counts[group_id] -= count
    return counts


def item_count(group: Group) -> int:
    """How many items the group answers for now, as the list of items counts them."""
    answers = Answer.objects.open().filter(group=group)
    return answers.count() - answers.filter(item_id__in=Group.objects.values("pk")).count()


def group_rows(caller: Caller) -> list[GroupRow]:
    """All groups that the caller may see, parents before children, each with its figures."""
    groups = list(Group.objects.visible_to(caller).select_related("item__kind"))
    rows = {group.pk: GroupRow(group) for group in groups}
    today = timezone.localdate()
    people: dict[int, set[int]] = defaultdict(set)
    for membership in Membership.objects.on(today).filter(group_id__in=rows.keys()).select_related("person"):
        people[membership.group_id].add(membership.person_id)
        if membership.role == Role.CHAIR:
            rows[membership.group_id].chairs.append(membership.person)
    counts = item_counts()
    for group_id, row in rows.items():
        row.members = len(people[group_id])
        row.items = row.total = counts.get(group_id, 0)
    return _as_tree(rows)


def _as_tree(rows: dict[int, GroupRow]) -> list[GroupRow]:
    beneath: dict[int | None, list[GroupRow]] = defaultdict(list)
    for row in rows.values():
        parent_id = row.group.parent_id
        beneath[parent_id if parent_id in rows else None].append(row)
    ordered: list[GroupRow] = []
    seen: set[int] = set()

    def walk(row: GroupRow, depth: int) -> int:
        seen.add(row.group.pk)
        row.depth = depth
        ordered.append(row)
        children = [child for child in beneath[row.group.pk] if child.group.pk not in seen]
        row.children = len(children)
        row.total = row.items + sum(walk(child, depth + 1) for child in children)
        return row.total

    for row in beneath[None]:
        walk(row, 0)
    for row in rows.values():
        if row.group.pk not in seen:
            walk(row, 0)
    return ordered


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many items of a kind."""

    kind: Kind
    count: int


def kinds_of(group: Group) -> list[KindCount]:
    """The kinds of the items that the group answers for, most first."""
    answers = Answer.objects.open().filter(group=group, item__kind__is_listed=True, item__presence=0).order_by()
    counts = dict(answers.values_list("item__kind_id").annotate(n=Count("pk")))
    kinds = Kind.objects.in_bulk(counts)
    found = [KindCount(kinds[kind_id], count) for kind_id, count in counts.items()]
    return sorted(found, key=lambda one: (-one.count, one.kind.position))


ROLE_ORDER = {Role.CHAIR: 0, Role.DEPUTY: 1}


def members_of(group: Group, day: dt.date) -> tuple[list[Membership], list[Membership], list[Membership]]:
    """(current, coming, former) memberships; chair first, then deputy, then by name."""
    rows = list(Membership.objects.filter(group=group).select_related("person"))
    rows.sort(
        key=lambda row: (ROLE_ORDER.get(Role(row.role), 2) if row.role in Role.values else 2, row.person.name_key)
    )
    current, coming, former = [], [], []
    for row in rows:
        ended = row.person.ended_on is not None and row.person.ended_on <= day
        if ended or (row.to_on is not None and row.to_on < day):
            former.append(row)
        elif row.from_on is not None and row.from_on > day:
            coming.append(row)
        else:
            current.append(row)
    return current, coming, former


@dataclass(slots=True)
class PersonRow:
    """A person as the list shows him."""

    person: Person
    memberships: list[Membership] = field(default_factory=list)
    tasks: int = 0
    peak: Peak = field(default_factory=lambda: Peak(Decimal(0)))


def person_rows(people: Sequence[Person]) -> list[PersonRow]:
    """Persons with what they are in now, their most share from now on, and their open tasks."""
    today = timezone.localdate()
    rows = {person.pk: PersonRow(person) for person in people}
    shares: dict[int, list[tuple[Span, Decimal]]] = defaultdict(list)
    mine = Membership.objects.filter(person_id__in=rows.keys()).exclude(to_on__lt=today)
    for row in mine.exclude(group__state=GroupState.CLOSED).select_related("group__item"):
        span = Span(row.from_on, row.to_on)
        if row.share is not None:
            shares[row.person_id].append((span, row.share))
        if span.holds(today):
            rows[row.person_id].memberships.append(row)
    for person_id, count in open_tasks_of(rows.keys()).items():
        rows[person_id].tasks = count
    for person_id, spans in shares.items():
        rows[person_id].peak = peak(spans, today)
    return list(rows.values())


def open_tasks_of(ids: Iterable[int]) -> dict[int, int]:
    """Person id to how many open tasks are his."""
    tasks = Task.objects.filter(person_id__in=list(ids), state=TaskState.OPEN).order_by()
    return dict(tasks.values_list("person_id").annotate(n=Count("pk")))


def overloaded() -> set[int]:
    """Ids of the persons whose shares come to more than 100 percent on some day from now on."""
    today = timezone.localdate()
    shares: dict[int, list[tuple[Span, Decimal]]] = defaultdict(list)
    rows = Membership.objects.filter(share__isnull=False, person__ended_on__isnull=True).exclude(to_on__lt=today)
    rows = rows.exclude(group__state=GroupState.CLOSED)
    for person_id, first, last, share in rows.values_list("person_id", "from_on", "to_on", "share"):
        if share is not None:
            shares[person_id].append((Span(first, last), share))
    return {person_id for person_id, spans in shares.items() if peak(spans, today).is_too_much}


def groupless() -> Q:
    """The condition for persons who are here and in no group today."""
    members = Membership.objects.on(timezone.localdate()).exclude(group__state=GroupState.CLOSED)
    return Q(ended_on__isnull=True) & ~Q(pk__in=members.values("person_id"))
