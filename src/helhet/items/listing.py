"""Pages of items: filtered, sorted, reached by cursor, counted; quick in a register of a million.

Two ways of answering one filter, chosen by measuring first: when some term is met by few items, those are read by
their ids and sorted; else the index of the sorted column is walked, and each row is asked whether it fits.
"""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from helhet.items.filters import item_fields
from helhet.items.measuring import BROAD, Count, Met, Ways
from helhet.items.models import Item, every_kind
from helhet.kit.engines.drawing import Lottery, among
from helhet.kit.engines.each_row import hidden
from helhet.kit.errors import Invalid
from helhet.kit.filters import Context, Translation
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.rules.filters import All, all_of, every_term
from helhet.rules.sampling import proves_more

WINDOW = 10_000
"""So many places of an index are walked for one page before another way is looked for."""
FIRST_SAMPLE, SAMPLE = 400, 2_500
MEDIUM = 50_000
"""Of so few that meet a term, the smaller sample tells what the larger would."""
LARGE = 100 * SAMPLE
"""A register at least so long is asked by a sample whether more fit than are counted."""
_SEED = random.SystemRandom().random()
COUNT_LIMIT = 10_000
PORTION = 2_000
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
        self.ways = Ways(self.translation)
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
        if self.ways.few() is None:
            if limit is not None and self._surely_more(limit, FIRST_SAMPLE):
                return Count(limit, more=True)
            begun = self.ways.met_by_at_most(BROAD)
            if limit is not None and (
                self._surely_more_of(begun, limit) if begun else self._surely_more(limit, SAMPLE)
            ):
                return Count(limit, more=True)
            if begun is not None and self.ways.cross() is None:
                met = self._meeting(begun.way.rest).order_by().filter(pk__in=begun.way.ids)
                return _counted(met, limit)
        return _counted(self.narrowed().order_by(), limit)

    def _surely_more(self, limit: int, sample: int) -> bool:
        """Whether a sample proves that more fit than would be counted: what is met by many is told in no time. Not for
        words that the index answers, since it answers from their beginning, not for one item.
        """
        terms = every_term(self.translation.node)
        if not self.text.strip() or (self.ways and any(term.field is None for term in terms)):
            return False
        ids = Item.objects.values_list("id", flat=True)
        known = range(ids.order_by("id").first() or 0, (ids.order_by("-id").first() or 0) + 1)
        if len(known) < LARGE:
            return False
        drawn = _chance().sample(known, min(sample, len(known)))
        met = self._meeting(hidden(self.translation.condition)).order_by().filter(among("pk", drawn)).count()
        return proves_more(met, len(drawn), len(known), limit)

    def _surely_more_of(self, begun: Met, limit: int) -> bool:
        """Whether a sample of those that meet one term proves it: of fewer, a sample of the same size proves more, and
        where nearly all of them fit, a few do.
        """
        if begun.number < limit + limit // 4:
            return False
        sample = FIRST_SAMPLE if begun.number < MEDIUM else SAMPLE
        share = Lottery(min(1.0, sample / begun.number))
        drawn = list(begun.way.ids.filter(Exact(share, 1))[: 2 * sample])
        met = self._meeting(hidden(begun.way.rest)).order_by().filter(among("pk", drawn)).count()
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
        terms = (*self.translation.terms, *more.terms)
        narrower.translation = Translation(both, self.translation.condition & more.condition, terms)
        narrower.ways = self.ways.also(more, narrower.translation)
        return narrower

    def _unlisted_kinds(self) -> list[int]:
        """Ids of the kinds that lists leave out unless they are asked for."""
        if self._unlisted is None:
            self._unlisted = sorted(pk for pk, kind in every_kind().items() if not kind.is_listed)
        return self._unlisted

    def _asks_for_kind(self) -> bool:
        return any(term.field in {"kind", "typ", "id", "reference"} for term in every_term(self.translation.node))

    def narrowed(self) -> QuerySet[Item]:
        """All of them, in no order, begun at the few that meet some term, where there is such a term."""
        few = self.ways.few()
        return self.queryset() if few is None else self._meeting(few.rest).filter(among("pk", few.ids))

    def _rows(self, values: list[Any], *, back: bool, size: int) -> list[Item]:
        for port in more_sorts:
            if self.sort_name in port():
                return port()[self.sort_name](self, values, back, size)  # type: ignore[no-any-return]
        column = SORTS[self.sort_name].column
        columns = ["prefix", "number"] if column == "number" else [column, "id"]
        if self.ways.few() is not None or (self.ways.asks_much_of_each() and self.ways.cross() is not None):
            return self.walk(self.narrowed(), columns, values, back=back, size=size, is_sorted=True)
        return self._walked_rows(columns, values, back=back, size=size)

    def _walked_rows(self, columns: list[str], values: list[Any], *, back: bool, size: int) -> list[Item]:
        """By the index of the order, where a page is met soon; else by what meets the terms, sorted."""
        if self.text.strip() and all(term.is_dear for term in self.translation.terms):
            return self._rows_of_ids(columns, values, back=back, size=size)
        end = self._end_of_window(columns, values, back=back) if self.ways else None
        if end is None:
            return self.walk(self._walked(), columns, values, back=back, size=size)
        near = self._until(self._walked(), columns, end, back=back)
        rows = self.walk(near, columns, values, back=back, size=size)
        if len(rows) >= size:
            return rows
        if self.ways.cross() is not None:
            return self.walk(self.narrowed(), columns, values, back=back, size=size, is_sorted=True)
        broad = self.ways.met_by_at_most(BROAD)
        if broad is None:
            return self.walk(self._walked(), columns, values, back=back, size=size)
        met = self._meeting(broad.way.rest).filter(pk__in=broad.way.ids)
        return self.walk(met, columns, values, back=back, size=size, is_sorted=True)

    def _rows_of_ids(self, columns: list[str], values: list[Any], *, back: bool, size: int) -> list[Item]:
        """The index of the order alone is walked, and only of what meets the terms the rows are read. Where a page is
        not met within a window and an index knows what meets a term, that is sorted instead.
        """
        met = Item.objects.filter(hidden(self.translation.condition))
        known = next((term for term in self.translation.terms if term.whole is not None), None)
        end = self._end_of_window(columns, values, back=back) if known is not None else None
        if known is None or known.whole is None or end is None:
            return self._met_along(met, columns, values, back=back, size=size)
        rows = self._met_along(self._until(met, columns, end, back=back), columns, values, back=back, size=size)
        if len(rows) >= size:
            return rows
        found = self._meeting(self.translation.without(known) & known.whole.condition)
        return self.walk(found, columns, values, back=back, size=size, is_sorted=True)

    def _met_along(
        self, met: QuerySet[Item], columns: list[str], values: list[Any], *, back: bool, size: int
    ) -> list[Item]:  # fmt: skip
        """`size` rows of these, their ids by the index of the order."""
        downward = self.descending != back
        order = [f"-{column}" if downward else column for column in columns]
        rows: list[Item] = []
        portion = size
        while len(rows) < size:
            some = met.filter(after(columns, values, downward=downward)) if values else met
            places = list(some.order_by(*order).values_list(*dict.fromkeys([*columns, "id"]))[:portion])
            here = self._meeting(Q()).in_bulk([place[-1] for place in places])
            rows += [here[place[-1]] for place in places if place[-1] in here]
            if len(places) < portion:
                break
            values, portion = list(places[-1][:2]), min(portion * 4, PORTION)
        return with_kinds(rows[:size])

    def _until(self, found: QuerySet[Item], columns: list[str], end: list[Any], *, back: bool) -> QuerySet[Item]:
        side = "gte" if self.descending != back else "lte"
        return found.filter(**{f"{columns[0]}__{side}": end[0]})

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


def _chance() -> random.Random:
    """The same draws for all lists of a minute, so that the rows drawn are at hand after the first of them."""
    return random.Random(f"{_SEED} {int(time.monotonic()) // 60}")  # noqa: S311 - not for a secret


def _counted(found: QuerySet[Item], limit: int | None) -> Count:
    if limit is None:
        return Count(found.count())
    number = found.values("id")[: limit + 1].count()
    return Count(min(number, limit), number > limit)


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
