"""Where in a text the words of a query stand closest together, and that place shown with its words marked.

The text is searched for pieces of the asked words, and only the words that hold one are analysed: a long text costs
little. Where nothing is found in a text with letters such as é, it is folded letter by letter, then read word by word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from helhet.rules import same_words
from helhet.rules import words as analyser
from helhet.rules.text import each_folded

SNIPPET = 150
"""About so many characters are shown."""
BEFORE = 40
"""At most so many of them stand before the first word that is shown marked."""
NEAR = 80
"""Words whose beginnings are at most so many characters apart stand near each other."""
BETWEEN_LINES = " · "
"""What stands between two lines of a text where they are shown as one."""
MOST = 300
"""So many found words of one text are weighed."""
SHORTEST = 3
READ_SLOWLY = 4_000
"""So many characters are read word by word where a text has letters that other forms stand for, such as é."""
_OTHER_LETTER = re.compile(r"[^\W\d_a-zåäö]")
_GAP = rf"(?:(?!{analyser.BREAK})[\W_])*"
_NEXT = re.compile(rf"{_GAP}((?:[^\W_]{analyser.MARKS})+)")
Segments = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Sought:
    """One asked word: the folded forms and stems that meet it, and the beginnings that do.

    `together` are words that meet it as a whole, each a form or stem, and a beginning after them where one is not
    empty: in a place of a text they stand one after the other. `phrases` are such of which no text is met that has
    their words apart (`same_words.joined`).
    """

    forms: frozenset[str]
    prefixes: tuple[str, ...] = ()
    together: tuple[tuple[tuple[str, ...], str], ...] = ()
    phrases: frozenset[str] = frozenset()

    @property
    def in_places(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """All that several words meet which stand one after the other."""
        return (*self.together, *((tuple(one.split(same_words.JOINT)), "") for one in sorted(self.phrases)))

    @property
    def loosely(self) -> Sought:
        """The same where each word of a compound, which the index takes for it, may stand by itself."""
        words = {word for whole, _prefix in self.together for word in whole}
        begun = {prefix for _whole, prefix in self.together if prefix}
        return Sought(self.forms | words, tuple(sorted({*self.prefixes, *begun})), (), self.phrases)

    def is_met(self, forms: Collection[str]) -> bool:
        """Whether a word with these forms (`words.forms`), or a text of such and its phrases, is or holds this."""
        return self.is_met_whole(forms) or bool(self.prefixes and any(form.startswith(self.prefixes) for form in forms))

    def is_met_whole(self, forms: Collection[str]) -> bool:
        """The same by more than a beginning."""
        return not (self.forms.isdisjoint(forms) and self.phrases.isdisjoint(forms)) or any(
            all(word in forms for word in whole) and (not prefix or any(form.startswith(prefix) for form in forms))
            for whole, prefix in self.together
        )

    def is_met_by_one(self, forms: Collection[str]) -> bool:
        """The same without what it takes several words to meet."""
        if not self.forms.isdisjoint(forms):
            return True
        return bool(self.prefixes) and any(form.startswith(self.prefixes) for form in forms)


class Place(NamedTuple):
    """A word in a text, half open, and which asked word it meets."""

    start: int
    end: int
    sought: int


@dataclass(frozen=True, slots=True)
class Best:
    """The best place of a text: how many different asked words stand there, whether as a phrase, and all places."""

    at: int = 0
    words: int = 0
    is_phrase: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """A word of a text: the asked word that it meets alone, and which of what is met together it begins."""

    number: int | None
    begins: tuple[tuple[int, tuple[str, ...], str], ...]


class Seeker:
    """Looks for what is asked in one text after the other, and knows again the words that it has met."""

    def __init__(self, asked: Sequence[Sought]) -> None:
        """`asked` in the order of the question."""
        self.asked = asked
        self._known: dict[str, _Known] = {}
        self._without: dict[frozenset[int], Seeker] = {}
        pieces = _shortest({piece for one in asked for piece in _pieces(one)})
        # From where a piece is found to the end of the word, which may be as long as the text: nothing is tried again
        # (`*+`), nor another place of the same word.
        shapes = [rf"{re.escape(piece)}[^\W_]*+()" for piece in pieces]
        # Of what takes several words, the first where the second may follow: *starta* is common, *starta om* is not.
        firsts = {tuple(map(_begin, _in_a_row(one)[:2])) for all_of in asked for one in all_of.in_places}
        shapes += [
            rf"{re.escape(first)}[^\W_]*+(?:(?={_GAP}+[^\W_]*?{re.escape(second)})()|)"
            for first, second in sorted(firsts)
            if not any(piece in first for piece in pieces)
        ]
        self._shapes = list(map(re.compile, shapes))

    def without(self, met: frozenset[int]) -> Seeker:
        """One that looks for the other words alone."""
        if met not in self._without:
            self._without[met] = Seeker([word for number, word in enumerate(self.asked) if number not in met])
        return self._without[met]

    def places(self, text: str, *, slowly: bool = False) -> list[Place]:
        """The words of a text that meet what is asked, in order; at most `MOST`.

        A text that is not read `slowly` may hold words whose forms share no beginning, as *gick* and *gå*, unseen.
        """
        if slowly:
            return self._met(analyser.spans(text), text)[:MOST]
        lowered = text.lower()
        if len(lowered) != len(text):
            return self._slowly(text)
        found = self._met(self._holding(lowered), text)
        if not found and _OTHER_LETTER.search(lowered):
            found = self._met(self._holding(each_folded(lowered)), text) or self._slowly(text)
        return found

    def _holding(self, lowered: str) -> list[tuple[int, int]]:
        """The words, in order, that hold a piece of what is asked.

        To look for each piece by itself takes a third of the time of one pattern of them all.
        """
        spans = [
            (_beginning(lowered, start) if start and lowered[start - 1].isalnum() else start, end)
            for shape in self._shapes
            for start, end in islice((one.span() for one in shape.finditer(lowered) if one.lastindex), MOST)
        ]
        return sorted(set(spans))[:MOST] if len(self._shapes) > 1 else spans

    def mark(self, text: str) -> tuple[Segments, frozenset[int]]:
        """A whole short text in segments, and which asked words are marked in it."""
        segments: Segments = []
        at, found = 0, self._met(analyser.spans(text), text)
        for one in found:
            if one.start > at:
                segments.append((text[at : one.start], False))
            segments.append((text[one.start : one.end], True))
            at = one.end
        if at < len(text):
            segments.append((text[at:], False))
        return segments, frozenset(one.sought for one in found)

    def best(self, text: str) -> Best:
        """Where most of the asked words stand near each other, as a phrase rather than not, the first such."""
        found = self.places(text)
        if not found:
            return Best()
        if len(self.asked) == 1:
            return Best(found[0].start, 1, False, tuple(found))
        chosen, weight, most = 0, (0, False), (len(self.asked), True)
        here, different, last = [0] * len(self.asked), 0, 0
        for number, place in enumerate(found):
            while last < len(found) and found[last].start - place.start <= NEAR:
                different += not here[found[last].sought]
                here[found[last].sought] += 1
                last += 1
            if different >= weight[0]:
                near = (different, place.sought == 0 and self._is_phrase(found[number:last], text))
                if near > weight:
                    chosen, weight = number, near
                    if near == most:
                        break
            here[place.sought] -= 1
            different -= not here[place.sought]
        return Best(found[chosen].start, weight[0], weight[1], tuple(found))

    def _is_phrase(self, near: Sequence[Place], text: str) -> bool:
        """Whether all that is asked stands there in order, with no word between."""
        run = near[: len(self.asked)]
        return (
            1 < len(self.asked) == len(run)
            and all(place.sought == number for number, place in enumerate(run))
            and all(_follows(text, one.end, two.start) for one, two in pairwise(run))
        )

    def _met(self, spans: Sequence[tuple[int, int]], text: str) -> list[Place]:
        found: list[Place] = []
        at, words = 0, self._known
        for start, end in spans:
            if start < at:
                continue
            word = text[start:end]
            known = words.get(word) or self._word(word)
            if known.number is not None:
                found.append(Place(start, end, known.number))
                at = end
            elif known.begins and (together := self._together(known, start, end, text)):
                found.append(together)
                at = together.end
        return found

    def _word(self, word: str) -> _Known:
        known = self._known.get(word)
        if known is None:
            forms = analyser.forms(word)
            number = next((number for number, one in enumerate(self.asked) if one.is_met_by_one(forms)), None)
            begins = tuple(
                (number, whole, prefix)
                for number, one in enumerate(self.asked)
                for whole, prefix in one.in_places
                if whole[0] in forms
            )
            known = self._known[word] = _Known(number, begins)
        return known

    @staticmethod
    def _together(first: _Known, start: int, end: int, text: str) -> Place | None:
        """What several words meet that stand one after the other, the first of them from `start` to `end`."""
        for number, whole, prefix in first.begins:
            last: int | None = end
            for word in whole[1:]:
                last = _end_of_next(word, text, last, is_begun=False)
            if prefix:
                last = _end_of_next(prefix, text, last, is_begun=True)
            if last is not None:
                return Place(start, last, number)
        return None

    def _slowly(self, text: str) -> list[Place]:
        return self._met(analyser.spans(text[:READ_SLOWLY]), text)[:MOST]


def _end_of_next(wanted: str, text: str, end: int | None, *, is_begun: bool) -> int | None:
    """Where the next word ends, if it is the wanted one or begins so."""
    follower = None if end is None else _NEXT.match(text, end)
    if follower is None:
        return None
    forms = analyser.forms(follower[1])
    is_met = any(form.startswith(wanted) for form in forms) if is_begun else wanted in forms
    return follower.end() if is_met else None


def _follows(text: str, end: int, start: int) -> bool:
    """Whether no word stands between."""
    return end <= start and not any(map(str.isalnum, text[end:start]))


def _beginning(text: str, at: int) -> int:
    """Where the word begins that has a letter there."""
    while at and text[at - 1].isalnum():
        at -= 1
    return at


def _pieces(one: Sought) -> set[str]:
    """Of these, any word that meets this alone holds one, as far as beginnings tell."""
    forms = sorted(set(map(_begin, one.forms)))
    shared = "".join(
        next(iter(letters)) for letters in takewhile(lambda one: len(one) == 1, map(set, zip(*forms, strict=False)))
    )
    begun = {shared} if len(shared) >= SHORTEST else set(forms)
    return {piece for piece in (*begun, *one.prefixes) if piece}


def _begin(form: str) -> str:
    """What all words of this form begin with: the last letter of *skrivare* is another in *skrivarna*."""
    return form.removesuffix("e") if form.endswith("are") else form


def _in_a_row(one: tuple[tuple[str, ...], str]) -> tuple[str, ...]:
    """What the words must hold one after the other."""
    whole, prefix = one
    return (*whole, prefix) if prefix else whole


def _shortest(pieces: set[str]) -> list[str]:
    """Without those that hold another, since a word that holds them holds that."""
    return sorted(
        piece
        for piece in pieces
        if not piece.isalnum() or not any(other != piece and other in piece for other in pieces)
    )


def cut(text: str, place: Best) -> Segments:
    """The text around its best place in segments, true for what is marked, its lines as one."""
    if not place.places:
        return []
    start = max(0, place.at - BEFORE)
    if start:
        space = text.find(" ", start, place.at)
        line = text.find("\n", start, place.at)
        start = max(space, line) + 1 if max(space, line) >= 0 else place.at
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", place.at, end), text.rfind("\n", place.at, end), place.at + 1)
        end = max(end, next(one.end for one in place.places if one.start == place.at))
    segments: Segments = [("… ", False)] if start else []
    at = start
    for one in place.places:
        if one.start < at or one.end > end:
            continue
        if one.start > at:
            segments.append((one_line(text[at : one.start]), False))
        segments.append((text[one.start : one.end], True))
        at = one.end
    if at < end:
        segments.append((one_line(text[at:end]), False))
    if end < len(text):
        segments.append((" …", False))
    return segments


def filled_lines(text: str) -> str:
    """A text without its empty lines."""
    return "\n".join(filter(str.strip, text.splitlines()))


def one_line(text: str) -> str:
    """A text whose lines are kept apart by a sign."""
    return text.replace("\n", BETWEEN_LINES)
