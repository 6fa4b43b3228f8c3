"""One search over everything: hits by noun, the best noun first, with the match shown, as far as the caller may see.

The very name or reference comes first; then titles that hold the words, titles with longer words that hold them, and
texts; and what people use before what it stands on: services and products, other items, groups and the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.models import Change
from helhet.groups.models import Answer, Group, Person, SavedView, Task
from helhet.items.models import Family, Item
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.responsibility.models import Rule
from helhet.rules import words as analyser
from helhet.rules.excerpts import Segments, filled_lines, one_line
from helhet.rules.undotted import other_questions
from helhet.search.asking import Asked, asked, words_in
from helhet.search.documents import find_documents
from helhet.search.engines import engine
from helhet.search.hits import ANYWHERE, EXACT, IN_TEXT, IN_TITLE, PARTLY, WITHIN, Found, Hit, Standpoint
from helhet.search.indexing import reached
from helhet.search.models import STRIDE, Noun
from helhet.search.texts import READERS

MOST = 200
"""So many candidates of one noun are weighed; beyond them the answer says that there are more."""
LONGEST_QUESTION = 300
SNIPPET = 150
FIRST = frozenset({Family.SERVICE, Family.PRODUCT})
"""Of items that are met as well, those of these families come first."""
ORDER = (Noun.ITEM, Noun.DOCUMENT, Noun.GROUP, Noun.PERSON, Noun.CHANGE, Noun.TASK, Noun.VIEW, Noun.RULE)
"""Of nouns that are met as well, the first here comes first."""


def labels() -> dict[Noun, str]:
    """What each noun is called in the plural."""
    return {
        Noun.ITEM: _("Items"),
        Noun.GROUP: _("Groups"),
        Noun.PERSON: _("Persons"),
        Noun.TASK: _("Tasks"),
        Noun.VIEW: _("Saved views"),
        Noun.RULE: _("Responsibility rules"),
        Noun.CHANGE: _("Changes"),
        Noun.DOCUMENT: _("Routines and documents"),
    }


def visible(noun: Noun, caller: Caller) -> QuerySet[Any]:
    """The things of a noun that the caller may see: each room's own door."""
    doors: dict[Noun, Any] = {
        Noun.GROUP: Group.objects.visible_to(caller).select_related("item__kind"),
        Noun.ITEM: Item.objects.visible_to(caller).select_related("kind"),
        Noun.PERSON: Person.objects.visible_to(caller),
        Noun.TASK: Task.objects.visible_to(caller).select_related("group__item", "person"),
        Noun.VIEW: SavedView.objects.visible_to(caller),
        Noun.RULE: Rule.objects.visible_to(caller).select_related("group__item"),
        Noun.CHANGE: Change.objects.visible_to(caller).select_related("item", "group__item"),
    }
    return doors[noun]  # type: ignore[no-any-return]


def find(
    text: str, caller: Caller, *, nouns: Iterable[Noun] = Noun, each: int = 8, seen_from: Standpoint = ANYWHERE
) -> list[Found]:
    """What a text finds, by noun, the best first; at most `each` hits of a noun, and none that has no hits.

    Documents about the item that one looks from, and those of its groups, come before others. An item that is itself
    a found document is one hit, the document. Where nothing holds all of the words, they are asked for with the dots
    and rings that they may lack.
    """
    text = " ".join(text[:LONGEST_QUESTION].split())
    asked_for = list(nouns)
    found = _find_all(text, caller, asked_for, each, seen_from)
    if _is_met(found):
        return found
    others = [] if found or (by_deed := _by_deed(text)) == text else [by_deed]
    others += other_questions(text)
    answers = (_find_all(other, caller, asked_for, each, seen_from) for other in others)
    return next(filter(_is_met, answers), found)


def _by_deed(text: str) -> str:
    """A question for who does things as one for what they do: *förvaltare* for *förvaltning* too."""
    return " ".join(analyser.stem(word) if analyser.doer(word) else word for word in text.split())


def _is_met(found: list[Found]) -> bool:
    return any(one.met != PARTLY for one in found)


def _find_all(text: str, caller: Caller, asked_for: list[Noun], each: int, seen_from: Standpoint) -> list[Found]:
    wanted = asked(text)
    if not wanted.words:
        return []
    documents = find_documents(text, caller, each, seen_from) if Noun.DOCUMENT in asked_for else None
    shown = documents.item_ids if documents else frozenset()
    found = [_find(noun, text, wanted, caller, each, shown) for noun in asked_for if noun != Noun.DOCUMENT]
    if documents:
        found.append(documents.found)
    return sorted((one for one in found if one.count), key=lambda one: (one.met, ORDER.index(one.noun)))


def _find(  # noqa: PLR0917 - one question
    noun: Noun, text: str, wanted: Asked, caller: Caller, each: int, shown: frozenset[int]
) -> Found:
    in_title = _numbers(wanted.in_titles(), noun)
    whole = _first(asked(text, in_halves=False).exact().in_titles(), noun) if in_title else []
    numbers = dict.fromkeys([*in_title, *_numbers(wanted, noun)]) if len(in_title) <= MOST else dict.fromkeys(in_title)
    if noun == Noun.ITEM:
        numbers |= dict.fromkeys(_not_indexed(text))
    candidates = list(numbers)[:MOST]
    things = list(visible(noun, caller).filter(pk__in=candidates))
    if noun == Noun.ITEM and shown:
        things = [thing for thing in things if thing.pk not in shown]
    met_in_title = dict.fromkeys(in_title, WITHIN) | dict.fromkeys(whole, IN_TITLE)
    folded = fold(text)
    things.sort(key=lambda thing: _weight(thing, folded, met_in_title))
    met = _weight(things[0], folded, met_in_title)[0] if things else IN_TEXT
    hits = _hits(noun, things[:each], wanted)
    return Found(noun, labels()[noun], hits, len(things), len(numbers) > MOST, met)


