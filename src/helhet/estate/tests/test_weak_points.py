"""What would hurt most is looked for, kept with its age, and shown in page, API and command."""

from __future__ import annotations

import argparse
import io
import json

import pytest
from django.test import Client

from helhet.estate.command_weakest import WeakestCommand
from helhet.estate.dependencies import add_dependency
from helhet.estate.redundancy import state_redundancy
from helhet.estate.weak import look, look_if_due, points
from helhet.items.models import Criticality
from helhet.kit.command import Output
from tests.world import SYSTEM, make_group, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def _estate(db: None) -> None:
    """A service on an application on one of two nodes, which share a disk."""
    service = make_item("Tjänst", kind="business_service", criticality=int(Criticality.CRITICAL))
    app, disk = make_item("App", kind="application", says=make_group("Drift")), make_item("Disk", kind="storage")
    nodes = [make_item(f"Nod {number}") for number in (1, 2)]
    add_dependency(service, app, by=SYSTEM)
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
        add_dependency(node, disk, by=SYSTEM)
    state_redundancy(app, nodes, least=1, by=SYSTEM)


@pytest.mark.usefixtures("_estate")
def test_what_stops_a_service_alone_is_found_past_redundancy() -> None:
    known = look()
    assert (known.candidates, known.walked, known.has_cuts) == (4, 4, True)
    found = {one.item.name: one for one in points(SYSTEM, "single")}
    assert {name: (one.stops, one.reached, one.is_past_redundancy) for name, one in found.items()} == {
        "Disk": (1, 4, True), "App": (1, 1, False),
    }  # fmt: skip
    assert [one.item.name for one in points(SYSTEM, "cut")] == ["App"]
    assert {one.item.name for one in points(SYSTEM, "understated")} == {"Disk", "App"}


@pytest.mark.usefixtures("_estate")
def test_nothing_is_looked_for_while_nothing_has_happened() -> None:
    assert look_if_due.now(caller=SYSTEM) == {"walked": 4}
    assert look_if_due.now(caller=SYSTEM) == {}
    add_dependency(make_item("Ny"), points(SYSTEM)[0].item, by=SYSTEM)
    assert look_if_due.now(caller=SYSTEM) == {"walked": 4}


@pytest.mark.usefixtures("_estate")
def test_page_api_and_command_tell_the_same(admin: Client) -> None:
    page = admin.get("/weak-points/").content.decode()
    assert "Nobody has looked" in page
    said = io.StringIO()
    asked = argparse.Namespace(sort="")
    assert WeakestCommand().run(asked, Output(as_json=True, stdout=said, stderr=io.StringIO())) == 0
    assert WeakestCommand().run(asked, Output(as_json=False, stdout=io.StringIO(), stderr=io.StringIO())) == 0
    told = json.loads(said.getvalue())
    assert (told["walked"], told["is_whole"]) == (4, True)
    assert [one["name"] for one in told["items"]] == ["Disk", "App"]
    assert told["items"][0]["sorts"] == ["single", "understated"]
    assert told["items"][0]["worst"] == "critical"
    page = admin.get("/weak-points/?sort=single").content.decode()
    assert "2 items stop a service when one of them fails alone." in page
    assert "in spite of redundancy" in page
    listed = admin.get("/api/v1/weak-points?sort=reference").json()["items"]
    assert listed == sorted(told["items"], key=lambda one: one["reference"])
    assert [one["name"] for one in admin.get("/api/v1/weak-points?sort_of=cut").json()["items"]] == ["App"]
