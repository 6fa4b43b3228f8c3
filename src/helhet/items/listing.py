"""Pages of items: filtered, sorted, reached by cursor, counted; quick in a register of a million.

Two ways of answering one filter, chosen by measuring first: when some term is met by few items, those are read by
their ids and sorted; else the index of the sorted column is walked, and each row is asked whether it fits.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from helhet.items.filters import item_fields
from helhet.items.models import Item, every_kind
from helhet.kit.engines.drawing import Lottery, among
from helhet.kit.errors import Invalid
from helhet.kit.filters import Context, Narrow, Translation
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.rules.filters import All, all_of, every_term
from helhet.rules.sampling import proves_more

FEW = 4_000
MEDIUM = 50_000
BROAD = 200_000
WINDOW = 10_000
"""So many places of an index are walked for one page before another way is looked for."""
SAMPLE = 2_000
NARROW_SAMPLE = 4_000
LARGE = 100 * SAMPLE
"""A register at least so long is asked by a sample whether more fit than are counted."""
COUNT_LIMIT = 10_000
PAGE = 50
PAGE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """A column that items can be sorted by. `column` is the model's own; ties are broken by id."""

    name: str
    column: str


SORTS = {
    sort.name: sort
    for sort in (
        Sort("name", "name_key"),
        Sort("id", "number"),
        Sort("kind", "kind_id"),
        Sort("state", "state"),
        Sort("criticality", "criticality"),
        Sort("updated", "updated_at"),
    )
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `more` when there are more than were counted."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Few:
    """The ids of the things that meet one term, and all that must hold besides."""

    ids: list[int]
    rest: Q


@dataclass(frozen=True, slots=True)
class Met:
    """A way to begin, and how many meet its term."""

    way: Narrow
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `next` and `previous` are cursors, empty at the ends."""

    items: list[Item]
    next: str
    previous: str


def encode_cursor(values: list[Any], *, back: bool) -> str:
    """A cursor as text that travels in an address."""
    return base64.urlsafe_b64encode(json.dumps([back, *values]).encode()).decode().rstrip("=")


def unreadable_place() -> Invalid:
    """The refusal of a cursor that is none of ours."""
    return Invalid(_("The place in the list cannot be read."), todo=_("Start from the first page."), field="cursor")


def decode_cursor(text: str) -> tuple[bool, list[Any]]:
    """(back, values). Raises Invalid for a text that is no cursor."""
    try:
        back, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError) as error:
        raise unreadable_place() from error
    if not isinstance(back, bool) or not values or not all(isinstance(one, str | int | None) for one in values):
        raise unreadable_place()
    return back, values


class ItemList:
    """The items that a filter names, as one caller may see them."""

    def __init__(self, caller: Caller, text: str = "", *, sort: str = "name") -> None:
        """`sort` is a name of SORTS or of the port `items.sorts`, with `-` before it for the other way round."""
        self.caller = caller
        self.text = text
        self.translation: Translation = item_fields().translate(text, Context(caller))
        self.descending = sort.startswith("-")
        self.sort_name = sort.lstrip("-")
        if self.sort_name not in SORTS and not any(self.sort_name in port() for port in more_sorts):
            raise Invalid(
                _("The list cannot be sorted by %(sort)s.") % {"sort": self.sort_name},
                todo=_("Choose one of: %(sorts)s.") % {"sorts": ", ".join(SORTS)},
                field="sort",
            )
        self._few: Few | None = None
        self._measured = False
        self._counts: dict[int, Count] = {}
        self._unlisted: list[int] | None = None

    def queryset(self) -> QuerySet[Item]:
        """All of them, in no order: for bulk edits, exports and counts. Kinds that are not listed (groups) are left
        out unless the filter asks for kinds itself.
        """
        return self._meeting(self.translation.condition)

    def _meeting(self, condition: Q) -> QuerySet[Item]:
        found = Item.objects.visible_to(self.caller).filter(condition)
        if not self._asks_for_kind():
            # Without a join: the planner would begin at the few kinds and sort all of their items.
            found = found.exclude(kind_id__in=self._unlisted_kinds())
        return found

    def ids(self) -> QuerySet[Item, Any]:
        """Their ids, unordered."""
        return self.queryset().order_by().values_list("id", flat=True)

    def count(self, limit: int | None = COUNT_LIMIT) -> Count:
        """How many there are, counted up to `limit` (None: all)."""
        found = self.narrowed().order_by()
        if self._measure() is None:
            begun = self._met_by_at_most(MEDIUM)
            if begun is None and limit is not None and self._surely_more(limit):
                return Count(limit, more=True)
            begun = begun or self._met_by_at_most(BROAD)
            if begun is not None:
                if limit is not None and self._surely_more_of(begun, limit):
                    return Count(limit, more=True)
                found = self._meeting(begun.way.rest).order_by().filter(pk__in=begun.way.ids)
        if limit is None:
            return Count(found.count())
        number = found.values("id")[: limit + 1].count()
        return Count(min(number, limit), number > limit)

    def _surely_more(self, limit: int) -> bool:
        """Whether a sample proves that more fit than would be counted: what is met by many is told in no time. Not for
        words that the index answers, since it answers from their beginning, not for one item.
        """
        terms = every_term(self.translation.node)
        if not self.text.strip() or (self.translation.narrow and any(term.field is None for term in terms)):
            return False
        ids = Item.objects.values_list("id", flat=True)
        known = range(ids.order_by("id").first() or 0, (ids.order_by("-id").first() or 0) + 1)
        if len(known) < LARGE:
            return False
        drawn = random.sample(known, SAMPLE)
        return proves_more(self.queryset().order_by().filter(among("pk", drawn)).count(), SAMPLE, len(known), limit)

    def _surely_more_of(self, begun: Met, limit: int) -> bool:
        """Whether a sample of those that meet one term proves it: of fewer, a sample of the same size proves more."""
        if begun.number < max(MEDIUM, limit + limit // 4):
            return False
        share = Lottery(min(1.0, NARROW_SAMPLE / begun.number))
        drawn = list(begun.way.ids.filter(Exact(share, 1))[: 2 * NARROW_SAMPLE])
        met = self._meeting(begun.way.rest).order_by().filter(among("pk", drawn)).count()
        return proves_more(met, len(drawn), begun.number, limit)

    def page(self, *, cursor: str = "", size: int = PAGE) -> Page:
        """One page of at most `size` (at most 200) items with their kind, from a cursor on."""
        size = max(1, min(size, PAGE_LIMIT))
        back, values = decode_cursor(cursor) if cursor else (False, [])
        try:
            rows = self._rows(values, back=back, size=size + 1)
        except (ValueError, TypeError, OverflowError, ValidationError) as error:
            if not cursor:
                raise
            raise unreadable_place() from error
        more = len(rows) > size
        rows = rows[:size]
        if back:
            rows.reverse()
        if not rows:
            return Page([], "", "")
        has_next, has_previous = (True, more) if back else (more, bool(cursor))
        return Page(
            rows,
            encode_cursor(self._place(rows[-1]), back=False) if has_next else "",
            encode_cursor(self._place(rows[0]), back=True) if has_previous else "",
        )

    def stream(self, chunk: int = 2_000) -> Iterator[Item]:
        """All of them in order, by keyset, for exports."""
        values: list[Any] = []
        while rows := self._rows(values, back=False, size=chunk):
            yield from rows
            if len(rows) < chunk:
                return
            values = self._place(rows[-1])

    def also(self, text: str) -> ItemList:
        """The items of this list that meet one more filter; what was measured for this one is not measured again."""
        more = item_fields().translate(text, Context(self.caller))
        narrower = copy(self)
        narrower.text = f"({self.text}) {text}" if self.text.strip() else text
        both = all_of(*(one for one in (self.translation.node, more.node) if one != All(())))
        few = self._measure()
        narrower._few = Few(few.ids, few.rest & more.condition) if few is not None else None
        narrower._measured = False
        narrower._counts = {}
        ways = tuple(Narrow(way.ids, way.rest & self.translation.condition) for way in more.narrow)
        narrower.translation = Translation(both, self.translation.condition & more.condition, ways)
        return narrower

    def _unlisted_kinds(self) -> list[int]:
        """Ids of the kinds that lists leave out unless they are asked for."""
        if self._unlisted is None:
            self._unlisted = sorted(pk for pk, kind in every_kind().items() if not kind.is_listed)
        return self._unlisted

    def _asks_for_kind(self) -> bool:
        return any(term.field in {"kind", "typ", "id", "reference"} for term in every_term(self.translation.node))

    def _measure(self) -> Few | None:
        """The narrowest term when it is met by few."""
        if not self._measured:
            self._measured = True
            for number, way in enumerate(self.translation.narrow):
                most = FEW if self._few is None else len(self._few.ids)
                if not self._met_by(number, most).more:
                    self._few = Few(list(way.ids), way.rest)
        return self._few

    def _met_by_at_most(self, limit: int) -> Met | None:
        """The narrowest term, where it is met by so few that it is better to begin at its ids than at all items."""
        best: Met | None = None
        for number, way in enumerate(self.translation.narrow):
            met = self._met_by(number, limit if best is None else best.number)
            if not met.more and (best is None or met.number < best.number):
                best = Met(way, met.number)
        return best

    def _met_by(self, number: int, most: int) -> Count:
        """How many meet one of the narrow terms, counted up to `most`."""
        known = self._counts.get(number)
        if known is None or (known.more and known.number < most):
            count = self.translation.narrow[number].ids[: most + 1].count()
            known = self._counts[number] = Count(min(count, most), count > most)
        return Count(min(known.number, most), known.more or known.number > most)

    def narrowed(self) -> QuerySet[Item]:
        """All of them, in no order, begun at the few that meet some term, where there is such a term."""
        few = self._measure()
        return self.queryset() if few is None else self._meeting(few.rest).filter(among("pk", few.ids))

    def _rows(self, values: list[Any], *, back: bool, size: int) -> list[Item]:
        for port in more_sorts:
            if self.sort_name in port():
                return port()[self.sort_name](self, values, back, size)  # type: ignore[no-any-return]
        column = SORTS[self.sort_name].column
        columns = ["prefix", "number"] if column == "number" else [column, "id"]
        if self._measure() is not None:
            return self.walk(self.narrowed(), columns, values, back=back, size=size)
        end = self._end_of_window(columns, values, back=back) if self.translation.narrow else None
        if end is None:
            return self.walk(self._walked(), columns, values, back=back, size=size)
        near = self._walked().filter(after(columns, end, downward=self.descending == back))
        rows = self.walk(near, columns, values, back=back, size=size)
        if len(rows) >= size:
            return rows
        broad = self._met_by_at_most(BROAD)
        if broad is None:
            return self.walk(self._walked(), columns, values, back=back, size=size)
        met = self._meeting(broad.way.rest).filter(pk__in=broad.way.ids)
        return self.walk(met, columns, values, back=back, size=size, is_sorted=True)

    def _end_of_window(self, columns: list[str], values: list[Any], *, back: bool) -> list[Any] | None:
        """The place WINDOW items further on in the order, whatever they are; None where the order ends before."""
        downward = self.descending != back
        found = Item.objects.filter(after(columns, values, downward=downward)) if values else Item.objects.all()
        order = [f"-{column}" if downward else column for column in columns]
        place = found.order_by(*order).values_list(*columns)[WINDOW : WINDOW + 1].first()
        return list(place) if place else None

    def _walked(self) -> QuerySet[Item]:
        """All of them, such that only the index of the sort can be used: another would have all that it finds sorted.
        Where the filter asks for the sorted field itself, the index of the sort is also that of the filter.
        """
        terms = every_term(self.translation.node)
        if not self.text.strip() or any(term.field == self.sort_name for term in terms):
            return self.queryset()
        found = Item.objects.visible_to(self.caller).filter(hidden(self.translation.condition))
        return found if self._asks_for_kind() else found.exclude(kind_id__in=self._unlisted_kinds())

    def walk(
        self,
        found: QuerySet[Item],
        columns: list[str],
        values: list[Any],
        *,
        back: bool,
        size: int,
        is_sorted: bool = False,
    ) -> list[Item]:
        """`size` rows after the place `values` in the order of two columns, the second of which is unique. With
        `is_sorted` what is found is sorted, and the index of the order is not walked.
        """  # fmt: skip
        downward = self.descending != back
        if values:
            found = found.filter(after(columns, values, downward=downward))
        # Of a computed value there is no index.
        keys = [Coalesce(F(column), F(column)) if is_sorted else F(column) for column in columns]
        return with_kinds(list(found.order_by(*(key.desc() if downward else key.asc() for key in keys))[:size]))

    def _place(self, item: Item) -> list[Any]:
        for port in more_sorts:
            if self.sort_name in port():
                return port()["place"](self, item)  # type: ignore[no-any-return]
        column = SORTS[self.sort_name].column
        if column == "number":
            return [item.prefix, item.number]
        value = getattr(item, column)
        return [value.isoformat() if column == "updated_at" else value, item.pk]


def hidden(condition: Q) -> Q:
    """The condition as a question to each row, which no index answers."""
    case = Case(When(condition, then=Value(1)), default=Value(0), output_field=SmallIntegerField())
    return Q(Exact(case, 1))


def with_kinds(items: list[Item]) -> list[Item]:
    """The items with their kinds, which are few, read beside them: joined to them they would mislead the planner."""
    kinds = every_kind() if items else {}
    for item in items:
        item.kind = kinds[item.kind_id]
    return items


def after(columns: list[str], values: list[Any], *, downward: bool) -> Q:
    """The condition for rows after a place in the order of two columns; the first comparison stands alone so that
    an index can begin there.
    """
    if len(values) != len(columns):
        raise unreadable_place()
    sign = "lt" if downward else "gt"
    first, second = columns
    return Q((f"{first}__{sign}e", values[0])) & (
        Q((f"{first}__{sign}", values[0])) | Q((first, values[0]), (f"{second}__{sign}", values[1]))
    )


more_sorts: Port[Any] = Port("items.sorts")
