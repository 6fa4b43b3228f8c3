"""Conditions that are asked of each row while another index is walked, by no plan that begins elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, Q, SmallIntegerField, Value, When
from django.db.models.lookups import GreaterThan


class OfRow(Exists):
    """Whether there is such a row for this one. Of an EXISTS, PostgreSQL may read all rows that there are, to have them
    ready for many; of a value, it asks for the one.
    """

    template = "(%(subquery)s) IS NOT NULL"


def hidden(condition: Q) -> Q:
    """The condition as a question to each row, which no index answers.

    As a comparison: PostgreSQL expects a third of the rows to meet one, but so few to meet an equality that it would
    read a whole window and sort it, for a page that a walk finds at once.
    """
    if not condition:
        return condition
    case = Case(When(_of_row(condition), then=Value(1)), default=Value(0), output_field=SmallIntegerField())
    return Q(GreaterThan(case, 0))


def _of_row(part: Any) -> Any:
    """The same condition, each EXISTS in it asked of one row."""
    if isinstance(part, Q):
        return Q.create([_of_row(one) for one in part.children], part.connector, part.negated)
    if isinstance(part, OfRow):
        return part
    if isinstance(part, Exists):
        asked = part.copy()
        asked.__class__ = OfRow
        return asked
    if hasattr(part, "get_source_expressions") and part.get_source_expressions():
        whole = part.copy()
        whole.set_source_expressions([_of_row(one) for one in part.get_source_expressions()])
        return whole
    return part
