"""How many things meet each term of a filter that an index answers, and the few that meet one of them, or two."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.db.models import Q

from helhet.kit.filters import Meaning, Narrow, Translation

FEW = 4_000
BROAD = 200_000
TIMES_INDEX, TIMES_WHOLE = 5, 2
"""So many ids are read in the time in which a term is asked of one row."""
CROSSED = 20_000
"""So many that meet two terms are read by their ids; of more, an index of the order has a page soon."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `more` when there are more than were counted."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Few:
    """The ids of the things that meet one term or two, and all that must hold besides."""

    ids: list[int]
    rest: Q


@dataclass(frozen=True, slots=True)
class Met:
    """A way to begin, and how many meet its term."""

    way: Narrow
    number: int


class Ways:
    """The ways to begin at a filter's terms. What was measured is not measured again."""

    def __init__(self, translation: Translation) -> None:
        """Nothing is measured until it is asked for."""
        self._translation = translation
        self._narrow = translation.narrow
        self._few: Few | None = None
        self._measured = False
        self._crossed = False
        self._counts: dict[int, Count] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._narrow)

    def also(self, more: Translation, both: Translation) -> Ways:
        """The ways of two filters at once, where those of the first are known."""
        ways = copy(self)
        few = self.few()
        ways._translation = both
        ways._narrow = tuple(Narrow(way.ids, way.rest & self._translation.condition) for way in more.narrow)
        ways._few = Few(few.ids, few.rest & more.condition) if few is not None else None
        ways._measured = False
        ways._counts = {}
        # A figure beside a list is not worth reading all that meets two terms.
        ways._crossed = True
        return ways

    def few(self) -> Few | None:
        """The narrowest term when it is met by few; two of them, where they have been crossed."""
        if not self._measured:
            self._measured = True
            for number, way in enumerate(self._narrow):
                most = FEW if self._few is None else len(self._few.ids)
                if not self._met_by(number, most).more:
                    self._few = Few(list(way.ids), way.rest)
        return self._few

    def met_by_at_most(self, limit: int) -> Met | None:
        """The narrowest term, where it is met by so few that it is better to begin at its ids than at all items."""
        best: Met | None = None
        for number, way in enumerate(self._narrow):
            met = self._met_by(number, limit if best is None else best.number)
            if not met.more and (best is None or met.number < best.number):
                best = Met(way, met.number)
        return best

    def asks_much_of_each(self) -> bool:
        """Whether some term costs more to ask of a row than to have all that meet it."""
        return any(term.whole is not None for term in self._translation.terms)

    def cross(self) -> Few | None:
        """Those that meet two terms at once, each of which is met by many: both are read whole, which takes less than
        to ask the one of each that meets the other. None where there are no two, or too many meet both.
        """
        if self.few() is None and not self._crossed:
            self._crossed = True
            pair = self._narrowest_two()
            if pair is not None:
                first, second = pair
                ids = set(_ids_of(first)).intersection(_ids_of(second))
                if len(ids) <= CROSSED:
                    self._few = Few(sorted(ids), self._translation.without(first, second))
        return self._few

    def _narrowest_two(self) -> tuple[Meaning, Meaning] | None:
        """The two terms that are met by fewest, where reading both is cheaper than asking each that meets the one."""
        narrow = [term for term in self._translation.terms if term.ids is not None]
        counts = [(self._met_by(number, BROAD), term) for number, term in enumerate(narrow)]
        met = [(count.number, TIMES_INDEX, term) for count, term in counts if not count.more]
        met += [(term.whole.number, TIMES_WHOLE, term) for term in self._translation.terms if term.whole is not None]
        met.sort(key=lambda one: one[0])
        if len(met) < 2:
            return None
        (fewest, _times, first), (number, times, second) = met[:2]
        return (first, second) if number <= times * fewest else None

    def _met_by(self, number: int, most: int) -> Count:
        """How many meet one of the terms, counted up to `most`."""
        known = self._counts.get(number)
        if known is None or (known.more and known.number < most):
            count = self._narrow[number].ids[: most + 1].count()
            known = self._counts[number] = Count(min(count, most), count > most)
        return Count(min(known.number, most), known.more or known.number > most)


def _ids_of(term: Meaning) -> Iterable[int]:
    if term.whole is not None:
        return term.whole.read()
    assert term.ids is not None
    return term.ids.iterator(chunk_size=BROAD)
