"""Lists for programs that take the filter language, and the fields that they are filtered by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field as Given

from helhet.items.text import fold
from helhet.kit.api import caller_of
from helhet.kit.filters import Context, Field, Fields, Meaning, only_matching, unknown_value
from helhet.kit.paging import ListAsked, Listing
from helhet.rules.filters import Op, Term, Value
from helhet.rules.text import wildcard_match

M = TypeVar("M", bound=Model)


class FilterAsked(ListAsked):
    """A list that takes the filter language too."""

    filter: str = Given("", max_length=2_000, description="As in the page: name:*drift* state:active")


@dataclass(frozen=True, slots=True)
class Filtered(Listing[M]):
    """One noun's list that is filtered by declared fields."""

    fields: Callable[[], Fields]

    def found(self, request: HttpRequest, asked: FilterAsked, rows: QuerySet[M], *more: str) -> HttpResponse:
        """The page of what the filter keeps. Raises FilterInvalid."""
        condition = self.fields().translate(asked.filter, Context(caller_of(request))).condition
        return self.answer(request, asked, rows.filter(condition), "filter", *more)


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
