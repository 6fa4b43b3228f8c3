"""What sources say of dependencies that cannot be tied, in the one list of findings of dependencies."""

from __future__ import annotations

import pytest
from django.urls import reverse

from helhet.estate.link_findings import Asked, findings, page_of
from helhet.importers.models import Finding
from tests.world import SYSTEM, make_item, make_source

pytestmark = pytest.mark.django_db


def test_what_sources_say_of_unknown_ends_stands_in_the_same_list_with_its_place() -> None:
    item = make_item("Lönesystem")
    Finding.objects.create(
        source=make_source(), sort="unknown_end", noun="dependencies", key="lon\x1fborta\x1fruns on", field="to",
        value="borta", place="deps.csv:7", item=item,
    )  # fmt: skip
    Finding.objects.create(
        source=make_source(), sort="unknown_end", noun="links", key="x\x1fy\x1fz", field="to", value="y"
    )
    found = findings(Asked(), SYSTEM)
    assert [(one.sort, one.count) for one in found] == [("unknown_end", 1)]
    assert findings(Asked(source="another"), SYSTEM) == []
    (line,) = page_of(found, Asked(sort="unknown_end"), 0, 9)
    assert (line.from_item, line.to_text, line.place, line.source) == (item, "borta", "deps.csv:7", "cmdb")
    assert reverse("importers:findings") in line.step_url
