"""Whether one thing meets a filter: the exact semantics, for explaining and as the oracle of the SQL.

- A thing has zero or more values in each field; a missing value is None or an empty sequence.
- MATCH and EXACT hold when any value of the term equals any value of the thing. `none` (bare, MATCH
  only) holds when the thing has no value.
- Comparisons and RANGE hold when any value of the thing is in the asked order to the term's value; on a
  missing value, or one that cannot be ordered against it, they are false.
- Not is the exact negation: `-updated:<2026-01-01` holds for what was never updated.
- Texts, wildcards and equality work on folded keys (`text.fold`), order on sort keys.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, TypeAlias

from helhet.rules.days import parse_day
from helhet.rules.filter_nodes import All, Any, FilterCode, FilterError, Node, Not, Op, Term, Value
from helhet.rules.text import fold, fold_parts, sort_key, wildcard_match

Scalar: TypeAlias = str | int | float | date | None
"""What a lookup gives: dates are local days, never instants."""
Lookup: TypeAlias = Callable[[str | None], Sequence[Scalar]]
"""From a field's name to the thing's values; None asks for its texts, for free text."""
Present: TypeAlias = str | int | float | date


class Comparer(Protocol):
    """What equality and order mean in a field; the floors above add families, ranks and search."""

    def equals(self, field: str | None, value: Value, actual: Present, *, exact: bool) -> bool:
        """Whether a value of the filter means this value of the thing; `field` None is free text."""

    def order(self, field: str, value: Value, actual: Present) -> int | None:
        """Negative, 0 or positive as `actual` is below, at or above `value`; None if they have no order."""


class PlainComparer:
    """Equality and order by the sort of the thing's value alone: text, number or day."""

    def __init__(self, today: date) -> None:
        """`today` is what relative days count from."""
        self.today = today

    def equals(self, field: str | None, value: Value, actual: Present, *, exact: bool) -> bool:
        """As `Comparer.equals`; free text holds where the folded text contains it."""
        if field is None:
            return wildcard_match(("", *fold_parts(value.parts), ""), fold(str(actual)))
        if isinstance(actual, str) or value.wildcard:
            parts = (value.text,) if exact else value.parts
            return wildcard_match(parts, fold(str(actual)))
        return self.order(field, value, actual) == 0

    def order(self, field: str, value: Value, actual: Present) -> int | None:
        """As `Comparer.order`; every field is alike here."""
        del field
        try:
            if isinstance(actual, str):
                return _sign(sort_key(actual), sort_key(value.text))
            if isinstance(actual, date):
                return _sign(actual, day_of(value, self.today))
            return _sign(actual, number_of(value))
        except FilterError:
            return None


def _sign(one: "str | float | date", other: "str | float | date") -> int:
    return (one > other) - (one < other)  # type: ignore[operator]


def day_of(value: Value, today: date) -> date:
    """The day that a value names.

    Raises:
        FilterError: BAD_DAY, with the value's place.
    """
    try:
        return parse_day(value.text, today)
    except ValueError:
        raise FilterError(FilterCode.BAD_DAY, value.start, value.end - value.start, value=value.text) from None


def number_of(value: Value) -> float:
    """The number that a value names, with a point or a comma before its decimals.

    Raises:
        FilterError: BAD_NUMBER, with the value's place.
    """
    try:
        number = float(value.text.replace(",", ".").replace("_", "x"))
    except ValueError:
        number = float("nan")
    if number != number or abs(number) == float("inf"):  # noqa: PLR0124 - not equal to itself is how NaN tells
        raise FilterError(FilterCode.BAD_NUMBER, value.start, value.end - value.start, value=value.text)
    return number


def matches(node: Node, lookup: Lookup, comparer: Comparer) -> bool:
    """Whether the thing behind `lookup` meets the filter."""
    if isinstance(node, All):
        return all(matches(child, lookup, comparer) for child in node.children)
    if isinstance(node, Any):
        return any(matches(child, lookup, comparer) for child in node.children)
    if isinstance(node, Not):
        return not matches(node.child, lookup, comparer)
    return _term_holds(node, lookup, comparer)


def _term_holds(term: Term, lookup: Lookup, comparer: Comparer) -> bool:
    present = [actual for actual in lookup(term.field) if actual is not None]
    if term.op in {Op.MATCH, Op.EXACT}:
        exact = term.op is Op.EXACT
        return any(
            not present
            if not exact and term.field is not None and value.asks_for_none
            else any(comparer.equals(term.field, value, actual, exact=exact) for actual in present)
            for value in term.values
        )
    return any(_is_in_order(term, comparer, actual) for actual in present)


def _is_in_order(term: Term, comparer: Comparer, actual: Present) -> bool:
    orders = [comparer.order(term.field or "", value, actual) for value in term.values]
    first, last = orders[0], orders[-1]
    if first is None or last is None:
        return False
    return {
        Op.LT: first < 0,
        Op.LE: first <= 0,
        Op.GT: first > 0,
        Op.GE: first >= 0,
        Op.RANGE: first >= 0 >= last,
    }[term.op]
