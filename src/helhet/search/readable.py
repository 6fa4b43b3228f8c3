"""What the index knows of documents, as far as a caller may read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import takewhile
from typing import Any

from django.utils import timezone

from helhet.documents.models import Document
from helhet.kit.composed import Composed
from helhet.kit.rights import Caller
from helhet.search.asking import SLICE, Asked
from helhet.search.engines import engine
from helhet.search.models import STRIDE, Noun

MOST_SLICED = 600
"""Where more is wanted than so many, slices would be many."""
MOST_SLICES, FEW = 64, 3
"""So many slices are asked of at once at most; with fewer to a slice, on the average, no further ones."""
FIELDS = (
    "pk", "item_id", "part", "item__prefix", "item__number", "searched__title", "searched__names", "sort",
    "is_doubtful", "due_on", "valid_to", "routine__pk", "routine__kind", "routine__uses", "routine__last_proven_on",
    "routine__prove_days",
)  # fmt: skip


class Readable:
    """Documents as far as the caller may read them: one door and one index, asked many times of one search.

    `told` is what was told of each that was let through, by its number. `absent` are words of the index that no entry
    has.
    """

    def __init__(self, caller: Caller, questions: Iterable[Asked]) -> None:
        """`questions` hold all the words that will be asked for."""
        self.caller = caller
        self.told: dict[int, tuple[Any, ...]] = {}
        self._asked_of: set[int] = set()
        # Without what nobody wrote, questions are often the same: in titles, and in titles or headings.
        self._ids: dict[tuple[Asked, int, int], list[int]] = {}
        # Which request it is has no part in what may be read.
        self._door = _door(caller.in_request(""), timezone.localdate())
        words = {
            word
            for one in questions
            for marked in (one, one.in_titles(), one.in_headings())
            for ways in marked.of(Noun.DOCUMENT).words
            for way in ways
            for word in way.whole
        }
        self.absent = engine().absent(words)

    def first(self, numbers: Collection[int], most: int) -> list[int]:
        """The first of these that may be read, rising; at most `most`."""
        known = list(takewhile(self._asked_of.__contains__, sorted(numbers)))
        found = [number for number in known if number in self.told][:most]
        if len(found) < most and len(known) < len(numbers):
            further = [number for number in numbers if number > (known[-1] if known else -1)]
            rows = self._door.among(further, most - len(found))
            self.told |= {row[0]: row for row in rows}
            found += [row[0] for row in rows]
        return found

    def ask_of(self, numbers: Collection[int]) -> None:
        """Which of these may be read, in one question, where they would be asked of in several."""
        self.told |= {row[0]: row for row in self._door.among(numbers, len(numbers))}
        self._asked_of.update(numbers)

    def asked(self, wanted: Asked) -> Asked:
        """What the index is asked of documents."""
        return wanted.of(Noun.DOCUMENT).without(self.absent)

    def is_vast(self, wanted: Asked) -> bool:
        """Whether to find even the first that meet it is likely to take long."""
        return engine().is_vast(self.asked(wanted))

    def ids(self, wanted: Asked, after: int, most: int) -> list[int]:
        """The first entries beyond `after` that meet it, rising, at most so many.

        Where the index would have to look at very many, it is asked of slices of documents, as many as should hold
        enough by what was found so far; and of all the others together where that is next to nothing.
        """
        asked = self.asked(wanted)
        known = self._ids.get((asked, after, most))
        if known is None:
            known = self._ids[asked, after, most] = self._found(wanted, asked, after, most)
        return known

    def _found(self, wanted: Asked, asked: Asked, after: int, most: int) -> list[int]:
        if asked.is_hopeless:
            return []
        if most > MOST_SLICED or not engine().is_vast(asked):
            return engine().first(asked, after, most)
        found: list[int] = []
        at, count = (after + 1) // STRIDE // SLICE, 1
        while len(found) < most:
            here = engine().first(self.asked(wanted.of_slices(at, count)), after, most - len(found))
            found += here
            at += count
            if len(here) < FEW * count:
                beyond = max(after, at * SLICE * STRIDE - 1)
                return found + engine().first(asked, beyond, most - len(found))
            count = min(MOST_SLICES, 1 + (most - len(found)) * count // len(here))
        return found


@lru_cache(maxsize=500)
def _door(caller: Caller, _on: dt.date) -> Composed:
    """What may be read by a caller with these rights, as they are on a day: to compose it costs more than to ask it."""
    told = Document.objects.visible_to(caller).filter(searched__isnull=False).order_by().values_list(*FIELDS)
    return Composed(told, "pk")
