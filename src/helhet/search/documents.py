"""Documents and routines, the right one first: found by the index, weighed by their titles, use and state.

The index gives a hundred candidates: those with all words in titles, in what a document may be called by or in headings
first, then those that have them anywhere. Where that is more than can be weighed, titles come first, and routines by
how much they are used. Of the candidates the best are read, to see whether the words stand together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.groups.models import Answer
from helhet.kit.composed import Composed
from helhet.kit.rights import Caller
from helhet.rules.excerpts import Seeker, Sought
from helhet.rules.same_words import JOINT
from helhet.search.asking import HALF, Asked, Choice, asked
from helhet.search.document_texts import TIERS
from helhet.search.engines import engine
from helhet.search.hits import ANYWHERE, EXACT, IN_TEXT, IN_TITLE, PARTLY, WITHIN, Found, Standpoint
from helhet.search.models import STRIDE, DocumentText, Noun
from helhet.search.readable import Readable
from helhet.search.showing import READ_CHARACTERS, hits
from helhet.search.weighing import (
    ANYWHERE_IN_TEXT,
    BEGUN_ANYWHERE,
    BEGUN_IN_TITLES,
    BUT_ONE,
    IN_HEADINGS,
    IN_TITLES,
    SOME,
    Candidate,
    called_by,
    ends_in_a_word,
    looks_like_symptom,
    needed_words,
    weigh,
    whole_forms_in,
    with_place,
)

MOST = 100
"""So many candidates are weighed; beyond them the answer says that there are more."""
READ = 30
"""Of so many, the best by title, use and state, the text is read."""
ALONE = 4
"""Where nothing holds all words, so many of them are asked for alone."""
FIRST_BATCH, LARGEST_BATCH = 130, 16_000


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """The hits, and the items that are themselves one of the candidates."""

    found: Found
    item_ids: frozenset[int]


@lru_cache(maxsize=1)
def _begins() -> Composed:
    """The beginnings of the texts."""
    texts = DocumentText.objects.annotate(begins=Left("text", READ_CHARACTERS))
    return Composed(texts.order_by().values_list("pk", "begins"), "pk")


def find_documents(text: str, caller: Caller, each: int, seen_from: Standpoint = ANYWHERE) -> FoundDocuments:
    """What a text finds among what the caller may read, the best first; at most `each` hits are made ready.

    Where nothing holds all of its words, what holds some of them is told, and that it does no more.
    """
    needed, heavy = needed_words(text)
    whole = asked(needed, apart=True, others=True)
    wanted = whole if heavy == needed else _asked_for(heavy, needed)
    sought, exactly = _sought(wanted), _sought(wanted.exact())
    is_written = bool(wanted.prefixes) and ends_in_a_word(needed)
    candidates, more = _candidates(wanted, whole, caller, seen_from, is_written=is_written)
    if seen_from.groups:
        _mark_groups(candidates, seen_from.groups)
    on = timezone.localdate()
    question, is_symptom = called_by(needed, ""), looks_like_symptom(text)
    for one in candidates:
        words = exactly if is_written and one.level != BEGUN_ANYWHERE else sought
        one.points, one.is_exact = weigh(one, question, words, on=on, is_symptom=is_symptom)
    weighed = sorted(candidates, key=lambda one: one.order)
    seeker = Seeker(_sought(whole))
    # With a single word no place of a text is worth more than another's, so that only what is shown need be read.
    read = READ if len(seeker.asked) > 1 else min(each, READ)
    weighed = [*sorted(_read(weighed[:read], seeker), key=lambda one: one.order), *weighed[read:]]
    _read(weighed[read:each], seeker)
    is_partly = bool(weighed) and weighed[0].is_partly
    label = _("Routines and documents with some of the words") if is_partly else _("Routines and documents")
    met = _how_met(weighed[0], exactly, is_symptom=is_symptom) if weighed else IN_TEXT
    found = Found(Noun.DOCUMENT, label, hits(weighed[:each], seeker, on, caller), len(weighed), more, met)
    return FoundDocuments(found, frozenset(one.item_id for one in weighed if "/" not in one.address))


def _asked_for(heavy: str, needed: str) -> Asked:
    """What weighs, asked for; its last word is in writing only where nothing was written after it."""
    wanted = asked(heavy, apart=True, others=True)
    return wanted if needed.endswith(heavy.rsplit(maxsplit=1)[-1]) else wanted.exact()


def _how_met(first: Candidate, exactly: Sequence[Sought], *, is_symptom: bool) -> int:
    if first.is_partly:
        return PARTLY
    if first.is_exact or (is_symptom and first.is_routine):
        return EXACT
    if first.level not in {IN_TITLES, BEGUN_IN_TITLES}:
        return IN_TEXT
    words = whole_forms_in(f"{first.title}\n{first.names}")
    return IN_TITLE if all(word.is_met_whole(words) for word in exactly) else WITHIN


def _sought(wanted: Asked) -> list[Sought]:
    """Halves of compounds are told by the words themselves, and so left out."""
    return [_one_sought(ways) for ways in wanted.words]


def _one_sought(ways: Sequence[Choice]) -> Sought:
    alone = {way.whole[0] for way in ways if len(way.whole) == 1 and not way.prefix and way.whole[0][0] != HALF}
    phrases = frozenset(one for one in alone if JOINT in one)
    return Sought(
        frozenset(alone - phrases),
        tuple(sorted({way.prefix for way in ways if way.prefix and way.prefix[0] != HALF and not way.whole})),
        tuple((way.whole, way.prefix) for way in ways if len(way.whole) + bool(way.prefix) > 1),
        phrases,
    )


def _candidates(
    wanted: Asked, whole: Asked, caller: Caller, seen_from: Standpoint, *, is_written: bool
) -> tuple[list[Candidate], bool]:
    """The best levels first; beginnings of words only where whole words do not give enough.

    `whole` is what is wanted with the words that may be missing. `is_written`: the last word is one already, so that
    what has it comes before titles that hold another word which only begins so, as *journal* does with *jour*.
    """
    found: dict[int, int] = {}
    through: frozenset[int] = frozenset()
    readable = Readable(caller, (wanted, whole))
    if seen_from.item_id is not None:
        through = frozenset(readable.first(_of_item(seen_from.item_id, wanted, readable), MOST))
        found.update(dict.fromkeys(through, ANYWHERE_IN_TEXT))
    titles, exact = wanted.in_titles(), wanted.exact()
    partly = [exact.some_in_titles()] if len(wanted.words) > 1 else []
    partly += [whole.exact()] if len(whole.words) > len(wanted.words) else []
    if is_written:
        more = (
            _fill(found, exact.in_headings(), IN_HEADINGS, readable, better=[titles.exact()])
            or _fill(found, exact, ANYWHERE_IN_TEXT, readable, better=partly)
            or _fill(found, wanted.in_headings(), BEGUN_ANYWHERE, readable, better=[titles])
            or _fill(found, wanted, BEGUN_ANYWHERE, readable)
        )
    else:
        more = (
            _fill(found, wanted.in_headings(), IN_HEADINGS, readable, better=[titles.exact(), titles])
            or _fill(found, exact, ANYWHERE_IN_TEXT, readable, better=partly)
            or _fill(found, wanted, ANYWHERE_IN_TEXT, readable)
        )
    if not found and len(wanted.words) > 1:
        more = _fill_partly(found, wanted.exact(), readable)
    candidates = [_candidate(readable.told[number], level) for number, level in found.items()]
    for one in candidates:
        one.is_through = one.id in through
    return candidates, more


def _fill_partly(found: dict[int, int], wanted: Asked, readable: Readable) -> bool:
    """What lacks one word; then what has any of the few words that fewest have."""
    if len(wanted.words) > 2 and _fill(found, wanted.but_one(), BUT_ONE, readable, better=[]):
        return True
    alone = [(len(_visible(one, readable, MOST, ())), one) for one in wanted.one_by_one()]
    rarest = [one for number, one in sorted(alone, key=lambda one: one[0]) if number][:ALONE]
    filled = [_fill(found, one, SOME, readable, better=[one.in_titles()]) for one in rarest]
    return any(filled)


def _fill(found: dict[int, int], wanted: Asked, level: int, readable: Readable, better: Sequence[Asked] = ()) -> bool:
    """Add what a level finds; true when that is more than can be weighed.

    What meets one of `better` is then taken first, and of what is alike the routines that are used most.
    """
    first = None if better and readable.is_vast(wanted) else readable.ids(wanted, -1, FIRST_BATCH)
    if first is not None and len(first) < FIRST_BATCH:
        here = _visible(wanted, readable, MOST - len(found), found, first)
        if len(here) <= MOST - len(found):
            _add(found, here, level)
            return False
    # Where very much is met, what is better most often fills the room, and the rest need not be found or asked who may
    # read it.
    if any(_fill(found, one, level, readable) for one in better):
        return True
    readable.ask_of(_by_use(found, wanted, readable))
    for tier in TIERS:
        if (room := MOST - len(found)) == 0:
            break
        used = _visible(wanted.of_tier(tier), readable, room, found)
        _add(found, used, level)
        if len(used) > room:
            return True
    here = _visible(wanted, readable, MOST - len(found), found, first)
    is_more = len(here) > MOST - len(found)
    _add(found, here, level)
    return is_more


def _by_use(found: Collection[int], wanted: Asked, readable: Readable) -> list[int]:
    """What fills the room, and one more, if the caller may read all of it, the sorts of use one after the other."""
    first, room = dict[int, None](), MOST - len(found)
    for one in (*map(wanted.of_tier, TIERS), wanted):
        ids = readable.ids(one, -1, FIRST_BATCH)
        first.update(dict.fromkeys(number for number in (one // STRIDE for one in ids) if number not in found))
        if len(first) > room:
            break
    return list(first)[: room + 1]


def _add(found: dict[int, int], numbers: Sequence[int], level: int) -> None:
    """As many as there is room for."""
    for number in numbers:
        if len(found) >= MOST:
            return
        found.setdefault(number, level)


def _of_item(item_id: int, wanted: Asked, readable: Readable) -> list[int]:
    """What is met of the documents about one item, so that the many others do not push them out."""
    of_item = Document.objects.visible_to(readable.caller).filter(Q(item=item_id) | Q(about__item=item_id))
    rows = of_item.filter(pk__in=RawSQL(*_numbers_sql(wanted))).distinct()  # noqa: S611
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])


def _numbers_sql(wanted: Asked) -> tuple[str, list[Any]]:
    sql, params = engine().ids_sql(wanted.of(Noun.DOCUMENT))
    return f"SELECT (f.id - {int(Noun.DOCUMENT)}) / {STRIDE} FROM ({sql}) f", params  # noqa: S608 - own names only


def _visible(
    wanted: Asked, readable: Readable, room: int, but: Collection[int], begun: list[int] | None = None
) -> list[int]:
    """Up to one more than `room` of what is met and may be read, rising by number, without those that are known.

    What may not be read never counts towards the room, so that nobody learns by a count what is kept from him. `begun`
    is the index's first batch, where it is known.
    """
    found: list[int] = []
    last, batch = -1, FIRST_BATCH
    while len(found) <= room:
        ids = readable.ids(wanted, last, batch) if begun is None or last >= 0 else begun
        numbers = [number for number in (one // STRIDE for one in ids) if number not in but]
        found.extend(readable.first(numbers, room + 1 - len(found)))
        if len(ids) < batch:
            break
        last, batch = ids[-1], min(LARGEST_BATCH, batch * 4)
    return found


def _candidate(row: tuple[Any, ...], level: int) -> Candidate:
    (number, item_id, part, prefix, count, title, names, sort, doubtful, due_on, valid_to, routine, kind, uses, proven,
     days) = row  # fmt: skip
    address = f"{prefix}-{count}/{part}" if part else f"{prefix}-{count}"
    return Candidate(
        number, item_id, address, title, names, level, sort=sort, kind=kind or "", is_routine=routine is not None,
        uses=uses or 0, last_proven_on=proven, prove_days=days, is_doubtful=doubtful, due_on=due_on, valid_to=valid_to,
    )  # fmt: skip


def _mark_groups(candidates: Sequence[Candidate], groups: Collection[int]) -> None:
    open_answers = Answer.objects.open().filter(group_id__in=groups)
    theirs = set(open_answers.filter(item__in=[one.item_id for one in candidates]).values_list("item_id", flat=True))
    for one in candidates:
        one.is_of_group = one.item_id in theirs


def _read(candidates: Sequence[Candidate], seeker: Seeker) -> Sequence[Candidate]:
    texts = dict(_begins().among([one.id for one in candidates]))
    for one in candidates:
        one.text = texts.get(one.id, "")
        one.place, points = with_place(one, seeker)
        one.points += points
    return candidates
