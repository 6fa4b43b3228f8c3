"""The index of words, as pages.

Words of titles, of symptoms and of the names of items lead to every document that has them. A word of a text leads
there only while few texts have it: a word that is everywhere finds nothing, and a rare one (a host, the number of a
fault) finds what is sought.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from helhet.rules.text import fold, sort_key

FEW = 20
ON_A_PAGE = 800
MOST_KEPT = 100_000
_WORD = re.compile(r"[^\W_](?:[\w.:/-]*[^\W_])?")
_LETTERS = {"å": "aa", "ä": "ae", "ö": "oe"}
_LEFT_OUT = frozenset(
    [
        "och",
        "att",
        "det",
        "som",
        "för",
        "den",
        "med",
        "till",
        "inte",
        "har",
        "ett",
        "eller",
        "från",
        "kan",
        "ska",
        "när",
        "vid",
        "the",
        "and",
        "for",
        "that",
        "with",
        "are",
        "not",
        "from",
        "this",
        "you",
        "can",
        "must",
        "will",
        "has",
    ]
)


@dataclass(frozen=True, slots=True)
class WordPage:
    """One page of the index: its file, its letter, the first and last word, and each word with its documents."""

    page: str
    letter: str
    first: str
    last: str
    words: tuple[tuple[str, tuple[int, ...]], ...]


class WordIndex:
    """Words, each with the places (in the list of documents) that have it."""

    def __init__(self) -> None:
        self._told: dict[str, array[int]] = {}
        self._said: dict[str, array[int]] = {}
        # What stands between two spaces comes again in every text, with the same words in it.
        self._kept: dict[str, tuple[str, ...]] = {}

    def add(self, place: int, told: str, said: str) -> None:
        """One document: `told` is its title and what it is found by, `said` its text."""
        first = self._words(told)
        for word in first:
            self._told.setdefault(word, array("l")).append(place)
        for word in self._words(said) - first:
            places = self._said.get(word)
            if places is None:
                self._said[word] = array("l", (place,))
            elif len(places) <= FEW:
                places.append(place)

    def _words(self, text: str) -> set[str]:
        kept, found = self._kept, set[str]()
        if len(kept) > MOST_KEPT:
            kept.clear()
        for piece in set(text.split()):
            words = kept.get(piece)
            if words is None:
                words = kept[piece] = tuple(filter(None, map(_looked_up, _WORD.findall(piece))))
            found.update(words)
        return found

    def pages(self) -> Iterator[WordPage]:
        """All pages in the order of the alphabet."""
        chosen = {*self._told, *(word for word, places in self._said.items() if len(places) <= FEW)}
        by_letter: dict[str, list[str]] = {}
        for word in sorted(chosen, key=lambda word: (sort_key(word), word)):
            by_letter.setdefault(letter_of(word), []).append(word)
        for letter, words in by_letter.items():
            for at in range(0, len(words), ON_A_PAGE):
                some = words[at : at + ON_A_PAGE]
                page = f"words/{_file_of(letter)}-{1 + at // ON_A_PAGE}.html"
                yield WordPage(page, letter, some[0], some[-1], tuple((word, self._places(word)) for word in some))

    def _places(self, word: str) -> tuple[int, ...]:
        said = self._said.get(word, ())
        return tuple(dict.fromkeys((*self._told.get(word, ()), *(said if len(said) <= FEW else ()))))


def _looked_up(word: str) -> str:
    """The word as it stands in the index: folded, of three signs or more or with a digit; empty for the most common."""
    word = fold(word)
    is_told = len(word) > 2 or any(sign.isdigit() for sign in word)
    return word if is_told and len(word) <= 60 and word not in _LEFT_OUT else ""


def letter_of(word: str) -> str:
    """Under what it stands: its first letter in upper case, `0-9`, or `…` for other scripts."""
    first = word[0]
    if first.isdigit():
        return "0-9"
    return first.upper() if first in _LETTERS or ("a" <= first <= "z") else "…"


def _file_of(letter: str) -> str:
    lowered = letter.lower()
    return _LETTERS.get(lowered) or {"0-9": "0-9", "…": "other"}.get(lowered, lowered)
