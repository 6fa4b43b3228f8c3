"""Each figure of what operational tasks took leads to the times that it counts, and the list counts the same."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from helhet.groups.answering import assign_by_hand
from helhet.kit import spoken
from helhet.routines.actions.operations import create_operation
from helhet.routines.models import Occurrence, OccurrenceState
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db
SUMS = {
    "Planned minutes": "planned_minutes", "Minutes spent": "minutes", "Planned cost, kronor": "planned_cost",
    "Cost, kronor": "cost",
}  # fmt: skip


def some_months(cast: Cast, chance: Random) -> None:
    """Tasks of two groups and of nobody, done, skipped and left on the days of three months."""
    owned, loose = make_item("Kopieserver"), make_item("Ingens")
    assign_by_hand([owned.pk], cast.group, by=SYSTEM, on=DAY)
    today = timezone.localdate()
    for number, (item, group) in enumerate([(owned, ""), (owned, cast.other_group.reference), (loose, "")]):
        task = create_operation(
            by=SYSTEM, title=f"Uppgift {number}", item=item.reference, group=group, rule="", first_on=today,
            minutes=15 * (number + 1), cost=Decimal(100) * number,
        )  # fmt: skip
        for back in range(1, 70, 3):
            state = chance.choice([OccurrenceState.DONE, OccurrenceState.SKIPPED, OccurrenceState.OPEN])
            is_done, on = state == OccurrenceState.DONE, today - dt.timedelta(days=back)
            Occurrence.objects.create(
                task=task, rule_on=on, due_on=on, state=state,
                minutes=chance.choice([None, 5, 20]) if is_done else None, cost=Decimal(40) if is_done else None,
            )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_each_figure_leads_to_a_list_that_counts_the_same(seed: int) -> None:
    cast = Cast()
    some_months(cast, Random(seed))
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.reader)
    seen = []
    for query in ("", f"?group={cast.group.reference}"):
        page = client.get(f"/operational-tasks/spent/{query}").content.decode()
        for label, cell in re.findall(r'<td class="r" data-l="([^"]+)">(.*?)</td>', page, re.DOTALL):
            link = re.match(r'<a (?:class="hh-over" )?href="([^"]+)">(.*?)</a>', cell, re.DOTALL)
            if link is None:
                assert re.sub(r"<[^>]*>", "", cell).split()[0] == "0"
                continue
            listed = client.get(unescape(link[1])).context
            counted = listed["sums"][SUMS[label]] if label in SUMS else listed["count"]
            figure = re.sub(r"<svg.*?</svg>|<[^>]*>", "", link[2], flags=re.DOTALL).strip()
            assert (label, spoken.number(counted)) == (label, figure)
            assert len(listed["times"]) == listed["count"]
            seen.append(label)
    assert (len(set(seen)), len(seen) > 30) == (7, True)


@pytest.mark.parametrize("query", ["show=nothing-such", "month=2026-13", "group=GRP-999"])
def test_what_no_figure_counts_is_refused(query: str) -> None:
    client = Client()
    client.force_login(Cast().reader)
    assert client.get(f"/operational-tasks/spent/times/?{query}").status_code in {404, 422}
