"""Documents and routines, the right one first: found by the index, weighed by their titles, use and state.

The index gives a few hundred candidates, the best levels first: all words in a title or in what a document may be
called by; in headings too; some in a title; anywhere. Of a level that has more than can be weighed, routines that are
used come first, then other routines. Of the candidates the best are read, to see whether the words stand together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort
from helhet.groups.models import Answer
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.routines.models import RoutineKind
from helhet.rules.excerpts import Segments, Sought, cut, mark
from helhet.rules.words import tokens
from helhet.search.asking import HALF, Asked, asked
from helhet.search.document_texts import ROUTINE, USED
from helhet.search.engines import engine
from helhet.search.hits import ANYWHERE, EXACT, IN_TEXT, IN_TITLE, Found, Hit, Standpoint
from helhet.search.models import STRIDE, DocumentText, Noun
from helhet.search.weighing import LEVEL, Candidate, looks_like_symptom, needed_words, weigh, with_place

MOST = 200
"""So many candidates are weighed; beyond them the answer says that there are more."""
READ = 30
"""Of so many, the best by title, use and state, the text is read."""
READ_CHARACTERS = 20_000
FIRST_BATCH, LARGEST_BATCH = 400, 16_000
FIELDS = (
    "pk", "item_id", "part", "item__prefix", "item__number", "searched__title", "searched__names", "is_doubtful",
    "due_on", "valid_to", "routine__pk", "routine__uses", "routine__last_proven_on", "routine__prove_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """The hits, and the items that are themselves one of the candidates."""

    found: Found
    item_ids: frozenset[int]


def find_documents(text: str, caller: Caller, each: int, seen_from: Standpoint = ANYWHERE) -> FoundDocuments:
    """What a text finds among what the caller may read, the best first; at most `each` hits are made ready."""
    text = needed_words(text)
    wanted = asked(text, apart=True)
    sought = _sought(wanted)
    candidates, more = _candidates(wanted, caller, seen_from)
    if seen_from.groups:
        candidates = _with_groups(candidates, seen_from.groups)
    on = timezone.localdate()
    folded, is_symptom = fold(text), looks_like_symptom(text)
    weighed: list[Candidate] = []
    for one in candidates:
        points, is_exact = weigh(one, folded, sought, on=on, is_symptom=is_symptom)
        weighed.append(replace(one, points=points, is_exact=is_exact))
    weighed.sort(key=lambda one: one.order)
    weighed = [*sorted(_read(weighed[:READ], sought), key=lambda one: one.order), *weighed[READ:]]
    met = IN_TEXT
    if weighed:
        first = weighed[0]
        is_first = first.is_exact or (is_symptom and first.is_routine)
        met = EXACT if is_first else IN_TITLE if first.level == 0 else IN_TEXT
    hits = _hits(weighed[:each], sought, on)
    label = _("Routines and documents")
    found = Found(Noun.DOCUMENT, label, hits, len(weighed), more, met)
    return FoundDocuments(found, frozenset(one.item_id for one in weighed if "/" not in one.address))


def _sought(wanted: Asked) -> list[Sought]:
    """Halves of compounds are told by the words themselves, and so left out."""
    return [
        Sought(
            frozenset(word for way in ways for word in way.whole if word[0] != HALF),
            tuple(sorted({way.prefix for way in ways if way.prefix and way.prefix[0] != HALF and not way.whole})),
        )
        for ways in wanted.words
    ]


def _candidates(wanted: Asked, caller: Caller, seen_from: Standpoint) -> tuple[list[Candidate], bool]:
    """The best levels first; beginnings of words only where whole words do not give enough."""
    found: dict[int, Candidate] = {}
    levels = [wanted.in_titles(), wanted.in_headings(), wanted.some_in_titles(), wanted]
    if seen_from.item_id is not None:
        found.update(_of_item(seen_from.item_id, wanted, caller))
    for level, asking in enumerate(levels):
        if level == 2 and len(wanted.words) == 1:
            continue
        for one in (asking.exact(), asking):
            if _fill(found, one, level, caller):
                return list(found.values()), True
    return list(found.values()), False


def _fill(found: dict[int, Candidate], wanted: Asked, level: int, caller: Caller) -> bool:
    """Add what a level finds; true when that is more than can be weighed, routines and those in use then first."""
    room = MOST - len(found)
    here = _visible(wanted, level, caller, room, found)
    if len(here) <= room:
        found.update(here)
        return False
    for tier in (USED, ROUTINE):
        _add(found, _visible(wanted.of_tier(tier), level, caller, MOST - len(found), found))
    _add(found, here)
    return True


def _add(found: dict[int, Candidate], more: dict[int, Candidate]) -> None:
    """As many as there is room for."""
    for number, one in more.items():
        if len(found) >= MOST:
            return
        found.setdefault(number, one)


def _of_item(through: int, wanted: Asked, caller: Caller) -> dict[int, Candidate]:
    """What is met of the documents about one item, so that the many others do not push them out."""
    of_item = Document.objects.visible_to(caller).filter(Q(item=through) | Q(about__item=through))
    rows = of_item.filter(searched__isnull=False, pk__in=RawSQL(*_numbers_sql(wanted))).distinct()  # noqa: S611
    found = [_candidate(row, len(LEVEL) - 1) for row in rows.order_by("pk").values_list(*FIELDS)[:MOST]]
    return {one.id: replace(one, is_through=True) for one in found}


def _numbers_sql(wanted: Asked) -> tuple[str, list[Any]]:
    sql, params = engine().ids_sql(wanted.of(Noun.DOCUMENT))
    return f"SELECT (f.id - {int(Noun.DOCUMENT)}) / {STRIDE} FROM ({sql}) f", params  # noqa: S608 - own names only


def _visible(wanted: Asked, level: int, caller: Caller, room: int, but: Collection[int]) -> dict[int, Candidate]:
    """Up to one more than `room` of what is met and may be read, rising by number, without those that are known.

    What may not be read never counts towards the room, so that nobody learns by a count what is kept from him.
    """
    found: dict[int, Candidate] = {}
    last, batch = -1, max(FIRST_BATCH, 2 * room)
    sql, params = engine().ids_sql(wanted.of(Noun.DOCUMENT))
    while len(found) <= room:
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} AND id > %s ORDER BY 1 LIMIT {batch}", [*params, last])
            ids = [int(number) for (number,) in cursor.fetchall()]
        numbers = [number // STRIDE for number in ids]
        rows = Document.objects.visible_to(caller).filter(pk__in=[one for one in numbers if one not in but])
        for row in rows.filter(searched__isnull=False).order_by("pk").values_list(*FIELDS)[: room + 1 - len(found)]:
            found[row[0]] = _candidate(row, level)
        if len(ids) < batch:
            break
        last, batch = ids[-1], min(LARGEST_BATCH, batch * 4)
    return found


def _candidate(row: tuple[Any, ...], level: int) -> Candidate:
    number, item_id, part, prefix, count, title, names, doubtful, due_on, valid_to, routine, uses, proven, days = row
    address = f"{prefix}-{count}/{part}" if part else f"{prefix}-{count}"
    return Candidate(
        number, item_id, address, title, names, level, is_routine=routine is not None, uses=uses or 0,
        last_proven_on=proven, prove_days=days, is_doubtful=doubtful, due_on=due_on, valid_to=valid_to,
    )  # fmt: skip


def _with_groups(candidates: Sequence[Candidate], groups: Collection[int]) -> list[Candidate]:
    open_answers = Answer.objects.open().filter(group_id__in=groups)
    theirs = set(open_answers.filter(item__in=[one.item_id for one in candidates]).values_list("item_id", flat=True))
    return [replace(one, is_of_group=one.item_id in theirs) for one in candidates]


def _read(candidates: Sequence[Candidate], sought: Sequence[Sought]) -> list[Candidate]:
    rows = DocumentText.objects.filter(pk__in=[one.id for one in candidates])
    texts = dict(rows.annotate(begins=Left("text", READ_CHARACTERS)).values_list("pk", "begins"))
    read: list[Candidate] = []
    for one in candidates:
        place, points = with_place(texts.get(one.id, ""), sought)
        read.append(replace(one, place=place, points=one.points + points, text=texts.get(one.id, "")))
    return read


def _hits(shown: Sequence[Candidate], sought: Sequence[Sought], on: dt.date) -> list[Hit]:
    numbers = [one.id for one in shown]
    documents = Document.objects.filter(pk__in=numbers).select_related("item__kind", "published", "routine").in_bulk()
    answers = Answer.objects.open().filter(item_id__in=[one.item_id for one in shown], group__isnull=False)
    owners = dict(answers.values_list("item_id", "group__item__name"))
    return [
        _hit(one, documents[one.id], sought, owners.get(one.item_id, ""), on) for one in shown if one.id in documents
    ]


def _hit(one: Candidate, document: Document, sought: Sequence[Sought], owner: str, on: dt.date) -> Hit:
    title = mark(one.title, sought)
    shown = {number for number, word in enumerate(sought) if any(map(word.is_met, tokens(one.title)))}
    place = one.place
    snippet = cut(one.text, place) if place.places else []
    if len(shown) < len(sought):
        snippet = _name_that_met(one, sought, shown) or snippet
    state, label = _state(one, on)
    kind = _kind(document)
    icon = "routine" if one.is_routine else "document"
    return Hit(
        "document", one.id, one.title, document.item.get_absolute_url(), icon, title, snippet, reference=one.address,
        group_name=owner, state_label=label, state=state, kind_label=kind,
    )  # fmt: skip


def _name_that_met(one: Candidate, sought: Sequence[Sought], shown: set[int]) -> Segments:
    """The symptom, label or item by which it was found, where that tells more than the text does."""
    for name in one.names.split("\n")[1:]:
        segments = mark(name, [word for number, word in enumerate(sought) if number not in shown])
        if any(is_match for _text, is_match in segments) and one.place.words < len(sought):
            return segments
    return []


def _kind(document: Document) -> str:
    routine = getattr(document, "routine", None)
    if routine is not None:
        return str(dict(RoutineKind.choices).get(routine.kind, routine.kind))
    return str(dict(Sort.choices).get(document.sort, document.sort))


def _state(one: Candidate, on: dt.date) -> tuple[str, str]:
    """(mark, words) of what a reader must know before he trusts it; nothing where nothing is wrong."""
    if one.valid_to is not None and one.valid_to < on:
        return "none", _("No longer valid")
    if one.is_doubtful:
        return "due", _("Check needed")
    if one.due_on is not None and one.due_on < on:
        return "over", _("Review overdue")
    if one.is_unproven(on):
        return "due", _("Not proven lately")
    return "", ""
