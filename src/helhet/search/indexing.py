"""The index follows the journal: new items by their numbers, all else by its events, in portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, ExpressionWrapper, Max, OuterRef
from django.db.models.fields import BigIntegerField
from django.utils import timezone

from helhet.changes.models import Change
from helhet.groups.models import Group, Person, SavedView, Task
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.journal.sealing import seal_all
from helhet.responsibility.models import Rule
from helhet.search.asking import words_of
from helhet.search.engines import engine
from helhet.search.models import STRIDE, Entry, Noun, Reached
from helhet.search.texts import READERS, Texts, of_item_range

PORTION = 4_000
EVENTS = 5_000
OF_ITEMS: dict[Noun, Any] = {Noun.GROUP: Group, Noun.CHANGE: Change}
"""Nouns whose things have an item of the same number, and are found under their own noun alone."""
NOUNS = {"person": Noun.PERSON, "task": Noun.TASK, "view": Noun.VIEW, "rule": Noun.RULE}

Tell = Callable[[int], None]


def reached() -> Reached:
    """How far the index has come."""
    return Reached.objects.filter(id=1).first() or Reached()


def index_all(tell: Tell = lambda _done: None) -> int:
    """Bring the index up to what is committed now; returns how many entries were written."""
    seal_all()
    with transaction.atomic():
        Reached.objects.get_or_create(id=1)
    return _new_items(tell) + _events(tell)


def _entries(noun: Noun, rows: Iterable[Texts]) -> list[tuple[int, str]]:
    return [(number * STRIDE + noun, words_of(noun, title, *texts)) for number, title, texts in rows]


def _new_items(tell: Tell) -> int:
    """Items above the highest number in the index, each portion whole."""
    done = 0
    last = Item.objects.aggregate(last=Max("id"))["last"] or 0
    first = reached().item_id + 1
    while first <= last:
        upto = min(first + PORTION - 1, last)
        entries = _entries(Noun.ITEM, of_item_range(first, upto))
        for noun, model in OF_ITEMS.items():
            numbers = list(model.objects.filter(pk__gte=first, pk__lte=upto).values_list("pk", flat=True))
            entries += _entries(noun, READERS[noun](numbers))
        with transaction.atomic():
            here = Reached.objects.select_for_update().get(id=1)
            if here.item_id >= upto:
                first = here.item_id + 1
                continue
            engine().forget(first * STRIDE, upto * STRIDE + STRIDE - 1, [Noun.ITEM, *OF_ITEMS])
            engine().add(sorted(entries))
            here.item_id, here.at = upto, timezone.now()
            here.save()
        done += len(entries)
        tell(done)
        first = upto + 1
    return done


def _events(tell: Tell) -> int:
    """What events tell of, in their sealed order."""
    done = 0
    while True:
        since = reached().sequence
        events = list(
            Event.objects.filter(sequence__gt=since)
            .order_by("sequence")
            .values_list("sequence", "noun", "noun_id", "verb")[:EVENTS]
        )
        if not events:
            return done
        told: dict[Noun, set[int]] = defaultdict(set)
        for _sequence, noun, number, verb in events:
            if noun == "item":
                told[Noun.ITEM].add(number)
            elif noun in NOUNS:
                told[NOUNS[noun]].add(number)
            elif verb.startswith("journal.batch."):
                told[Noun.ITEM].update(_left_out(number))
        done += _write(told, events[-1][0] or since)
        tell(done)


def _left_out(batch_id: int) -> list[int]:
    """Items of a batch that have no entry: committed by another while the numbers were walked."""
    low = reached().item_id
    entry = Entry.objects.filter(
        id=ExpressionWrapper(OuterRef("pk") * STRIDE + int(Noun.ITEM), output_field=BigIntegerField())
    )
    found = Item.objects.filter(created_in=batch_id, pk__lte=low, presence=0, kind__is_listed=True)
    return list(found.filter(~Exists(entry)).values_list("id", flat=True)) if low else []


def _write(told: dict[Noun, set[int]], sequence: int) -> int:
    things = {noun: sorted(numbers) for noun, numbers in told.items()}
    for noun, model in OF_ITEMS.items():
        numbers = _among(model, things.get(Noun.ITEM, ()))
        if numbers:
            things[noun] = numbers
    entries: list[tuple[int, str]] = []
    stale: list[int] = []
    for noun, numbers in things.items():
        for start in range(0, len(numbers), PORTION):
            part = numbers[start : start + PORTION]
            entries += _entries(noun, READERS[noun](part))
            stale += [number * STRIDE + noun for number in part]
    with transaction.atomic():
        here = Reached.objects.select_for_update().get(id=1)
        engine().forget_these(stale)
        engine().add(sorted(entries))
        here.sequence, here.at = max(sequence, here.sequence), timezone.now()
        here.save()
    return len(entries)


def _among(model: Any, numbers: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(numbers), PORTION):
        found += model.objects.filter(pk__in=numbers[start : start + PORTION]).values_list("pk", flat=True)
    return sorted(found)


def rebuild() -> int:
    """Make the whole index anew, such as after a change of the analyser."""
    with transaction.atomic():
        entries = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        engine().forget(0, entries, list(Noun))
        Reached.objects.update_or_create(id=1, defaults={"sequence": 0, "item_id": 0})
    done = index_all()
    told: dict[Noun, set[int]] = {
        Noun.PERSON: set(Person.objects.values_list("pk", flat=True)),
        Noun.TASK: set(Task.objects.values_list("pk", flat=True)),
        Noun.VIEW: set(SavedView.objects.values_list("pk", flat=True)),
        Noun.RULE: set(Rule.objects.values_list("pk", flat=True)),
    }
    return done + _write(told, reached().sequence)
