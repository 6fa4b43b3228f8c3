"""How many documents there are, how many have a review date, and which are past it on a stated day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from helhet.documents.models import Document
from helhet.items.filters import item_fields
from helhet.items.models import Item, State
from helhet.kit.filters import Context
from helhet.kit.rights import Caller
from helhet.rules.reviewing import state_on


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts on a day. The documents are those that stand now; only their dates are judged as if it were that day.

    One that is only a draft counts as any other. `with_review_date`: a due day can be computed. `overdue`: it lies
    before the day. `check_needed`: that, or doubted.
    Beside these, and in none of them, are `withdrawn` ones and those `not_seen` any more by their source.
    """

    as_of: dt.date
    documents: int
    with_review_date: int
    overdue: int
    check_needed: int
    withdrawn: int
    not_seen: int


IS_WITHDRAWN = Q(part="", item__state=State.RETIRED)
IS_NOT_SEEN = Q(not_seen_since__isnull=False) & ~IS_WITHDRAWN
HAS_TEXT = Q(published__isnull=False) | Q(part="", draft__isnull=False)
"""A page that came as a draft has a day too. A part that was withdrawn keeps its day, but nothing of it is to be looked
at, also while it is written anew.
"""
IS_STANDING = Q(not_seen_since__isnull=True) & ~IS_WITHDRAWN


def standing(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those that stand: neither withdrawn, nor gone from the source that they came from."""
    return documents.filter(IS_STANDING)


def found(caller: Caller, text: str = "") -> QuerySet[Document]:
    """The documents that the caller may read and whose item the filter finds. Raises Invalid for a broken filter."""
    documents = Document.objects.visible_to(caller)
    if not text.strip():
        return documents
    condition = item_fields().translate(text, Context(caller)).condition
    return documents.filter(item__in=Item.objects.filter(condition))


def figures(documents: QuerySet[Document], as_of: dt.date | None = None) -> Figures:
    """The counts of these documents, in one question."""
    day = as_of or timezone.localdate()
    stands, is_overdue = IS_STANDING, Q(due_on__lt=day)
    counts = documents.order_by().aggregate(
        documents=Count("pk", filter=stands),
        with_review_date=Count("pk", filter=stands & Q(due_on__isnull=False)),
        overdue=Count("pk", filter=stands & HAS_TEXT & is_overdue),
        check_needed=Count("pk", filter=stands & HAS_TEXT & (is_overdue | Q(is_doubtful=True))),
        withdrawn=Count("pk", filter=IS_WITHDRAWN),
        not_seen=Count("pk", filter=IS_NOT_SEEN),
    )
    return Figures(day, **counts)


def as_data(told: Figures) -> dict[str, Any]:
    """As the command and the API tell them."""
    return {
        "as_of": told.as_of.isoformat(), "documents": told.documents, "with_review_date": told.with_review_date,
        "overdue": told.overdue, "check_needed": told.check_needed, "withdrawn": told.withdrawn,
        "not_seen": told.not_seen,
    }  # fmt: skip


def row_data(document: Document, day: dt.date) -> dict[str, Any]:
    """One document, with how its review stands on the day."""
    return {
        "document": document.address, "title": document.published.title if document.published else document.item.name,
        "sort": document.sort, "language": document.language, "path": document.path,
        "version": document.published.number if document.published else None,
        "reviewed_on": plain_day(document.reviewed_on), "due_on": plain_day(document.due_on),
        "edited_on": plain_day(document.edited_on), "state": state_on(document.due_on, day).value,
        "doubtful": document.is_doubtful,
    }  # fmt: skip


def plain_day(day: dt.date | None) -> str | None:
    """A day in ISO."""
    return day.isoformat() if day else None
