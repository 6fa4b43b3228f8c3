"""Check needed, by itself: the journal is followed, and a document is doubted where what it states was altered.

Events are read in their sealed order, in portions; each portion's doubts, and how far the reading has come, are written
in one transaction, so that a round that is killed is taken up where it stopped and raises nothing twice. What imports
and rules alter without an event for each thing (dependencies, responsible group) is held against what the document
stated, whenever a portion tells of such a change.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from helhet.documents.asking import ask_groups
from helhet.documents.aspects import ATTRIBUTES, COMPARED, aspects_of, matches, moved_by
from helhet.documents.models import Cause, Described, Document, Doubt, Followed
from helhet.documents.stating import stated_now
from helhet.journal.actions import record
from helhet.journal.models import Event
from helhet.journal.sealing import seal_all
from helhet.kit.engines import insert, save
from helhet.kit.rights import the_system
from helhet.kit.seldom import seldom_collected

PORTION = 5_000
CHUNK = 800
MANY = 2_000
"""So many aspects a statement names; of more, all that is stated of the things is read."""
BACK = "back"
"""How a doubt was settled when what was altered is again as the document states it."""
RENEWED = "renewed"
"""How a doubt was settled when the same was altered once more: another says so."""
SYSTEM = the_system("helhet")

Thing = tuple[str, int]
Tell = Callable[[int], None]


@dataclass(slots=True)
class Alteration:
    """One aspect of one thing, as it was before an event or several, and after."""

    thing: Thing
    aspect: str
    before: str
    after: str
    at: dt.datetime
    event_id: int | None


@dataclass(slots=True)
class Portion:
    """What the events after `since` and up to `last` altered, event by event, from when, and which compared aspects
    they may have moved.
    """

    since: int
    last: int = 0
    begins: dt.datetime | None = None
    by_thing: dict[Thing, dict[str, list[Alteration]]] = field(default_factory=dict)
    compare: set[str] = field(default_factory=set)


@seldom_collected()
def check_all(tell: Tell = lambda _done: None) -> int:
    """Follow the journal to its sealed end; returns how many doubts were raised, renewed or fell away."""
    seal_all()
    _begin()
    done = 0
    while True:
        with transaction.atomic():
            here = Followed.objects.select_for_update().get(id=1)
            portion = read_portion(here.sequence)
            if not portion.last:
                return done
            done += doubt(portion)
            here.sequence, here.at = portion.last, timezone.now()
            here.save()
        tell(done)


def _begin() -> None:
    """The first round begins at the journal's end as it is: what was published before is not held against the past."""
    if not Followed.objects.filter(id=1).exists():
        last = Event.objects.aggregate(last=Max("sequence"))["last"] or 0
        first = Described.objects.exists()
        Followed.objects.get_or_create(id=1, defaults={"sequence": 0 if first else last})


def read_portion(since: int) -> Portion:
    """The events after this sequence, at most a portion of them, as what they altered."""
    rows = (
        Event.objects.filter(sequence__gt=since)
        .order_by("sequence")
        .values_list("sequence", "id", "at", "verb", "noun", "noun_id", "before", "after")[:PORTION]
        .iterator(chunk_size=CHUNK)
    )
    portion = Portion(since)
    for sequence, event_id, at, verb, noun, noun_id, before, after in rows:
        portion.last = sequence or since
        altered = aspects_of(verb, before, after)
        portion.compare |= moved_by(verb, altered)
        if not altered:
            continue
        portion.begins = min(portion.begins or at, at)
        aspects = portion.by_thing.setdefault((noun, noun_id), {})
        for aspect, (was, now) in altered.items():
            aspects.setdefault(aspect, []).append(Alteration((noun, noun_id), aspect, was, now, at, event_id))
    return portion


def doubt(portion: Portion) -> int:
    """Raise, renew and let fall the doubts that a portion gives reason for; tell the groups. In a transaction."""
    found = _stated_and_altered(portion)
    found += _compared(portion.compare)
    if not found:
        return 0
    open_doubts = _open_doubts({document_id for document_id, _one in found})
    raised: list[tuple[int, Alteration]] = []
    renewed: list[tuple[Open, Alteration]] = []
    fallen: list[Open] = []
    for document_id, one in found:
        known = open_doubts.get((document_id, *one.thing, one.aspect))
        is_compared = one.aspect in COMPARED
        if known is None:
            if one.before != one.after:
                raised.append((document_id, one))
        elif (one.before if is_compared else known.before) == one.after:
            fallen.append(known)
        elif known.after != one.after or (is_compared and known.before != one.before):
            renewed.append((known, one if is_compared else replace(one, before=known.before)))
    _write(raised, renewed, fallen)
    return len(raised) + len(renewed) + len(fallen)


def _stated_and_altered(portion: Portion) -> list[tuple[int, Alteration]]:
    """(document, alteration) for each altered aspect that a published document states, if it was published before."""
    names: dict[str, set[str]] = defaultdict(set)
    for (noun, _noun_id), altered in portion.by_thing.items():
        names[noun] |= altered.keys()
    if not names:
        return []
    found: list[tuple[int, Alteration]] = []
    late = Document.objects.filter(published__published_at__gte=portion.begins)
    since = dict(late.order_by().values_list("pk", "published__published_at"))
    for noun, altered_names in names.items():
        rows = _stating(portion, noun, altered_names - {*COMPARED})
        for document_id, noun_id, stated in rows.values_list("document_id", "noun_id", "aspect"):
            found += [
                (document_id, one)
                for name, steps in portion.by_thing.get((noun, noun_id), {}).items()
                if matches(stated, name) and (one := _since(since.get(document_id), steps)) is not None
            ]
    return list({(document_id, one.thing, one.aspect): (document_id, one) for document_id, one in found}.values())


