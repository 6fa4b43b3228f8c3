"""How a found document is shown: its title and a piece of its text with what met it marked, and what one must know.

Nothing is shown without what it was met by: where the beginning of the text and the names hold none of it, the rest of
the text and what was said of it are read too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from helhet.documents.models import Sort
from helhet.groups.models import Answer
from helhet.items.models import Comment
from helhet.items.notes import may_read_notes
from helhet.kit.composed import Composed
from helhet.kit.rights import Caller
from helhet.routines.models import RoutineKind
from helhet.rules.excerpts import NEAR, Best, Seeker, Segments, cut, filled_lines
from helhet.search.document_texts import humps
from helhet.search.hits import Hit
from helhet.search.models import DocumentText
from helhet.search.weighing import Candidate

READ_CHARACTERS = 20_000
"""So much of a text is read of each candidate."""
MOST_READ_SLOWLY = 200_000
"""So many characters are read word by word for one search, where nothing else tells what met."""


@dataclass(slots=True)
class _Marked:
    """A title and a piece of text with what is met marked, and the asked words that are marked in neither."""

    title: Segments
    snippet: Segments
    left: frozenset[int]


@lru_cache(maxsize=1)
def _owners() -> Composed:
    """The names of the groups that answer for items."""
    answers = Answer.objects.open().filter(group__isnull=False)
    return Composed(answers.order_by().values_list("item_id", "group__item__name"), "item_id")


def hits(shown: Sequence[Candidate], seeker: Seeker, on: dt.date, caller: Caller) -> list[Hit]:
    """These documents as they are shown to a caller on a day; their texts have been read as far as READ_CHARACTERS."""
    owners = dict(_owners().among([one.item_id for one in shown]))
    kinds = ({one.value: one.label for one in Sort}, {one.value: one.label for one in RoutineKind})
    marked = {one.id: _marked(one, seeker) for one in shown}
    _read_on([one for one in shown if marked[one.id].left], marked, seeker, caller)
    return [_hit(one, marked[one.id], owners.get(one.item_id, ""), kinds[one.is_routine], on) for one in shown]


def _marked(one: Candidate, seeker: Seeker) -> _Marked:
    """By what was read of it already."""
    title, in_title = _mark(one.title, seeker)
    near = {place.sought for place in one.place.places if 0 <= place.start - one.place.at <= NEAR}
    left = frozenset(range(len(seeker.asked))) - in_title - near
    found = _Marked(title, cut(one.text, one.place), left)
    # A title that holds all needs no names, nor does a text that does.
    if not left or one.place.words == len(seeker.asked):
        return found
    for name in one.names.split("\n")[1:]:
        segments, met = _mark(name, seeker)
        if met & left:
            return _Marked(title, segments, left - met)
    elsewhere = next((place for place in one.place.places if place.sought in left), None)
    if elsewhere is not None and not near - in_title:
        found.snippet = cut(one.text, replace(one.place, at=elsewhere.start))
    found.left = left - {place.sought for place in one.place.places}
    return found


def _mark(text: str, seeker: Seeker) -> tuple[Segments, frozenset[int]]:
    """A title or name in segments as it is written; an alert's is met by the words that it runs together too."""
    segments, met = seeker.mark(text)
    spoken = humps(text)
    if spoken != text:
        in_words, by_words = seeker.mark(spoken)
        if len(by_words) > len(met):
            return _as_written(in_words, text), by_words
    return segments, met


def _as_written(segments: Segments, text: str) -> Segments:
    """Segments of `humps(text)`, which puts spaces in and for underscores, without them."""
    found: Segments = []
    at = 0
    for part, is_match in segments:
        start = at
        for sign in part:
            at += text[at : at + 1] in {sign, "_" if sign == " " else sign}
        found.append((text[start:at], is_match))
    return found


def _read_on(lacking: Sequence[Candidate], marked: Mapping[int, _Marked], seeker: Seeker, caller: Caller) -> None:
    """Where a word that must be there is shown nowhere, the rest of the text, and what was said of it.

    What lacks some of the words is read on only where nothing of it is marked.
    """
    lacking = [one for one in lacking if not one.is_partly or not _is_any(marked[one.id])]
    if not lacking:
        return
    said = _said([one.item_id for one in lacking], caller)
    long = [one.id for one in lacking if len(one.text) >= READ_CHARACTERS]
    whole = dict(DocumentText.objects.filter(pk__in=long).values_list("pk", "text")) if long else {}
    loose = Seeker([one.loosely for one in seeker.asked])
    room = MOST_READ_SLOWLY
    for one in lacking:
        here = marked[one.id]
        texts = [one.text, whole.get(one.id, "")[len(one.text) :]]
        # What is said of an item is not said of a part of its documentation.
        texts += [] if "/" in one.address else said.get(one.item_id, [])
        shown = _snippet(texts, here.left, seeker)
        if not shown and room > 0:
            few = [text[: max(0, room - sum(map(len, texts[:at])))] for at, text in enumerate(texts)]
            room -= sum(map(len, few))
            shown = _snippet(few, here.left, seeker, slowly=True) or _snippet(few, here.left, loose, slowly=True)
        here.snippet = shown or here.snippet
        if not _is_any(here):
            here.title = loose.mark(one.title)[0]


def _said(item_ids: Sequence[int], caller: Caller) -> dict[int, list[str]]:
    """What was said of items, as far as the caller may read it."""
    found = dict[int, list[str]]()
    comments = Comment.objects.filter(removed_at__isnull=True, item__in=item_ids).select_related("item__kind")
    for one in comments.order_by("pk"):
        if one.item_id in found or may_read_notes(one.item, caller):
            found.setdefault(one.item_id, []).append(filled_lines(one.text))
    return found


def _snippet(texts: Sequence[str], left: frozenset[int], seeker: Seeker, *, slowly: bool = False) -> Segments:
    """The first place of these texts that holds one of the words which are left."""
    for text in texts:
        places = tuple(place for place in seeker.places(text, slowly=slowly) if place.sought in left)
        if places:
            return cut(text, Best(places[0].start, 1, False, places))
    return []


def _is_any(marked: _Marked) -> bool:
    return any(is_match for _text, is_match in (*marked.title, *marked.snippet))


def _hit(one: Candidate, marked: _Marked, owner: str, kinds: Mapping[str, Any], on: dt.date) -> Hit:
    state, label = _state(one, on)
    kind, icon = (one.kind, "routine") if one.is_routine else (one.sort, "document")
    return Hit(
        "document", one.id, one.title, _page(one.address, one.is_routine, get_script_prefix()), icon, marked.title,
        marked.snippet, reference=one.address, group_name=owner, state_label=label, state=state,
        kind_label=str(kinds.get(kind, kind)),
    )  # fmt: skip


@lru_cache(maxsize=20_000)
def _page(address: str, is_routine: bool, _prefix: str) -> str:
    """The address of its page; to put it together is a third of what a hit takes."""
    return reverse("routines:routine" if is_routine else "documents:document", args=[address])


def _state(one: Candidate, on: dt.date) -> tuple[str, str]:
    """(mark, words) of what a reader must know before he trusts it; nothing where nothing is wrong."""
    if one.valid_to is not None and one.valid_to < on:
        return "none", _("No longer valid")
    if one.is_doubtful:
        return "check", _("Check needed")
    if one.due_on is not None and one.due_on < on:
        return "over", _("Review overdue")
    if one.is_unproven(on):
        return ("due", _("Not proven lately")) if one.uses else ("unknown", _("Never run"))
    return "", ""
