"""The page of impact tells in words what the walk found."""

from __future__ import annotations

import pytest

from helhet.estate.dependencies import add_dependency
from tests.world import SYSTEM, make_group, make_item


@pytest.fixture
def chain(db):
    disk = make_item("Diskhylla")
    base = make_item("Databas", kind="database", says=make_group("Drift"))
    service = make_item("Lönesystem", kind="business_service", says=make_group("Lön"))
    add_dependency(base, disk, by=SYSTEM)
    add_dependency(service, base, by=SYSTEM, criticality="degrades")
    return disk, base, service


def test_the_page_tells_who_is_hit_through_what_and_how_badly(admin, chain):
    disk, base, service = chain
    page = admin.get(f"/items/{disk.reference}/impact/")
    layers = page.context["layers"]
    assert [[line.chip.name for line in layer.lines] for layer in layers] == [["Databas"], ["Lönesystem"]]
    assert [line.is_degraded for layer in layers for line in layer.lines] == [False, True]
    assert layers[1].lines[0].via == base
    ways = {group.name: [item.pk for item in group.path] for group in page.context["groups"]}
    assert ways == {"Drift": [disk.pk, base.pk], "Lön": [disk.pk, base.pk, service.pk]}
    assert page.context["services"] == 1
    assert page.context["degraded"] == 1


def test_the_other_way_and_fewer_steps_are_one_click_away(admin, chain):
    disk, base, service = chain
    page = admin.get(f"/items/{service.reference}/impact/?direction=needs")
    assert [line.chip.name for layer in page.context["layers"] for line in layer.lines] == ["Databas", "Diskhylla"]
    one_step = next(step for step in page.context["steps"] if "1" in step.label)
    near = admin.get(f"/items/{service.reference}/impact/{one_step.url}")
    assert [line.chip.name for layer in near.context["layers"] for line in layer.lines] == ["Databas"]
    assert admin.get(f"/items/{disk.reference}/impact/?direction=needs").context["found"].reached == 0
    assert admin.get(f"/items/{disk.reference}/impact/?direction=x&depth=y&first=z").status_code == 200
    assert f"/items/{base.reference}/impact/" in admin.get(f"/items/{base.reference}/").content.decode()


def test_a_wide_impact_is_shown_in_pages(admin, db):
    hub = make_item("Nav")
    for number in range(205):
        add_dependency(make_item(f"x{number}"), hub, by=SYSTEM)
    first = admin.get(f"/items/{hub.reference}/impact/")
    assert sum(len(layer.lines) for layer in first.context["layers"]) == 200
    rest = admin.get(f"/items/{hub.reference}/impact/{first.context['page'].next_url}")
    assert sum(len(layer.lines) for layer in rest.context["layers"]) == 5


def test_what_can_replace_what_is_chosen_shown_and_ended_in_the_page(admin, db):
    app, nodes = make_item("App"), [make_item(f"Nod {number}") for number in range(3)]
    assert "Two are needed" in admin.get(f"/items/{app.reference}/redundancy/").content.decode()
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
    refused = admin.post(
        f"/items/{app.reference}/redundancy/",
        {"providers": [node.reference for node in nodes], "least": 4, "unit": "count"},
    )
    assert refused.status_code == 422
    assert "1 to 3" in refused.content.decode()
    admin.post(
        f"/items/{app.reference}/redundancy/",
        {"providers": [node.reference for node in nodes], "least": 2, "unit": "count"},
    )
    page = admin.get(f"/items/{app.reference}/")
    replacing = page.context["replacing"]
    assert [(one.least, len(one.items)) for one in replacing] == [(2, 3)]
    assert admin.get(f"/items/{nodes[0].reference}/impact/").context["found"].reached == 0
    admin.post(f"/items/{app.reference}/redundancy/{replacing[0].id}/end/")
    assert admin.get(f"/items/{nodes[0].reference}/impact/").context["found"].reached == 1
    told = [line.text for line in admin.get(f"/items/{app.reference}/").context["history"].lines]
    assert "ended that these can replace one another" in told[0]
    assert "stated what can replace what" in told[1]
