"""From what somebody wrote to what the index is asked, the same for both engines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from helhet.rules import same_words
from helhet.rules import words as analyser
from helhet.rules.compounds import SHORTEST as SHORTEST_COMPOUND
from helhet.rules.compounds import halves

TITLE, HEADING, TIER, HALF, NOUN = "¤", "¶", "†", "‡", "§"
"""Stand before a word of a title, of a heading, of what sort of document it is, of half a compound, and before all
words of other nouns than items, in the index alone.

No text has them in a word. So a beginning that a million items share costs nothing where persons are looked for.
"""
ITEM = 1
SHORTEST_PREFIX = 2
"""A single letter is only ever a whole word: half of everything begins with it."""
_REFERENCE = re.compile(r"([a-zåäö]{2,5})([1-9]\d{0,8})")
"""A reference as people write it in haste: `rut37`."""
SLICE = 512
"""So many numbers of documents share a mark in the index, by which it is asked of the first ones alone."""
MOST_WORDS = 12
MOST_OF_DOCUMENT = 20_000
"""So many distinct words, raw and stemmed, of one document are known to the index."""


class Choice(NamedTuple):
    """One way in which a word can be met: all of `whole`, and a word that begins with `prefix` where one is given."""

    whole: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All of the words must be met, each in any of its ways. Empty when there is nothing to look for."""

    words: tuple[tuple[Choice, ...], ...]
    stems: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()

    def of(self, noun: int) -> Asked:
        """The same, of things of one noun."""
        return self._marked(mark_of(noun))

    def in_titles(self) -> Asked:
        """The same, of titles alone; before `of`."""
        return self._marked(TITLE)

    def in_headings(self) -> Asked:
        """The same, each word in a title or a heading; before `of`."""
        both = zip(self._marked(TITLE).words, self._marked(HEADING).words, strict=True)
        return Asked(tuple((*title, *heading) for title, heading in both), self.stems, self.prefixes)

    def some_in_titles(self) -> Asked:
        """All words anywhere, and one of them in a title; before `of`."""
        any_of = tuple(way for ways in self._marked(TITLE).words for way in ways)
        return Asked((*self.words, any_of), self.stems, self.prefixes)

    def of_tier(self, tier: int) -> Asked:
        """The same, of documents of one sort of use; before `of`."""
        return self._of_any((f"{TIER}{tier}",))

    def of_slices(self, first: int, count: int) -> Asked:
        """The same, of documents whose numbers are in one of so many slices from `first` on; before `of`."""
        return self._of_any(tuple(f"{TIER}s{one}" for one in range(first, first + count)))

    def without(self, absent: frozenset[str]) -> Asked:
        """The same without the ways that no entry can meet, since it has none of these words; after `of`."""
        ways_left = (tuple(way for way in ways if absent.isdisjoint(way.whole)) for ways in self.words)
        return Asked(tuple(ways_left), self.stems, self.prefixes) if absent else self

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no way left for some word."""
        return not all(self.words)

    def _of_any(self, marks: tuple[str, ...]) -> Asked:
        return Asked((*self.words, tuple(Choice((mark,)) for mark in marks)), self.stems, self.prefixes)

    def but_one(self) -> Asked:
        """All of the words but any one of them; with a single word there is nothing left to ask."""
        pairs = tuple((*one, *other) for one, other in combinations(self.words, 2))
        return Asked(pairs, self.stems, self.prefixes)

    def one_by_one(self) -> list[Asked]:
        """Each of the words alone."""
        return [Asked((ways,), self.stems, self.prefixes) for ways in self.words]

    def _marked(self, mark: str) -> Asked:
        return Asked(
            tuple(
                tuple(
                    Choice(tuple(mark + one for one in way.whole), mark + way.prefix if way.prefix else "")
                    for way in ways
                )
                for ways in self.words
            ),
            self.stems,
            self.prefixes,
        )

    def exact(self) -> Asked:
        """The same without beginnings of words, which finds fewer and is quicker where a word is common."""
        return Asked(
            tuple(tuple(way for way in ways if not way.prefix) for ways in self.words), self.stems, self.prefixes
        )


def mark_of(noun: int) -> str:
    """What stands before the words of a noun; nothing for items."""
    return "" if noun == ITEM else f"{NOUN}{int(noun)}"


def asked(
    text: str, *, all_prefixes: bool = False, in_halves: bool = True, apart: bool = False, others: bool = False
) -> Asked:
    """What is asked by a text: each word by its stem, the last (or all) also by its beginning.

    `in_halves`: also where it is half of a compound. `apart`: a compound also by both of its halves, for texts that say
    it in several words. `others`: also by what says the same (`rules/same_words.py`); several words that are one
    phrase, such as *starta om*, are then one.
    """
    ways: list[tuple[Choice, ...]] = []
    stems: set[str] = set()
    prefixes: set[str] = set()
    found = analyser.query_tokens(text)[:MOST_WORDS]
    while found:
        token, size = found[0], same_words.phrase_at([one.stem for one in found]) if others else 0
        said = tuple(one.stem for one in found[: size or 1])
        choices = {Choice((same_words.joined(said),))} if size else _whole(token, in_halves=in_halves, apart=apart)
        if not size and (token.is_last or all_prefixes):
            begun = _begun(token, text, in_halves=in_halves)
            choices |= begun
            prefixes |= {way.prefix for way in begun if not way.prefix.startswith(HALF)}
        if others:
            choices |= {way for other in same_words.others(said) for way in _other(other)}
        stems |= {*said, token.raw, *token.parts}
        ways.append(tuple(sorted(choices, key=lambda way: (way.whole, way.prefix))))
        found = found[size or 1 :]
    return Asked(tuple(ways), frozenset(stems), frozenset(prefixes))


def _whole(token: analyser.QueryToken, *, in_halves: bool, apart: bool) -> set[Choice]:
    choices = {Choice((token.stem,))}
    # Whatever has a form has its stem too. A form that does not begin so, as *gick*, is looked for in texts.
    if not token.raw.startswith(token.stem):
        choices.add(Choice((token.raw,)))
    if token.parts:
        choices.add(Choice(token.parts))
    if in_halves and not token.parts:
        choices.add(Choice((HALF + token.stem,)))
        if reference := _REFERENCE.fullmatch(token.raw):
            choices.add(Choice((f"{reference[1]}-{reference[2]}",)))
    split = halves(token.raw) if apart else None
    if split:
        choices.add(Choice(tuple(map(analyser.asked_form, split))))
    return choices


def _begun(token: analyser.QueryToken, text: str, *, in_halves: bool) -> set[Choice]:
    choices: set[Choice] = set()
    if len(token.raw) >= SHORTEST_PREFIX:
        choices.add(Choice(prefix=token.raw))
        if in_halves and not token.parts:
            choices.add(Choice(prefix=HALF + token.raw))
        last = analyser.tokens(text)[-1].raw if token.parts else ""
        if len(last) >= SHORTEST_PREFIX:
            choices.add(Choice(token.parts[:-1], last))
    return choices


def _other(said: tuple[str, ...]) -> list[Choice]:
    return [Choice(said), Choice((HALF + said[0],))] if len(said) == 1 else [Choice((same_words.joined(said),))]


def words_of(noun: int, title: str, *texts: str, most: int = 4_000, phrases: bool = False) -> str:
    """The distinct words of a thing for the index, those of the title again with their mark."""
    in_title = words_in(title, phrases=phrases)
    # A line break belongs to no word, so that all texts can be read at once.
    found = list(dict.fromkeys([*in_title, *words_in("\n".join(texts), phrases=phrases)]))
    mark = mark_of(noun)
    return " ".join([*(mark + word for word in found[:most]), *(mark + TITLE + word for word in in_title)])


def document_words(noun: int, number: int, title: str, headings: str, text: str, *, tiers: Iterable[int]) -> str:
    """As `words_of`, with the words of headings again with theirs, what sorts of use it belongs to, and its slice."""
    mark = mark_of(noun)
    marked = [*(f"{mark}{TIER}{tier}" for tier in tiers), f"{mark}{TIER}s{number // SLICE}"]
    marked += [mark + HEADING + word for word in words_in(headings, phrases=True)]
    return " ".join([words_of(noun, title, headings, text, most=MOST_OF_DOCUMENT, phrases=True), *marked])


def words_in(text: str, *, phrases: bool = False) -> list[str]:
    """The distinct words of a text, raw and stemmed, and the stems of a compound's halves with their mark.

    With `phrases` also those that `rules/same_words.py` knows, each as one word.
    """
    raws, stems = analyser.raws_and_stems(text)
    # Stems first, by which whole words are asked for: of a thing with very many words the last are left out.
    found = dict.fromkeys(stems)
    found.update(dict.fromkeys(map(analyser.doer, raws)))
    found.update(dict.fromkeys(raws))
    for raw in set(raws):
        if len(raw) >= SHORTEST_COMPOUND:
            found.update(dict.fromkeys(HALF + half for half in analyser.parts(raw)))
    if phrases:
        found.update(dict.fromkeys(same_words.phrases_in(text, found)))
    found.pop("", None)
    return list(found)
