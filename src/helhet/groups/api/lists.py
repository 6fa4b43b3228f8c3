"""Lists for programs: the filter language over declared fields, a sort, a cursor, a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field as Given
from ninja import Schema

from helhet.items.listing import after, decode_cursor, encode_cursor
from helhet.items.text import fold
from helhet.kit.api import caller_of, chosen_fields, only_known
from helhet.kit.errors import Invalid
from helhet.kit.filters import Context, Field, Fields, Meaning, only_matching, unknown_value
from helhet.kit.rights import Caller
from helhet.rules.filters import Op, Term, Value
from helhet.rules.text import wildcard_match

M = TypeVar("M", bound=Model)
PARAMETERS = ("filter", "sort", "fields", "cursor", "limit")


class ListAsked(Schema):
    """What a list can be asked: a filter, a sort (`-` before it turns it round), fields, a place, a number of rows."""

    filter: str = Given("", max_length=2_000)
    sort: str = ""
    fields: str = ""
    cursor: str = ""
    limit: int = Given(100, ge=1, le=200)


class PageOut(Schema):
    """One page of a list. `next` is the cursor of the next page, empty at the end."""

    items: list[dict[str, Any]]
    next: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """One noun's list. `sorts` maps names to columns (or annotations) that are never empty; the first is the usual."""

    fields: Callable[[], Fields]
    sorts: Mapping[str, str]
    as_data: Callable[[M], dict[str, Any]]

    def answer(self, request: HttpRequest, asked: ListAsked, rows: QuerySet[M], *more: str) -> dict[str, Any]:
        """The page that is asked for. `more` names parameters that the caller has read itself."""
        only_known(request, *PARAMETERS, *more)
        found = self.found(rows, asked.filter, caller_of(request))
        page, following = self.page(found, asked.sort, asked.cursor, asked.limit)
        return {"items": [chosen_fields(self.as_data(row), asked.fields) for row in page], "next": following}

    def found(self, rows: QuerySet[M], text: str, caller: Caller) -> QuerySet[M]:
        """The rows that a filter keeps. Raises FilterInvalid."""
        return rows.filter(self.fields().translate(text, Context(caller)).condition)

    def page(self, rows: QuerySet[M], sort: str, cursor: str, limit: int) -> tuple[list[M], str]:
        """`limit` rows from the cursor on, and the cursor of the next page, empty at the end."""
        name = sort.lstrip("-") or next(iter(self.sorts))
        if name not in self.sorts:
            raise Invalid(
                _("The list cannot be sorted by %(sort)s.") % {"sort": name},
                todo=_("Choose one of: %(sorts)s.") % {"sorts": ", ".join(self.sorts)}, field="sort",
            )  # fmt: skip
        column, downward = self.sorts[name], sort.startswith("-")
        if cursor:
            _back, values = decode_cursor(cursor)
            if [type(value) for value in values] != [str, int]:
                raise Invalid(_("The place in the list cannot be read."), todo=_("Start from the first page."))
            rows = rows.filter(after([column, "pk"], values, downward=downward))
        minus = "-" if downward else ""
        found = list(rows.order_by(f"{minus}{column}", f"{minus}pk")[: limit + 1])
        if len(found) <= limit:
            return found, ""
        last = found[limit - 1]
        return found[:limit], encode_cursor([_value(last, column), last.pk], back=False)


def _value(row: Model, column: str) -> str:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


# ---- fields ----------------------------------------------------------------------------------------------------


def choice(name: str, column: str, choices: Iterable[str]) -> Field:
    """A field over a column of words."""
    known = list(choices)

    def mean(term: Term, _context: Context) -> Meaning:
        only_matching(term)
        for value in term.values:
            if value.text.lower() not in known:
                raise unknown_value(term, value, known)
        return Meaning(Q((f"{column}__in", [value.text.lower() for value in term.values])))

    return Field(name, name, mean)


def folded(name: str, rows: Callable[[], QuerySet[Any]], column: str, *, to: str = "pk") -> Field:
    """A field over a column of names that keeps no folded twin: its rows are few, so they are folded as they are read.

    `rows` are those of the table that has the column, `to` the column of the list that holds their ids.
    """

    def mean(term: Term, _context: Context) -> Meaning:
        only_matching(term)
        condition = Q(pk__in=())
        for value in term.values:
            if value.asks_for_none:
                condition |= Q((f"{to}__isnull", True)) if to != "pk" else Q((column, ""))
                continue
            pairs = rows().order_by().values_list("pk", column)
            condition |= Q((f"{to}__in", [pk for pk, text in pairs if fits(text, value, exact=term.op == Op.EXACT)]))
        return Meaning(condition)

    return Field(name, name, mean)


def fits(text: str, value: Value, *, exact: bool = False) -> bool:
    """Whether a text is the value, or of its form when that has stars."""
    if exact or not value.wildcard:
        return fold(text) == fold(value.text)
    return wildcard_match(tuple(fold(part) for part in value.parts), fold(text))


def containing(rows: Callable[[], QuerySet[Any]], *columns: str) -> Callable[[Term, Context], Meaning]:
    """Text without a field: rows with it in one of these columns."""

    def mean(term: Term, _context: Context) -> Meaning:
        wanted = fold(term.values[0].text)
        found = rows().order_by().values_list("pk", *columns)
        return Meaning(Q(pk__in=[pk for pk, *texts in found if any(wanted in fold(text or "") for text in texts)]))

    return mean
