"""Names of people found within what somebody wrote: *Ring Bo Lind, 0700-12 34 56* names Bo Lind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from helhet.rules.text import fold

_WORD = re.compile(r"\w+")


class Names:
    """Many names, looked for as whole words in a row. A name of a single word, which may be any word, is found only
    where it is all that stands there.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """The names, in whatever case."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            words = words_of(name)
            if words:
                self._by_first.setdefault(words[0], []).append((words, name))

    def within(self, text: str) -> str:
        """The first name that the text holds, the longest of those that begin there; empty where it holds none."""
        return next(self.all_within(text), "")

    def all_within(self, text: str) -> Iterator[str]:
        """The names that the text holds, in its order: at each place the longest that begins there, and none that
        begins within another.
        """
        words, place = words_of(text), 0
        while place < len(words):
            found = [
                (len(name), whole)
                for name, whole in self._by_first.get(words[place], ())
                if words[place : place + len(name)] == name and (len(name) > 1 or len(words) == 1)
            ]
            length, whole = max(found, default=(1, ""))
            place += length
            if whole:
                yield whole


def words_of(text: str) -> tuple[str, ...]:
    """A name or a text as it is compared: its words, in one case, without what stands between them."""
    return tuple(_WORD.findall(fold(text)))


def digits_of(number: str) -> str:
    """A telephone number as its digits, so that `+46 (0)70-012 34 56` is `070-012 34 56`; empty under six digits."""
    bare = re.sub(r"\(0\)", "", number.strip())
    digits = "".join(letter for letter in bare if letter.isascii() and letter.isdigit())
    if bare.startswith("+46"):
        digits = "0" + digits[2:]
    elif digits.startswith("0046"):
        digits = "0" + digits[4:]
    return digits if len(digits) >= _SHORTEST else ""


_SHORTEST = 6
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]*[0-9]")


def numbers_in(text: str) -> set[str]:
    """The telephone numbers in a text, each as its digits."""
    return {digits for one in _NUMBER.findall(text) if (digits := digits_of(one))}
