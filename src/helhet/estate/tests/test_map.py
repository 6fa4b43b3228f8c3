"""The map shows what is around items, a click at a time, and keeps pictures of it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from helhet.estate import surroundings as module
from helhet.estate.dependencies import add_dependency
from helhet.estate.models import Dependency, Picture
from helhet.estate.pictures import Place, change_picture, find_picture, mark, marks_of, places_of, save_picture, unmark
from helhet.estate.redundancy import state_redundancy
from helhet.estate.surroundings import surroundings
from helhet.items.merging import merge_items
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale
from tests.world import SYSTEM, as_caller, make_group, make_item


@pytest.fixture
def chain(db):
    disk, base = make_item("Diskhylla"), make_item("Databas", kind="database", says=make_group("Drift"))
    service = make_item("Lönesystem", kind="business_service", says=make_group("Lön"))
    add_dependency(base, disk, by=SYSTEM)
    add_dependency(service, base, by=SYSTEM, criticality="degrades")
    return disk, base, service


def nodes_of(found):
    return {node.row.item.name: node for node in found.nodes}


def test_an_opened_item_brings_its_neighbours_and_says_how_many_more_stand_behind(chain):
    _disk, base, service = chain
    found = nodes_of(surroundings(SYSTEM, [service], opened=[service]))
    assert found.keys() == {"Lönesystem", "Databas"}
    assert found["Databas"].layer == -1
    assert (found["Databas"].needs, found["Databas"].more_needs, found["Databas"].more_needed_by) == (1, 1, 0)
    both = surroundings(SYSTEM, [service], [base], opened=[base])
    assert {node.layer for node in both.nodes} == {0, -1, -2}
    assert [(link.criticality, link.type) for link in both.links] == [("hard", "uses"), ("degrades", "uses")]


def test_each_item_stands_under_the_nearest_service_that_depends_on_it(chain):
    disk, base, service = chain
    alone = make_item("Skrivare")
    found = nodes_of(surroundings(SYSTEM, [disk], [base, service, alone]))
    assert found["Diskhylla"].service.item == service
    assert found["Skrivare"].service is None


def test_a_filter_and_a_direction_choose_which_neighbours_come(chain):
    disk, base, _service = chain
    assert nodes_of(surroundings(SYSTEM, [base], opened=[base], direction="needs")).keys() == {"Databas", "Diskhylla"}
    found = surroundings(SYSTEM, [base], opened=[base], text="kind:business_service")
    assert nodes_of(found).keys() == {"Databas", "Lönesystem"}
    assert nodes_of(surroundings(SYSTEM, [disk], opened=[disk], text="group:none")).keys() == {"Diskhylla"}


def test_a_hub_brings_forty_of_its_neighbours_and_counts_the_rest(db, monkeypatch):
    hub = make_item("Nav")
    for number in range(60):
        add_dependency(make_item(f"x{number}"), hub, by=SYSTEM)
    found = surroundings(SYSTEM, [hub], opened=[hub])
    assert (len(found.nodes), found.left_out) == (41, 20)
    monkeypatch.setattr(module, "MOST", 45)
    shown = [node.row.item for node in found.nodes]
    full = surroundings(SYSTEM, [hub], shown, opened=[hub])
    assert (len(full.nodes), full.left_out) == (45, 16)
    monkeypatch.setattr(module, "MOST", 10)
    with pytest.raises(Invalid, match="10"):
        surroundings(SYSTEM, [hub], shown)


def test_a_set_says_how_many_of_it_must_hold_also_where_not_all_are_shown(db):
    app, nodes = make_item("App"), [make_item(f"Nod {number}") for number in range(3)]
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
    state_redundancy(app, nodes, least=2, by=SYSTEM)
    found = surroundings(SYSTEM, [app], nodes[:1])
    assert [(link.least, link.of) for link in found.links] == [(2, 3)]


def test_the_page_lists_what_is_drawn_and_each_row_opens_and_hides_without_script(admin, chain):
    disk, base, service = chain
    page = admin.get(f"/map/?start={service.reference}")
    assert [part.label for part in page.context["parts"]] == ["Drift", "Lön"]
    items = f"{service.reference},{base.reference}"
    opened = admin.get(f"/map/?start={service.reference}&items={items}&open={base.reference}")
    assert disk.reference in opened.context["data"]["query"]
    hidden = admin.get(f"/map/{opened.context['data']['query']}&hide={base.reference}")
    assert nodes_of(hidden.context["found"]).keys() == {"Lönesystem", "Diskhylla"}
    added = admin.get(f"/map/?start={service.reference}&items={items}&add={disk.reference}")
    assert "Diskhylla" in nodes_of(added.context["found"])


def test_what_cannot_be_done_is_said_above_the_map_as_it_was(admin, chain):
    base = chain[1]
    page = admin.get(f"/map/?items={base.reference}&add=SRV-99999")
    assert "There is no item SRV-99999" in page.content.decode()
    assert nodes_of(page.context["found"]).keys() == {"Databas"}
    part = admin.get(f"/map/?items={base.reference}&add=SRV-99999", headers={"HX-Request": "true"})
    assert part.status_code == 404
    assert "<html" not in part.content.decode()
    assert "The map is empty" in admin.get("/map/").content.decode()
    assert admin.get("/map/?picture=ingen").status_code == 200


def test_a_dependency_is_drawn_from_the_map(admin, chain):
    disk, _base, service = chain
    answer = admin.post(
        "/map/dependencies/",
        {"start": disk.reference, "items": disk.reference, "item": service.reference, "provider": disk.reference,
         "criticality": "degrades"},
    )  # fmt: skip
    assert Dependency.objects.filter(from_item=service, to_item=disk, criticality="degrades").exists()
    assert nodes_of(admin.get(answer.url).context["found"]).keys() == {"Lönesystem", "Diskhylla"}


def test_a_saved_map_keeps_where_things_stand_and_takes_in_what_is_new(admin, chain):
    disk, base, service = chain
    items = f"{base.reference},{service.reference}"
    places = json.dumps({base.reference: [10, 20], service.reference: [300, 20]})
    admin.post("/map/pictures/", {"name": "Löner", "start": base.reference, "items": items, "places": places})
    kept = Picture.objects.get()
    assert kept.slug == "loner"
    page = admin.get("/map/?picture=loner")
    assert page.context["data"]["places"] == {base.reference: (10, 20), service.reference: (300, 20)}
    more = {"picture": "loner", "start": base.reference, "items": f"{items},{disk.reference}", "places": places}
    admin.post("/map/pictures/loner/", {**more, "version": kept.version})
    data = admin.get("/map/?picture=loner").context["data"]
    assert len(data["items"]) == 3
    assert disk.reference not in data["places"]
    stale = admin.post("/map/pictures/loner/", {**more, "version": kept.version})
    assert stale.status_code == 412
    admin.post("/map/pictures/loner/removal/", {"version": kept.version + 1})
    assert not Picture.objects.exists()
    verbs = Event.objects.filter(noun="picture").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["estate.picture.saved", "estate.picture.changed", "estate.picture.deleted"]


def test_all_pictures_are_listed_where_the_map_is_empty_and_at_the_items_they_begin_at(admin, chain):
    disk, base, _service = chain
    admin.post("/map/pictures/", {"name": "Hyllan", "start": disk.reference, "shared": "1", "q": "kind:database"})
    assert "?picture=hyllan" in admin.get("/map/").content.decode()
    assert "?picture=hyllan" in admin.get(f"/items/{disk.reference}/impact/").content.decode()
    assert "?picture=hyllan" not in admin.get(f"/items/{base.reference}/impact/").content.decode()
    kept = admin.get("/map/?picture=hyllan")
    assert kept.context["asked"].text == "kind:database"
    assert 'value="kind:database"' in kept.content.decode()


def test_an_item_that_became_another_stands_in_its_picture_as_that(cast, chain):
    disk, base, _service = chain
    member = as_caller(cast.member)
    made = save_picture(by=member, name="Kring", places=[Place(base, True, 0, 0), Place(disk, False, 5, 5)])
    other = make_item("Diskhylla B")
    merge_items(other.reference, disk.reference, by=SYSTEM, version=Item.objects.get(pk=other.pk).version)
    assert [(place.item.name, place.x) for place in places_of(made, member)] == [("Databas", 0), ("Diskhylla B", 5)]


def test_only_its_owner_or_a_coordinator_changes_a_picture_and_others_see_it_when_shared(cast, chain):
    base = chain[1]
    mine, other = as_caller(cast.member), as_caller(cast.other)
    save_picture(by=mine, name="Min", places=[Place(base, is_start=True)])
    with pytest.raises(NotFound):
        find_picture("min", other)
    change_picture("min", by=mine, version=1, is_shared=True)
    assert find_picture("min", other).is_shared
    with pytest.raises(Forbidden):
        change_picture("min", by=other, version=2, name="Din")
    assert change_picture("min", by=as_caller(cast.coordinator), version=2, name="Vår").name == "Vår"
    with pytest.raises(Stale):
        change_picture("min", by=mine, version=2, name="Sen")
    with pytest.raises(Forbidden):
        save_picture(by=as_caller(cast.reader), name="Delad", places=[Place(base, is_start=True)], is_shared=True)
    with pytest.raises(Clash):
        save_picture(by=SYSTEM, name="Ingens", places=[Place(base, is_start=True)])


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": " "}, "name"), ({"grouping": "colour"}, "grouping"), ({"direction": "up"}, "direction"),
     ({"depth": -1}, "depth"), ({"filter": "x" * 2_001}, "filter")],
)  # fmt: skip
def test_a_picture_refuses_what_it_cannot_keep(cast, chain, fields, field):
    with pytest.raises(Invalid) as refused:
        save_picture(by=as_caller(cast.member), places=[Place(chain[1], is_start=True)], **{"name": "x", **fields})
    assert refused.value.field == field


def test_a_picture_starts_somewhere_and_ends_inside_the_map(cast, chain):
    member = as_caller(cast.member)
    with pytest.raises(Invalid):
        save_picture(by=member, name="x", places=[Place(chain[1])])
    with pytest.raises(Invalid):
        save_picture(by=member, name="x", places=[Place(chain[1], True, float("nan"), 0)])
    assert not Picture.objects.exists()


def test_marks_say_why_and_are_taken_away_again(cast, chain):
    disk, base, service = chain
    member = as_caller(cast.member)
    save_picture(by=member, name="Min", places=[Place(disk, is_start=True)])
    mark("min", base, by=member, version=1, is_hit=False, reason="Har kopia")
    made = mark("min", service, by=member, version=2, is_hit=True, reason="Delar kyla")
    assert (marks_of(made).also, marks_of(made).never) == ({service.pk}, {base.pk})
    with pytest.raises(Invalid):
        mark("min", base, by=member, version=3, is_hit=True, reason="  ")
    with pytest.raises(Invalid):
        mark("min", disk, by=member, version=3, is_hit=False, reason="Börjar ju där")
    unmark("min", base, by=member, version=3)
    with pytest.raises(NotFound):
        unmark("min", base, by=member, version=4)


def test_the_api_gives_the_map_and_keeps_pictures(admin, chain):
    disk, base, service = chain
    asked = urlencode({"start": base.reference, "direction": "dependants"})
    told = admin.get(f"/api/v1/map?{asked}").json()
    assert [(one["reference"], one["layer"]) for one in told["items"]] == [(base.reference, 0), (service.reference, 1)]
    shown = admin.get(f"/api/v1/map?start={base.reference}&items={disk.reference},{service.reference}").json()
    assert len(shown["items"]) == 3
    assert admin.get(f"/api/v1/map?start={base.reference}&items=SRV-99999").status_code == 404
    made = admin.post(
        "/api/v1/pictures", {"name": "Kring", "start": [base.reference], "places": [{"item": disk.reference, "x": 4}]},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201
    assert [(one["item"], one["is_start"]) for one in made.json()["places"]] == [
        (base.reference, True), (disk.reference, False)
    ]  # fmt: skip
    marked = admin.put(
        f"/api/v1/pictures/kring/marks/{service.reference}", {"is_hit": False, "reason": "Kopia"},
        content_type="application/json", headers={"If-Match": made["ETag"]},
    )  # fmt: skip
    assert marked.json()["marks"][0]["item"] == service.reference
    again = admin.get("/api/v1/pictures").json()
    assert (again["count"], again["items"][0]["version"]) == (1, 2)
