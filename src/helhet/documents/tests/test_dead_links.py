"""Links that lead nowhere stand among the findings, as the register is now."""

from __future__ import annotations

import pytest

from helhet.documents.actions import create_document, publish
from helhet.documents.dead_links import dead_links
from helhet.estate.link_findings import Asked, findings
from helhet.items.actions import change_item
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


def test_unknown_references_and_addresses_are_dead_and_what_is_retired_becomes_so() -> None:
    cast, item = Cast(), make_item("Motor")
    reader = as_caller(cast.reader)
    text = (
        f"Se {item.reference}, [[SRV-99999]], UTF-8 och HW-88888. "
        f"[Sidan](/items/{item.reference}/) [borta](/finns/inte/) [listan](/items/) [ute](https://example.org/)"
    )
    document = create_document(by=as_caller(cast.member), sort="policy", title="Policy", text=text)
    assert dead_links(reader).count() == 0
    publish(document.address, by=as_caller(cast.chair), version=1)
    assert sorted(dead_links(reader).values_list("target", flat=True)) == ["/finns/inte/", "HW-88888", "SRV-99999"]
    item.refresh_from_db()
    change_item(item.reference, by=SYSTEM, version=item.version, state="retired")
    told = {one.sort: one for one in findings(Asked(sort="dead_link"), reader)}["dead_link"]
    assert told.count == 5
    assert {row.from_item.reference for row in told.rows(0, 10)} == {document.item.reference}
