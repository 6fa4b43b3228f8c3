"""A far impact by API comes a page at a time, loses and doubles nothing, and makes no row that is not asked for."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from helhet.estate import impact as impacts
from helhet.estate import impact_told
from helhet.estate.api import impact as door
from helhet.estate.dependencies import add_dependency
from helhet.estate.graph import build_graph
from helhet.estate.impact import impact
from helhet.items.models import Item
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "arrays"])
def base(request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Item:
    """What twenty things stand on in three layers, where five count as many."""
    settings.DATA_DIR = tmp_path
    for module in (impacts, door):
        monkeypatch.setattr(module, "NAMED", 5)
    first = make_item("Grund")
    layers = [
        [first],
        *([make_item(f"Sak {layer} {one}") for one in range(count)] for layer, count in ((1, 9), (2, 8), (3, 3))),
    ]
    for layer, above in itertools.pairwise(layers):
        for place, one in enumerate(above):
            add_dependency(one, layer[place % len(layer)], by=SYSTEM)
    if request.param == "arrays":
        build_graph()
    return first


def pages(client: Client, address: str, way: str = "next") -> list[list[dict[str, Any]]]:
    """All pages from there on."""
    found = []
    while address:
        answer = client.get(address).json()
        assert answer["count"] == answer["reached"] == 20
        found.append(answer["items"])
        address = answer[way] and f"{address.split('&cursor=', maxsplit=1)[0]}&cursor={answer[way]}"
    return found


def test_forward_and_back_in_either_order(admin: Client, base: Item) -> None:
    address = f"/api/v1/items/{base.reference}/impact?limit=7"
    whole = impact_told.told(impact([base], SYSTEM), impact([base], SYSTEM).reach.reached())
    found = pages(admin, address)
    assert [len(page) for page in found] == [7, 7, 6]
    assert [row for page in found for row in page] == whole
    last = admin.get(f"{address}&cursor={admin.get(address).json()['next']}").json()
    last = admin.get(f"{address}&cursor={last['next']}").json()
    assert last["next"] == ""
    assert pages(admin, f"{address}&cursor={last['previous']}", "previous") == found[1::-1]
    down = pages(admin, f"{address}&sort=-distance")
    assert [row for page in down for row in page] == whole[::-1]
    by_name = pages(admin, f"{address}&sort=name")
    assert [row["name"] for page in by_name for row in page] == sorted(row["name"] for row in whole)


def test_only_the_rows_of_the_page_are_made(admin: Client, base: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    tell = impact_told.told

    def told(found: Any, hits: Any) -> Any:
        made.append(len(hits))
        return tell(found, hits)

    monkeypatch.setattr(impact_told, "told", told)
    answer = admin.get(f"/api/v1/items/{base.reference}/impact?limit=3&beside=no").json()
    assert (len(answer["items"]), answer["groups"], answer["services"], answer["loops"]) == (3, [], [], [])
    assert made == [4]


def test_a_cursor_that_names_nothing_is_refused(admin: Client, base: Item) -> None:
    address = f"/api/v1/items/{base.reference}/impact?limit=3"
    cursor = admin.get(address).json()["next"]
    Item.objects.filter(pk=impact([base], SYSTEM).reach.reached(2, 3)[0].item).update(number=999_999)
    answer = admin.get(f"{address}&cursor={cursor}")
    assert (answer.status_code, answer.json()["todo"]) == (422, "Start from the first page.")
