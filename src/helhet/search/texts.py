"""What is looked through for each noun: its title, and its other texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from helhet.changes.models import Change
from helhet.groups.models import Group, Person, SavedView, Task
from helhet.items.models import Comment, Item, Presence, SourceKey
from helhet.items.notes import WRITTEN
from helhet.items.text import plain_text, scalars
from helhet.responsibility.models import Rule
from helhet.search.models import Noun

Texts = tuple[int, str, list[str]]
"""(number of the thing, its title, its other texts)."""

LONGEST = 20_000
"""The most characters that are read of one text."""


def _attribute_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _attribute_texts(inner)
    elif isinstance(value, list) and any(isinstance(member, dict | list) for member in value):
        for member in value:
            yield from _attribute_texts(member)
    else:
        for member in scalars(value):
            if not isinstance(member, bool | float | int):
                yield plain_text(member)[:LONGEST]
            elif not isinstance(member, bool):
                yield plain_text(member)


def _by_thing(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, text in rows:
        found[number].append(text[:LONGEST])
    return found


def of_items(numbers: Sequence[int]) -> Iterator[Texts]:
    """Name; reference, description, attributes, tags, comments, and the keys under which sources know it."""
    rows = Item.objects.filter(pk__in=numbers, presence=Presence.HERE, kind__is_listed=True).order_by("id")
    yield from _of_items(rows, numbers)


def of_item_range(first: int, last: int) -> Iterator[Texts]:
    """As `of_items`, for all from one number to another."""
    rows = Item.objects.filter(pk__gte=first, pk__lte=last, presence=Presence.HERE, kind__is_listed=True)
    yield from _of_items(rows.order_by("id"), (first, last), in_range=True)


def _of_items(rows: Any, numbers: Sequence[int], *, in_range: bool = False) -> Iterator[Texts]:
    chosen: dict[str, Any] = {"item_id__in": numbers}
    if in_range:
        chosen = {"item_id__gte": numbers[0], "item_id__lte": numbers[-1]}
    said = _by_thing(Comment.objects.filter(removed_at__isnull=True, **chosen).values_list("item_id", "text"))
    keys = _by_thing(SourceKey.objects.filter(**chosen).values_list("item_id", "key"))
    for number, prefix, count, name, description, attributes, tags, family in rows.values_list(
        "id", "prefix", "number", "name", "description", "attributes", "tags", "kind__family"
    ):
        texts = [f"{prefix}-{count}"]
        if description:
            texts.append(description[:LONGEST])
        for value in attributes.values():
            if type(value) is str:
                texts.append(value[:LONGEST])
            else:
                texts.extend(_attribute_texts(value))
        texts.extend(map(str, tags))
        # What is said of a text that has its own readers is found by them, with the text (`document_texts`).
        if family not in WRITTEN:
            texts.extend(said.get(number, ()))
        texts.extend(keys.get(number, ()))
        yield number, name, texts


def of_groups(numbers: Sequence[int]) -> Iterator[Texts]:
    """Name; reference, mandate, contact ways, description, comments."""
    said = _by_thing(
        Comment.objects.filter(removed_at__isnull=True, item_id__in=numbers).values_list("item_id", "text")
    )
    for group in Group.objects.filter(pk__in=numbers, item__presence=Presence.HERE).select_related("item"):
        contacts = [str(value) for value in group.contacts.values()]
        texts = [group.reference, group.mandate[:LONGEST], group.item.description[:LONGEST], *contacts]
        yield group.pk, group.name, [*texts, *said.get(group.pk, ())]


def of_persons(numbers: Sequence[int]) -> Iterator[Texts]:
    """Name; address, unit, title, phone."""
    for person in Person.objects.filter(pk__in=numbers):
        yield person.pk, person.name, [person.email, person.unit, person.title, person.phone]


def of_tasks(numbers: Sequence[int]) -> Iterator[Texts]:
    """Title; text and outcome."""
    for task in Task.objects.filter(pk__in=numbers):
        yield task.pk, task.title, [task.text[:LONGEST], task.outcome]


def of_views(numbers: Sequence[int]) -> Iterator[Texts]:
    """Name; filter."""
    for view in SavedView.objects.filter(pk__in=numbers):
        yield view.pk, view.name, [view.filter]


def of_rules(numbers: Sequence[int]) -> Iterator[Texts]:
    """Note; filter and the group that it names."""
    for rule in Rule.objects.filter(pk__in=numbers).select_related("group__item"):
        yield rule.pk, rule.note or rule.filter, [rule.filter, rule.group.name if rule.group else ""]


def of_changes(numbers: Sequence[int]) -> Iterator[Texts]:
    """Name; reference, what was written of it and said to it, and the keys under which sources know it."""
    said = _by_thing(
        Comment.objects.filter(removed_at__isnull=True, item_id__in=numbers).values_list("item_id", "text")
    )
    keys = _by_thing(SourceKey.objects.filter(item_id__in=numbers).values_list("item_id", "key"))
    for change in Change.objects.filter(pk__in=numbers, item__presence=Presence.HERE).select_related("item"):
        written = (change.purpose, change.plan, change.test, change.way_back, change.learnt)
        texts = [change.item.reference, *(text[:LONGEST] for text in written if text)]
        yield change.pk, change.item.name, [*texts, *said.get(change.pk, ()), *keys.get(change.pk, ())]


READERS: dict[Noun, Callable[[Sequence[int]], Iterator[Texts]]] = {
    Noun.GROUP: of_groups,
    Noun.ITEM: of_items,
    Noun.PERSON: of_persons,
    Noun.TASK: of_tasks,
    Noun.VIEW: of_views,
    Noun.RULE: of_rules,
    Noun.CHANGE: of_changes,
}
