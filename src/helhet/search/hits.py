"""What a search answers with."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.rules.excerpts import Segments
from helhet.search.models import Noun

EXACT, IN_TITLE, WITHIN, IN_TEXT, PARTLY = range(5)
"""How a thing is met: by its very name, by words of its title, by their beginnings or halves, in its text, by some of
the words alone."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where one looks from: an item by its number, and groups. What is about it, or theirs, comes before others."""

    item_id: int | None = None
    groups: frozenset[int] = frozenset()


ANYWHERE = Standpoint()


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found. `title` and `snippet` are segments, true for what matches; it reads as a chip too."""

    noun: str
    id: int
    name: str
    url: str
    icon: str
    title: Segments
    snippet: Segments
    reference: str = ""
    group_name: str = ""
    state_label: str = ""
    state: str = ""
    kind_label: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one noun, best first; `count` of those weighed, `more` when there are others beyond.

    `met` tells how the best is met, from EXACT to PARTLY.
    """

    noun: Noun
    label: str
    hits: list[Hit]
    count: int
    more: bool = False
    met: int = IN_TEXT

    @property
    def key(self) -> str:
        """The noun in addresses."""
        return self.noun.name.lower()