def _numbers(wanted: Asked, noun: Noun) -> list[int]:
    """The first numbers of a noun, rising: both engines then weigh the same ones.

    Beginnings of words are asked for only where whole words do not give enough: they cost as much as they find.
    """
    whole = _first(wanted.exact(), noun)
    return whole if len(whole) > MOST else _first(wanted, noun)


def _first(wanted: Asked, noun: Noun) -> list[int]:
    return [number // STRIDE for number in engine().first(wanted.of(noun), -1, MOST + 1)]


def _not_indexed(text: str) -> list[int]:
    new = Item.objects.filter(pk__gt=reached().item_id, name_fold__contains=fold(text), kind__is_listed=True)
    return list(new.order_by("id").values_list("pk", flat=True)[:MOST])


def _weight(thing: Any, folded: str, in_title: Mapping[int, int]) -> tuple[int, bool, bool, int, str, int]:
    """Less is better: how it is met, whether people use it themselves, whether its name begins so, and a short name."""
    name = fold(_name(thing))
    begins = name.startswith(folded)
    met = in_title.get(thing.pk, WITHIN if begins else IN_TEXT)
    if folded in {name, fold(getattr(thing, "reference", ""))}:
        met = EXACT
    is_used = isinstance(thing, Item) and thing.kind.family in FIRST
    return met, not is_used, not begins, len(name), name, thing.pk


def _name(thing: Any) -> str:
    if isinstance(thing, Task):
        return thing.title
    if isinstance(thing, Rule):
        return thing.note or thing.filter or str(thing)
    return str(thing.name)


def _hits(noun: Noun, things: Sequence[Any], wanted: Asked) -> list[Hit]:
    texts = {number: texts for number, _title, texts in READERS[noun]([thing.pk for thing in things])}
    owners = dict[int, str]()
    if noun == Noun.ITEM:
        open_answers = Answer.objects.open().filter(item_id__in=[thing.pk for thing in things], group__isnull=False)
        owners = dict(open_answers.values_list("item_id", "group__item__name"))
    return [_hit(noun, thing, wanted, texts.get(thing.pk, []), owners.get(thing.pk, "")) for thing in things]


def _hit(noun: Noun, thing: Any, wanted: Asked, texts: list[str], owner: str) -> Hit:
    name = _name(thing)
    title = analyser.highlight(name, wanted.stems, wanted.prefixes)
    reference, icon, url, label = _looks(noun, thing)
    missing = not all(_meets(name, ways) for ways in wanted.words)
    snippet = _snippet([text for text in texts if text != reference], wanted) if missing else []
    return Hit(
        noun.name.lower(), thing.pk, name, url, icon, title, snippet, reference=reference, group_name=owner or label
    )


def _meets(text: str, ways: Any) -> bool:
    words = set(words_in(text))
    return any(
        all(one in words for one in way.whole)
        and (not way.prefix or any(word.startswith(way.prefix) for word in words))
        for way in ways
    )


def _looks(noun: Noun, thing: Any) -> tuple[str, str, str, str]:
    """(reference, icon, address, what stands beside it)."""
    if noun in {Noun.GROUP, Noun.ITEM, Noun.CHANGE}:
        icon = {Noun.GROUP: "group", Noun.CHANGE: "changes"}.get(noun) or thing.kind.icon
        beside = thing.group.name if noun == Noun.CHANGE and thing.group else ""
        return thing.reference, icon, thing.get_absolute_url(), beside
    if noun == Noun.PERSON:
        return "", "person", thing.get_absolute_url(), thing.unit
    if noun == Noun.TASK:
        whose = thing.person or thing.group
        return "", "task", reverse("groups:task", args=[thing.pk]), whose.name if whose else ""
    if noun == Noun.VIEW:
        return "", "view", f"{reverse('items')}?{urlencode({'q': thing.filter})}", ""
    number = _("Rule %(number)s") % {"number": thing.number}
    return number, "rules", reverse("responsibility:rule", args=[thing.number]), thing.group.name if thing.group else ""


def _snippet(texts: list[str], wanted: Asked) -> Segments:
    """The text that holds the first match, cut around it; a match in the longest word counts as much as any."""
    for text in texts:
        segments = analyser.highlight(one_line(filled_lines(text)), wanted.stems, wanted.prefixes)
        at = next((place for place, (_part, is_match) in enumerate(segments) if is_match), None)
        if at is not None:
            return _cut(segments, at)
    return []


def _cut(segments: Segments, at: int) -> Segments:
    before = "".join(part for part, _is_match in segments[:at])
    start = before[-SNIPPET // 3 :]
    if len(start) < len(before):
        start = "… " + start.split(" ", 1)[-1]
    kept: Segments = [(start, False)] if start else []
    room = SNIPPET - len(start)
    for part, is_match in segments[at:]:
        kept.append((part[:room], is_match))
        room -= len(part)
        if room <= 0:
            kept.append((" …", False))
            break
    return kept
