"""Finding a passage again in a text that has been written anew: by its words, and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

AROUND: Final = 60
"""Characters of what stands before and after a passage that are kept beside it."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words, with a little of what stands before and after them; spaces and line ends are one space each."""

    quote: str
    before: str = ""
    after: str = ""


def squeezed(text: str) -> str:
    """With one space wherever there are spaces or line ends, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def find_passage(text: str, passage: Passage) -> tuple[int, int] | None:
    """Where in the squeezed text its words stand (half open): of several places the one whose surroundings are most
    alike, the first of equals; None when the words are gone.
    """
    quote = squeezed(passage.quote)
    if not quote:
        return None
    whole = squeezed(text)
    before, after = squeezed(passage.before), squeezed(passage.after)

    def likeness(start: int) -> int:
        head = whole[max(0, start - AROUND - 1) : start].rstrip()
        tail = whole[start + len(quote) : start + len(quote) + AROUND + 1].lstrip()
        return _common(head[::-1], before[::-1]) + _common(tail, after)

    best = max(_places(whole, quote), key=likeness, default=None)
    return None if best is None else (best, best + len(quote))


def passage_at(text: str, start: int, end: int) -> Passage:
    """The passage between two places of a squeezed text."""
    return Passage(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def _places(whole: str, quote: str) -> Iterator[int]:
    place = whole.find(quote)
    while place >= 0:
        yield place
        place = whole.find(quote, place + 1)


def _common(first: str, second: str) -> int:
    for place, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return place
    return min(len(first), len(second))
