"""The index follows the journal: new items by their numbers, all else by its events, in portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, ExpressionWrapper, F, Max, OuterRef
from django.db.models.fields import BigIntegerField
from django.utils import timezone

from helhet.changes.models import Change
from helhet.documents.models import About, Document, Version
from helhet.groups.models import Group, Person, SavedView, Task
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.journal.sealing import seal_all
from helhet.responsibility.models import Rule
from helhet.routines.models import Run
from helhet.rules.words import ANALYSER
from helhet.search.asking import words_of
from helhet.search.document_texts import entries_of, keep
from helhet.search.engines import engine
from helhet.search.models import STRIDE, DocumentText, Entry, Noun, Reached
from helhet.search.texts import READERS, Texts, of_item_range

PORTION = 4_000
EVENTS = 5_000
OF_ITEMS: dict[Noun, Any] = {Noun.GROUP: Group, Noun.CHANGE: Change}
"""Nouns whose things have an item of the same number, and are found under their own noun alone."""
NOUNS = {
    "person": Noun.PERSON, "task": Noun.TASK, "view": Noun.VIEW, "rule": Noun.RULE,
    "document": Noun.DOCUMENT, "routine": Noun.DOCUMENT,
}  # fmt: skip
MANY = 500
"""After so many new entries the engine is let make its index quick again."""
DOCUMENTS = 500
"""So many documents, which are long, are a portion."""

Tell = Callable[[int], None]


def reached() -> Reached:
    """How far the index has come."""
    return Reached.objects.filter(id=1).first() or Reached()


def index_all(tell: Tell = lambda _done: None) -> int:
    """Bring the index up to what is committed now; returns how many entries were written."""
    seal_all()
    with transaction.atomic():
        Reached.objects.get_or_create(id=1, defaults={"analyser": ANALYSER})
    if reached().analyser != ANALYSER:
        return rebuild(tell)
    return _follow(tell)


def _follow(tell: Tell) -> int:
    done = _new_items(tell) + _new_versions(tell) + _events(tell)
    if done >= MANY:
        engine().settle()
    return done


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


def _new_versions(tell: Tell) -> int:
    """Documents of which something was published that is not in the index, by the versions' numbers."""
    done = 0
    while True:
        new = Version.objects.filter(pk__gt=reached().version_id).order_by("pk")
        rows = list(new.values_list("pk", "document_id")[:DOCUMENTS])
        if not rows:
            return done
        entries, texts = entries_of(sorted({number for _pk, number in rows}))
        with transaction.atomic():
            here = Reached.objects.select_for_update().get(id=1)
            _put({number for _pk, number in rows}, entries, texts)
            here.version_id, here.at = max(rows[-1][0], here.version_id), timezone.now()
            here.save()
        done += len(entries)
        tell(done)


def _put(numbers: Iterable[int], entries: list[tuple[int, str]], texts: list[DocumentText]) -> None:
    engine().forget_these([number * STRIDE + Noun.DOCUMENT for number in sorted(numbers)])
    engine().add(sorted(entries))
    keep(numbers, texts)


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
            elif noun == "run":
                told[Noun.DOCUMENT].update(Run.objects.filter(pk=number).values_list("routine_id", flat=True))
            elif verb.startswith("journal.batch."):
                told[Noun.ITEM].update(_left_out(number))
                told[Noun.DOCUMENT].update(_published_late())
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


def _published_late() -> list[int]:
    """Documents whose published version the index lacks: committed by another while the numbers were walked."""
    published = Document.objects.filter(published__isnull=False, published__lte=reached().version_id)
    found = published.filter(item__presence=0).exclude(searched__of_version=F("published_id"))
    return list(found.values_list("pk", flat=True))


def _write(told: dict[Noun, set[int]], sequence: int) -> int:
    things = {noun: sorted(numbers) for noun, numbers in told.items()}
    for noun, model in OF_ITEMS.items():
        numbers = _among(model, things.get(Noun.ITEM, ()))
        if numbers:
            things[noun] = numbers
    documents = set(things.pop(Noun.DOCUMENT, ()))
    for start in range(0, len(things.get(Noun.ITEM, ())), PORTION):
        part = things[Noun.ITEM][start : start + PORTION]
        documents |= set(Document.objects.filter(item_id__in=part).values_list("pk", flat=True))
        documents |= set(About.objects.filter(item_id__in=part).values_list("document_id", flat=True))
    written = _write_documents(sorted(documents))
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
    return len(entries) + written


def _write_documents(numbers: list[int]) -> int:
    written = 0
    for start in range(0, len(numbers), DOCUMENTS):
        part = numbers[start : start + DOCUMENTS]
        entries, texts = entries_of(part)
        with transaction.atomic():
            # Whoever else writes to the index waits, so that no entry is put in twice.
            Reached.objects.select_for_update().get(id=1)
            _put(part, entries, texts)
        written += len(entries)
    return written


def _among(model: Any, numbers: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(numbers), PORTION):
        found += model.objects.filter(pk__in=numbers[start : start + PORTION]).values_list("pk", flat=True)
    return sorted(found)


def rebuild(tell: Tell = lambda _done: None) -> int:
    """Make the whole index anew, such as after a change of the analyser."""
    with transaction.atomic():
        entries = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        engine().forget(0, entries, list(Noun))
        DocumentText.objects.all().delete()
        begun = {"sequence": 0, "item_id": 0, "version_id": 0, "analyser": ANALYSER}
        Reached.objects.update_or_create(id=1, defaults=begun)
    seal_all()
    done = _follow(tell)
    told: dict[Noun, set[int]] = {
        Noun.PERSON: set(Person.objects.values_list("pk", flat=True)),
        Noun.TASK: set(Task.objects.values_list("pk", flat=True)),
        Noun.VIEW: set(SavedView.objects.values_list("pk", flat=True)),
        Noun.RULE: set(Rule.objects.values_list("pk", flat=True)),
    }
    return done + _write(told, reached().sequence)
