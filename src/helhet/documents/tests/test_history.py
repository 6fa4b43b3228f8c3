"""The history of a document says an interval with its unit, and nothing where there was nothing."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from helhet.documents.actions import change_document, create_document
from helhet.documents.models import Document
from helhet.documents.telling import lines
from helhet.journal.actions import history
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db


def test_an_interval_is_told_with_the_unit_that_it_had_then() -> None:
    cast = Cast()
    made = create_document(by=as_caller(cast.member), sort="policy", title="Lösenord", text="Långa.")
    for count, unit in ((12, "month"), (18, "month"), (2, "year"), (1, "year"), (None, "year")):
        document = Document.objects.get(pk=made.pk)
        change_document(
            made.address, by=as_caller(cast.member), version=document.version, review_count=count, review_unit=unit
        )
    with override("en"):
        told = [(line.before, line.after) for line in lines(history("document", made.pk)) if "interval" in line.text]
    assert told == [
        ("1 year", ""), ("2 years", "1 year"), ("18 months", "2 years"), ("12 months", "18 months"), ("", "12 months"),
    ]  # fmt: skip
