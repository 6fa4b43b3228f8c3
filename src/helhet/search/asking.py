"""From what somebody wrote to what the index is asked, the same for both engines."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.rules import words as analyser

TITLE, NOUN = "¤", "§"
"""Stand before a word of a title, and before all words of other nouns than items, in the index alone.

No text has them in a word. So a beginning that a million items share costs nothing where persons are looked for.
"""
ITEM = 1
SHORTEST_PREFIX = 2
"""A single letter is only ever a whole word: half of everything begins with it."""
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Choice:
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


def asked(text: str, *, all_prefixes: bool = False) -> Asked:
    """What is asked by a text: each word by its stem, the last (or all) also by its beginning."""
    ways: list[tuple[Choice, ...]] = []
    stems: set[str] = set()
    prefixes: set[str] = set()
    for token in analyser.query_tokens(text)[:MOST_WORDS]:
        choices = {Choice((token.raw,)), Choice((token.stem,))}
        stems |= {token.raw, token.stem, *token.parts}
        if token.parts:
            choices.add(Choice(token.parts))
        if (token.is_last or all_prefixes) and len(token.raw) >= SHORTEST_PREFIX:
            choices.add(Choice(prefix=token.raw))
            prefixes.add(token.raw)
            if token.parts:
                last = analyser.tokens(text)[-1].raw
                if len(last) >= SHORTEST_PREFIX:
                    choices.add(Choice(token.parts[:-1], last))
                    prefixes.add(last)
        ways.append(tuple(sorted(choices, key=lambda way: (way.whole, way.prefix))))
    return Asked(tuple(ways), frozenset(stems), frozenset(prefixes))


def words_of(noun: int, title: str, *texts: str, most: int = 4_000) -> str:
    """The distinct words of a thing for the index, those of the title again with their mark."""
    raws, stems = analyser.raws_and_stems(title)
    in_title = dict.fromkeys(raws + stems)
    found = dict(in_title)
    # A line break belongs to no word, so that all texts can be read at once.
    raws, stems = analyser.raws_and_stems("\n".join(texts))
    found.update(dict.fromkeys(raws + stems))
    found.pop("", None)
    mark = mark_of(noun)
    return " ".join(
        [*(mark + word for word in list(found)[:most]), *(mark + TITLE + word for word in in_title if word)]
    )
