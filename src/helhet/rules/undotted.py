"""Swedish words written without their dots and rings: *aterstallning* for *återställning*, as on a foreign keyboard."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

from simplemma import is_known

from helhet.rules.compounds import LONGEST, halves
from helhet.rules.text import fold

MOST_LETTERS = 6
"""A word with more letters that may have lost theirs has too many ways to be tried."""
SHORTEST = 3
MOST_WAYS = 81
"""So many ways are tried as compounds, which takes longer than to look a word up."""
_WAYS = {"a": "aåä", "o": "oö"}


@lru_cache(maxsize=20_000)
def with_dots(word: str) -> tuple[str, ...]:
    """The Swedish words that a folded word may stand for, in the order of their letters; without the word itself.

    Words of the dictionary, or else compounds of such words; empty where there are none.
    """
    loose = sum(letter in _WAYS for letter in word)
    if not SHORTEST <= len(word) <= LONGEST or not 0 < loose <= MOST_LETTERS or fold(word) != word:
        return ()
    ways = ("".join(letters) for letters in product(*(_WAYS.get(letter, letter) for letter in word)))
    others = [way for way in ways if way != word]
    known = tuple(way for way in others if is_known(way, lang="sv"))
    if known or len(others) > MOST_WAYS:
        return known
    return tuple(way for way in others if halves(way) is not None)


def other_questions(text: str, most: int = 4) -> list[str]:
    """A question with one or more of its words as they may be meant, at most `most`; empty where no word may be."""
    words = fold(text).split()
    ways = product(*((*with_dots(word), word) for word in words))
    return list(islice((" ".join(way) for way in ways if list(way) != words), most))
