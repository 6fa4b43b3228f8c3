"""The page of impact tells in words what the walk found."""

from __future__ import annotations

import pytest

from helhet.estate import impact_page
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
    ways = {group.name: [item.pk for item in group.path] for group in page.context["parts"]}
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
    for number in range(55):
        add_dependency(make_item(f"x{number}"), hub, by=SYSTEM)
    first = admin.get(f"/items/{hub.reference}/impact/")
    assert sum(len(layer.lines) for layer in first.context["layers"]) == 50
    rest = admin.get(f"/items/{hub.reference}/impact/{first.context['page'].next_url}")
    assert sum(len(layer.lines) for layer in rest.context["layers"]) == 5


def names_of(page):
    return [line.chip.name for layer in page.context["layers"] for line in layer.lines]


def test_impact_is_collapsed_by_group_by_service_or_by_criticality_and_opened(admin, chain):
    disk, _base, _service = chain
    by_service = admin.get(f"/items/{disk.reference}/impact/?view=service")
    assert [(part.name, part.count, part.services) for part in by_service.context["parts"]] == [("Lönesystem", 2, 1)]
    drift = next(
        part for part in admin.get(f"/items/{disk.reference}/impact/").context["parts"] if part.name == "Drift"
    )
    opened = admin.get(f"/items/{disk.reference}/impact/{drift.open_url.partition('#')[0]}")
    assert names_of(opened) == ["Databas"]
    by_level = admin.get(f"/items/{disk.reference}/impact/?view=criticality")
    assert [part.count for part in by_level.context["parts"]] == [2]
    assert admin.get(f"/items/{disk.reference}/impact/?view=colour&open=x").context["asked"].view == "group"


def test_the_picture_draws_each_layer_collapsed_with_the_way_and_what_is_only_degraded(admin, chain):
    disk, _base, _service = chain
    drawn = admin.get(f"/items/{disk.reference}/impact/").context["picture"]
    assert [(box.name, box.css) for box in drawn.boxes] == [("Diskhylla", "me"), ("Drift", ""), ("Lön", "soft")]
    assert drawn.boxes[2].way == "Lön: Diskhylla → Databas → Lönesystem"
    assert [line.css for line in drawn.lines] == ["", "soft"]
    assert len(drawn.columns) == 3


def test_far_layers_share_the_last_column_and_many_groups_are_folded(admin, db):
    first = before = make_item("Steg 0")
    for number in range(1, 9):
        after = make_item(f"Steg {number}")
        add_dependency(after, before, by=SYSTEM)
        before = after
    for number in range(12):
        add_dependency(make_item(f"x{number}", says=make_group(f"Grupp {number}")), first, by=SYSTEM)
    drawn = admin.get(f"/items/{first.reference}/impact/").context["picture"]
    assert drawn.columns[-1].label == "5 steps away or more"
    folds = [box.name for box in drawn.boxes if box.css == "fold"]
    assert folds == ["and 5 more"]


def test_filter_type_and_further_starts_narrow_and_widen_what_is_shown(admin, chain):
    disk, _base, service = chain
    other = make_item("Skrivare")
    label = make_item("Etikettsystem", says=make_group("Lager"))
    add_dependency(label, other, by=SYSTEM, sort="prints on")
    address = f"/items/{disk.reference}/impact/"
    filtered = admin.get(f"{address}?q=kind:business_service")
    assert names_of(filtered) == ["Lönesystem"]
    assert "shows 1 of 2" in filtered.content.decode().replace("\xa0", " ")
    both = admin.get(f"{address}?also={other.reference}")
    assert names_of(both) == ["Databas", "Etikettsystem", "Lönesystem"]
    assert names_of(admin.get(f"{address}?also={other.reference}&type=prints on")) == ["Etikettsystem"]
    wrong = admin.get(f"{address}?also=SRV-99999")
    assert "There is no item SRV-99999" in wrong.content.decode()
    assert "colour" in admin.get(f"{address}?q=colour:red").content.decode()
    assert "Nothing of it fits" in admin.get(f"{address}?q=kind:server").content.decode()
    by_api = admin.get(f"/api/v1/items/{disk.reference}/impact?filter=kind:business_service&also={other.reference}")
    assert [one["reference"] for one in by_api.json()["items"]] == [service.reference]


def test_marks_of_a_picture_stop_and_start_the_walk_in_page_and_api(admin, chain):
    disk, base, _service = chain
    spare = make_item("Reservdisk")
    saved = admin.post(
        "/map/pictures/", {"name": "Hyllan", "start": disk.reference, "to": "impact", "grouping": "criticality"}
    )
    assert saved.url.startswith(f"/items/{disk.reference}/impact/?picture=hyllan")
    marks = "/map/pictures/hyllan/marks/"
    admin.post(marks, {"item": base.reference, "reason": "Har kopia", "version": 1})
    admin.post(marks, {"item": spare.reference, "reason": "Delar kyla", "is_hit": "1", "version": 2})
    page = admin.get(saved.url)
    assert names_of(page) == ["Reservdisk"]
    assert page.context["asked"].view == "criticality"
    assert "Har kopia" in page.content.decode()
    told = admin.get(f"/api/v1/items/{disk.reference}/impact?picture=hyllan").json()
    assert [(one["reference"], one["via"]) for one in told["items"]] == [(spare.reference, None)]
    admin.post(f"{marks}{base.reference}/removal/", {"version": 3})
    assert names_of(admin.get(saved.url)) == ["Databas", "Reservdisk", "Lönesystem"]


def test_what_is_too_much_to_draw_is_still_told_by_group(admin, chain, monkeypatch):
    monkeypatch.setattr(impact_page, "MOST", 1)
    page = admin.get(f"/items/{chain[0].reference}/impact/?view=service")
    assert page.context["picture"] is None
    assert [part.name for part in page.context["parts"]] == ["Drift", "Lön"]


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
