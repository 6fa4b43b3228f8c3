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