def _stating(portion: Portion, noun: str, names: set[str]) -> QuerySet[Described]:
    """What published documents state of the things that a portion's events are about."""
    # The things are asked for where the events stand: thousands of numbers in a question cost more than its answer.
    events = Event.objects.filter(sequence__gt=portion.since, sequence__lte=portion.last, noun=noun)
    rows = Described.objects.filter(
        noun=noun, noun_id__in=events.values("noun_id"), document__published__isnull=False, document__item__presence=0
    ).exclude(aspect__in=COMPARED)
    return rows.filter(aspect__in=[*sorted(names), "", ATTRIBUTES]) if len(names) < MANY else rows


def _since(published_at: dt.datetime | None, steps: Sequence[Alteration]) -> Alteration | None:
    """What the events after a publication made of the aspect together; None where none came after it. No day of
    publication: it was before them all.
    """
    after = steps if published_at is None else [one for one in steps if one.at > published_at]
    if len(after) < 2:
        return after[0] if after else None
    return replace(after[-1], before=after[0].before)


def _compared(aspects: set[str]) -> list[tuple[int, Alteration]]:
    """(document, alteration) for each compared aspect, with what was stated and what stands; told by no event."""
    if not aspects:
        return []
    rows = Described.objects.filter(
        aspect__in=aspects, document__published__isnull=False, document__item__presence=0
    ).values_list("aspect", "document_id", "noun_id", "stated")
    by_aspect: dict[str, list[tuple[int, int, Sequence[str]]]] = defaultdict(list)
    for aspect, document_id, noun_id, was in rows.order_by("aspect", "document_id", "noun_id"):
        by_aspect[aspect].append((document_id, noun_id, was or ()))
    found: list[tuple[int, Alteration]] = []
    now = timezone.now()
    for aspect, stated in by_aspect.items():
        stands = stated_now(aspect, {noun_id for _document, noun_id, _was in stated})
        for document_id, noun_id, was in stated:
            before, after = _differing(was, stands.get(noun_id, []))
            found.append((document_id, Alteration(("item", noun_id), aspect, before, after, now, None)))
    return found


def _differing(was: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """What is gone and what is new, as text; both empty where nothing is."""
    gone = [one for one in was if one not in now]
    new = [one for one in now if one not in was]
    return ", ".join(gone)[:300], ", ".join(new)[:300]


class Open(NamedTuple):
    """An open doubt, as far as it is held against what was altered since."""

    id: int
    document_id: int
    noun: str
    noun_id: int | None
    aspect: str
    before: str
    after: str


def _open_doubts(documents: set[int]) -> dict[tuple[int, str, int, str], Open]:
    found: dict[tuple[int, str, int, str], Open] = {}
    for part in _chunks(sorted(documents)):
        rows = Doubt.objects.filter(document_id__in=part, settled_at__isnull=True, cause=Cause.CHANGED)
        for row in rows.values_list(*Open._fields):
            one = Open(*row)
            found[one.document_id, one.noun, one.noun_id or 0, one.aspect] = one
    return found


COLUMNS = (
    "document", "cause", "noun", "noun_id", "aspect", "before", "after", "event_id", "at", "by", "text",
    "settled_by", "settled_how", "settled_text",
)  # fmt: skip


def _write(
    raised: list[tuple[int, Alteration]], renewed: list[tuple[Open, Alteration]], fallen: list[Open]
) -> None:  # fmt: skip
    # A renewed doubt is another row: who confirms the former, as he saw it, does not confirm what came since.
    now = timezone.now()
    ended = [(one, RENEWED) for one, _new in renewed] + [(one, BACK) for one in fallen]
    settled = [Doubt(pk=one.id, settled_at=now, settled_by="helhet", settled_how=how) for one, how in ended]
    save(Doubt, settled, ["settled_at", "settled_by", "settled_how"])
    insert(
        Doubt, COLUMNS,
        (
            (pk, str(Cause.CHANGED), *one.thing, one.aspect, one.before, one.after, one.event_id, one.at, "helhet",
             "", "", "", "")
            for pk, one in [*raised, *((old.document_id, new) for old, new in renewed)]
        ),
    )  # fmt: skip
    new = {pk for pk, _one in raised}
    if raised:
        _mark_doubtful()
    keep_doubtful({one.document_id for one in fallen})
    if raised or renewed or fallen:
        told = {"raised": len(raised), "renewed": len(renewed), "fell_away": len(fallen), "documents": len(new)}
        record("documents.check.done", "check", 1, by=SYSTEM, after=told)
    ask_groups(new)


def _mark_doubtful() -> None:
    """Set `is_doubtful` where a doubt was raised; asked for where the doubts stand, as there may be thousands."""
    doubted = Doubt.objects.filter(settled_at__isnull=True).values("document_id")
    Document.objects.filter(is_doubtful=False, pk__in=doubted).update(is_doubtful=True)


def keep_doubtful(documents: Iterable[int]) -> None:
    """Set `is_doubtful` of these documents by their open doubts."""
    for part in _chunks(sorted(documents)):
        doubted = set(
            Doubt.objects.filter(document_id__in=part, settled_at__isnull=True).values_list("document_id", flat=True)
        )
        Document.objects.filter(pk__in=doubted, is_doubtful=False).update(is_doubtful=True)
        Document.objects.filter(pk__in=set(part) - doubted, is_doubtful=True).update(is_doubtful=False)


def _chunks(numbers: Sequence[int]) -> Iterable[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield list(numbers[start : start + CHUNK])
