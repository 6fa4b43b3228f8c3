"""Where in a text the words of a query stand closest together, and that place shown with its words marked.

The text is searched for the beginnings of the asked words, and only what is found is analysed: a long text costs
little. A text of accents or of words whose forms share no beginning is read word by word instead.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from helhet.rules import words as analyser

SNIPPET = 150
"""About so many characters are shown."""
BEFORE = 40
"""At most so many of them stand before the first word that is shown marked."""
NEAR = 80
"""Words whose beginnings are at most so many characters apart stand near each other."""
MOST = 300
"""So many found words of one text are weighed."""
SHORTEST = 3
READ_SLOWLY = 4_000
"""So many characters are read word by word where a text has letters that other forms stand for, such as é."""
_OTHER_LETTER = re.compile(r"[^\W\d_a-zåäö]")
Segments = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Sought:
    """One asked word: the folded forms and stems that meet it, and the beginnings that do."""

    forms: frozenset[str]
    prefixes: tuple[str, ...] = ()

    def is_met(self, forms: Collection[str]) -> bool:
        """Whether a word with these forms (`words.forms`), or a text of such, is or holds this."""
        if not self.forms.isdisjoint(forms):
            return True
        return bool(self.prefixes) and any(form.startswith(self.prefixes) for form in forms)


@dataclass(frozen=True, slots=True)
class Place:
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


def places(text: str, asked: Sequence[Sought]) -> list[Place]:
    """The words of a text that meet what is asked, in order; at most `MOST`."""
    found: list[Place] = []
    lowered = text.lower()
    if len(lowered) != len(text):
        return _slowly(text, asked)
    literals = sorted({literal for one in asked for literal in _literals(one)})
    if not literals:
        return []
    shape = re.compile("|".join(map(re.escape, literals)))
    at = 0
    while len(found) < MOST and (match := shape.search(lowered, at)) is not None:
        start, end = match.start(), match.end()
        while start > at and lowered[start - 1].isalnum():
            start -= 1
        while end < len(lowered) and lowered[end].isalnum():
            end += 1
        at = end
        found.extend(_met([(start, end)], text, asked))
    return found or (_slowly(text, asked) if _OTHER_LETTER.search(lowered) else [])


def _met(spans: Iterable[tuple[int, int]], text: str, asked: Sequence[Sought]) -> list[Place]:
    found: list[Place] = []
    for start, end in spans:
        forms = analyser.forms(text[start:end])
        number = next((number for number, one in enumerate(asked) if one.is_met(forms)), None)
        if number is not None and (not found or start >= found[-1].end):
            found.append(Place(start, end, number))
    return found


def _slowly(text: str, asked: Sequence[Sought]) -> list[Place]:
    return _met(_spans(text[:READ_SLOWLY]), text, asked)[:MOST]


def _spans(text: str) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in analyser.tokens(text)]


def _literals(one: Sought) -> set[str]:
    """Pieces of which any word that meets this holds one, as far as beginnings tell."""
    forms = sorted(one.forms)
    shared = "".join(
        next(iter(letters)) for letters in takewhile(lambda one: len(one) == 1, map(set, zip(*forms, strict=False)))
    )
    begun = {shared} if len(shared) >= SHORTEST else set(forms)
    return {piece for piece in (*begun, *one.prefixes) if piece}


def best(text: str, asked: Sequence[Sought]) -> Best:
    """Where most of the asked words stand near each other, as a phrase rather than not, the first such."""
    found = places(text, asked)
    chosen, weight = 0, (0, False)
    for number, place in enumerate(found):
        near = {place.sought}
        in_order, longest = place.sought == 0, 1
        for before, after in zip(found[number:], found[number + 1 :], strict=False):
            if after.start - place.start > NEAR:
                break
            near.add(after.sought)
            follows = after.sought == before.sought + 1 and not any(map(str.isalnum, text[before.end : after.start]))
            in_order = in_order and follows
            longest += in_order
        here = (len(near), longest == len(asked) > 1)
        if here > weight:
            chosen, weight = number, here
    if not found:
        return Best()
    return Best(found[chosen].start, weight[0], weight[1], tuple(found))


def cut(text: str, place: Best) -> Segments:
    """The text around its best place in segments, true for what is marked; line breaks are spaces."""
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
            segments.append((_flat(text[at : one.start]), False))
        segments.append((text[one.start : one.end], True))
        at = one.end
    if at < end:
        segments.append((_flat(text[at:end]), False))
    if end < len(text):
        segments.append((" …", False))
    return segments


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def mark(text: str, asked: Sequence[Sought]) -> Segments:
    """A whole short text in segments."""
    segments: Segments = []
    at = 0
    for one in _met(_spans(text), text, asked):
        if one.start > at:
            segments.append((text[at : one.start], False))
        segments.append((text[one.start : one.end], True))
        at = one.end
    return [*segments, (text[at:], False)] if at < len(text) else segments
