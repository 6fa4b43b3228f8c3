"""What a search answers with."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.rules.excerpts import Segments
from helhet.search.models import Noun

EXACT, IN_TITLE, IN_TEXT, PARTLY = 0, 1, 2, 3
"""How a thing is met: by its very name, in its title, in its text, by some of the words alone."""


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

    `met` tells how the best is met: the very name (0), in the title (1), in the text (2), or none of them by all of the
    words (3).
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
