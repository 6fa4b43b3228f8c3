"""Lists of the API: one shape, the same parameters, pages by cursor that lose and double nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from helhet.kit.api import only_known
from helhet.kit.errors import Invalid

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PAGE = 50
PAGE_LIMIT = 200
COUNT_LIMIT = 10_000
BIGGEST = 2**63 - 1
Place = tuple[Any, Any]


class ListAsked(Schema):
    """What every list takes."""

    sort: str = Field("", max_length=100, description="A column of the list; `-` before it turns the order round")
    fields: str = Field("", max_length=4_000, description="Names with commas between; all when empty")
    cursor: str = Field("", max_length=4_000, description="`next` or `previous` of another page of the same list")
    limit: int = Field(PAGE, ge=1, le=PAGE_LIMIT, description="How many rows a page has at most")


class PageOut(Schema, Generic[T]):
    """A page of a list. `count` is how many match, counted up to 10,000: `more` says that there are more than that.

    `next` and `previous` are cursors, empty at the ends.
    """

    count: int
    more: bool
    items: list[T]
    next: str
    previous: str


def encode(back: bool, sort: str, place: Sequence[Any]) -> str:
    """A place in a list as text that travels in an address."""
    return base64.urlsafe_b64encode(json.dumps([back, sort, *place]).encode()).decode().rstrip("=")


def decode(cursor: str, sort: str) -> tuple[bool, Place]:
    """(back, place) of a cursor of a list in this order. Raises Invalid for what is none."""
    try:
        back, of, first, second = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise unreadable() from error
    values = (first, second)
    if not isinstance(back, bool) or not all(isinstance(one, str | int) and _is_kept(one) for one in values):
        raise unreadable()
    if of != sort:
        raise Invalid(
            _("The cursor belongs to another order of the list."),
            todo=_("Start from the first page, or send the same sort as before."), field="cursor", where="cursor",
        )  # fmt: skip
    return back, values


def _is_kept(value: str | int) -> bool:
    """Whether a database can be asked for it."""
    return "\x00" not in value if isinstance(value, str) else -BIGGEST <= value <= BIGGEST


def unreadable() -> Invalid:
    """The refusal of a cursor that is none of ours."""
    return Invalid(
        _("The place in the list cannot be read."), todo=_("Start from the first page."), field="cursor", where="cursor"
    )


@dataclass(frozen=True, slots=True)
class _Order:
    """The order asked for: its name in `sorts`, the column, which way."""

    text: str
    column: str
    is_downward: bool

    @classmethod
    def asked(cls, text: str, sorts: Mapping[str, str]) -> _Order:
        text = text or next(iter(sorts))
        name = text.removeprefix("-")
        known = {one.removeprefix("-"): column for one, column in sorts.items()}
        if name not in known:
            raise Invalid(
                _("The list cannot be sorted by %(sort)s.") % {"sort": name[:60]}, where="sort",
                todo=_("Choose one of: %(sorts)s.") % {"sorts": ", ".join(known)}, field="sort",
            )  # fmt: skip
        return cls(text, known[name], text.startswith("-"))


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    """The rows of a page with those beside it, cut to what was asked."""

    rows: list[T]
    next: str
    previous: str

    @classmethod
    def cut(
        cls, rows: list[T], asked: ListAsked, order: _Order, place: Callable[[T], Sequence[Any]], *, back: bool
    ) -> _Found[T]:
        """`rows` are at most one more than asked for, in the order in which they were met."""
        more = len(rows) > asked.limit
        rows = rows[: asked.limit]
        if back:
            rows.reverse()
        if not rows:
            return cls([], "", "")
        has_next, has_previous = (True, more) if back else (more, bool(asked.cursor))
        return cls(
            rows,
            encode(False, order.text, place(rows[-1])) if has_next else "",
            encode(True, order.text, place(rows[0])) if has_previous else "",
        )


def wanted_fields(asked: str, shape: type[Schema]) -> list[str]:
    """The names in `fields`, all of the shape when empty. Raises Invalid for one that there is not."""
    names = [name.strip() for name in asked.split(",") if name.strip()]
    unknown = [name for name in names if name not in shape.model_fields]
    if unknown:
        raise Invalid(
            _("There is no field %(name)s.") % {"name": unknown[0][:60]}, where="fields", field="fields",
            todo=_("Known: %(names)s.") % {"names": ", ".join(shape.model_fields)},
        )  # fmt: skip
    return names or list(shape.model_fields)


def _response(
    found: _Found[dict[str, Any]], count: int, names: list[str], extra: Mapping[str, Any] | None = None
) -> HttpResponse:
    body = {
        "count": min(count, COUNT_LIMIT), "more": count > COUNT_LIMIT,
        "items": [{name: row.get(name) for name in names} for row in found.rows],
        "next": found.next, "previous": found.previous, **(extra or {}),
    }  # fmt: skip
    # Written at once: the rows have the shape of the document, and the contract's tests hold them to it.
    written = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z, default=str)
    return HttpResponse(written, content_type="application/json")


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """One noun's list out of the database.

    `sorts` maps names to columns or annotations that are never empty; the first is the usual, `-` before its name when
    it is usually turned round. `pk` breaks ties. `together`, where given, tells a page of rows with fewer
    questions than `as_data` would one by one.
    """

    shape: type[Schema]
    sorts: Mapping[str, str]
    as_data: Callable[[M], dict[str, Any]]
    together: Callable[[Sequence[M]], list[dict[str, Any]]] | None = field(default=None, kw_only=True)

    def answer(self, request: HttpRequest, asked: ListAsked, rows: QuerySet[M], *more: str) -> HttpResponse:
        """The page that is asked for. `more` names further parameters of the address."""
        only_known(request, *ListAsked.model_fields, *more)
        names = wanted_fields(asked.fields, self.shape)
        found = self._page(rows, asked)
        count = rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()
        data = self.together(found.rows) if self.together else [self.as_data(row) for row in found.rows]
        return _response(_Found(data, found.next, found.previous), count, names)

    def _page(self, rows: QuerySet[M], asked: ListAsked) -> _Found[M]:
        order = _Order.asked(asked.sort, self.sorts)
        back, place = decode(asked.cursor, order.text) if asked.cursor else (False, None)
        downward = order.is_downward != back
        try:
            if place is not None:
                rows = rows.filter(_after(order.column, place, downward=downward))
            minus = "-" if downward else ""
            found = list(rows.order_by(f"{minus}{order.column}", f"{minus}pk")[: asked.limit + 1])
        except (ValueError, TypeError, OverflowError, ValidationError) as error:
            if place is None:
                raise
            raise unreadable() from error
        return _Found.cut(found, asked, order, lambda row: (_value(row, order.column), row.pk), back=back)


def _after(column: str, place: Place, *, downward: bool) -> Q:
    first, second = place
    if not isinstance(second, int) or isinstance(second, bool):
        raise unreadable()
    sign = "lt" if downward else "gt"
    if column == "pk":
        return Q((f"pk__{sign}", second))
    return Q((f"{column}__{sign}e", first)) & (
        Q((f"{column}__{sign}", first)) | Q((column, first), (f"pk__{sign}", second))
    )


def _value(row: Model, column: str) -> str | int:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value if isinstance(value, int) else str(value)


class Made(Protocol):
    """Rows of a long list that are made when they are asked for, in the order of one column and then of their own."""

    column: str

    def __len__(self) -> int:
        """How many."""

    def cut(self, first: int, last: int) -> list[dict[str, Any]]:
        """Those from `first` up to, but not with, `last`."""

    def around(self, place: Place) -> tuple[int, int]:
        """How many stand before this value and key, and how many before or at it. Raises Invalid for no such key."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list of few rows that are made in memory. `key` names the field that no two rows share."""

    shape: type[Schema]
    key: str
    sorts: Mapping[str, str] = field(default_factory=dict)

    def answer(
        self, request: HttpRequest, asked: ListAsked, rows: Sequence[dict[str, Any]], *more: str, **extra: Any
    ) -> HttpResponse:
        """The page that is asked for. `more` names further parameters of the address, `extra` stands beside `count`."""
        only_known(request, *ListAsked.model_fields, *more)
        names = wanted_fields(asked.fields, self.shape)
        order = _Order.asked(asked.sort, self.sorts or {self.key: self.key})
        back, wanted = decode(asked.cursor, order.text) if asked.cursor else (False, None)
        downward = order.is_downward != back

        def place(row: dict[str, Any]) -> Place:
            value = row[order.column]
            return (value if isinstance(value, int) else str("" if value is None else value)), row[self.key]

        found = sorted(rows, key=place, reverse=downward)
        if wanted is not None:
            try:
                found = [row for row in found if (place(row) < wanted if downward else place(row) > wanted)]
            except TypeError as error:
                raise unreadable() from error
        return _response(_Found.cut(found[: asked.limit + 1], asked, order, place, back=back), len(rows), names, extra)

    def answer_made(
        self, request: HttpRequest, asked: ListAsked, rows: Made, *more: str, **extra: Any
    ) -> HttpResponse:  # fmt: skip
        """The same of rows that are made a page at a time; all of them only for another order than their own."""
        order = _Order.asked(asked.sort, self.sorts or {self.key: self.key})
        if order.column != rows.column:
            return self.answer(request, asked, rows.cut(0, len(rows)), *more, **extra)
        only_known(request, *ListAsked.model_fields, *more)
        names = wanted_fields(asked.fields, self.shape)
        back, wanted = decode(asked.cursor, order.text) if asked.cursor else (False, None)
        before, past = rows.around(wanted) if wanted is not None else (len(rows), 0)
        if order.is_downward != back:
            found = rows.cut(max(0, before - asked.limit - 1), before)[::-1]
        else:
            found = rows.cut(past, past + asked.limit + 1)
        page = _Found.cut(found, asked, order, lambda row: (row[order.column], row[self.key]), back=back)
        return _response(page, len(rows), names, extra)
