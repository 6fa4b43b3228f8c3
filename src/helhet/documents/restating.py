"""What earlier publications state, by today's measure: rooms have come to show more since they were published.

Taken in portions by the number of the document, each in its own transaction, so that a large register stalls nothing
and a round that is killed goes on where it stopped. Nothing is doubted by it: what is new is stated as it stands now.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helhet.documents.checking import check_all
from helhet.documents.describing import state_missing
from helhet.documents.models import Document, Followed
from helhet.items.models import Presence, State

MEASURE = 2
"""Raised when what published texts state grows (a test of `handbook` says so); then all of them are looked through once
more. What is stated no more is left: by today's register nobody can tell it from what has been altered since the text
was published and is still to be held against it, and the next publication writes all anew.
"""
ROW = 1_000 + MEASURE
"""The row of `Followed` that says how far: its `sequence` is the number of the last document."""
PORTION = 200


def restate(tell: Callable[[int], None] = lambda _done: None) -> int:
    """Go on to the last document; returns how many statements were missing."""
    reached = Followed.objects.filter(id=ROW).values_list("sequence", flat=True).first() or 0
    if not _after(Document.objects.all(), reached).exists():
        return 0
    # What has happened so far is held against what was stated so far.
    check_all()
    done = 0
    while (found := _portion()) is not None:
        done += found
        tell(done)
    return done


@transaction.atomic
def _portion() -> int | None:
    here, _made = Followed.objects.select_for_update().get_or_create(id=ROW, defaults={"sequence": 0})
    # Whoever publishes one of them waits, and writes anew what is stated here.
    rows = _after(Document.objects.select_for_update(of=("self",)), here.sequence)
    documents = list(rows.select_related("item__kind", "published").order_by("pk")[:PORTION])
    if not documents:
        return None
    for document in documents:
        assert document.published is not None
        document.published.document = document
    here.sequence, here.at = documents[-1].pk, timezone.now()
    here.save()
    return state_missing(documents)


def _after(rows: QuerySet[Document], number: int) -> QuerySet[Document]:
    """What is published and in use; what is withdrawn states nothing until it is taken into use again."""
    in_use = rows.filter(pk__gt=number, published__isnull=False, item__presence=Presence.HERE)
    return in_use.exclude(item__state=State.RETIRED)
