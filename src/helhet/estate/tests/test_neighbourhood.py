"""An item's page draws what it needs and what needs it, by group, and folds what is too much."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from helhet.estate import neighbourhood
from helhet.estate.dependencies import add_dependency, neighbours
from helhet.estate.neighbourhood import DRAWN, GROUPS_DRAWN, around, cut, shares
from helhet.estate.redundancy import state_redundancy
from tests.world import SYSTEM, make_group, make_item


def picture_of(item):
    with translation.override("en"):
        return around(item, neighbours(item), SYSTEM)


def test_an_item_that_nothing_is_stated_about_has_no_picture(admin, db):
    alone = make_item("Ensam")
    assert picture_of(alone) is None
    assert "hh-near" not in admin.get(f"/items/{alone.reference}/").content.decode()


def test_what_is_needed_stands_to_the_left_and_what_needs_it_to_the_right_each_under_its_group(admin, db):
    app, base = make_item("Bokningen", says=make_group("Skola")), make_item("Databasen", says=make_group("Drift"))
    lone = make_item("Skärmen")
    add_dependency(app, base, by=SYSTEM)
    add_dependency(lone, app, by=SYSTEM, criticality="degrades")
    drawn = picture_of(app)
    assert [(box.name, box.x < drawn.me.x) for box in drawn.boxes] == [("Databasen", True), ("Skärmen", False)]
    assert [zone.label for zone in drawn.zones] == ["Drift", "without group"]
    assert [edge.css for edge in drawn.edges] == ["hard", "soft"]
    page = admin.get(f"/items/{app.reference}/").content.decode()
    links = re.findall(r'<a href="([^"]+)" aria-label="[^"]+">', page)
    assert links == [base.get_absolute_url(), lone.get_absolute_url()]
    assert "Broken line" in page


def test_two_dependencies_on_one_thing_are_one_box_with_the_harder_line(db):
    app, base = make_item("App"), make_item("Bas")
    add_dependency(app, base, by=SYSTEM, sort="uses", criticality="degrades")
    add_dependency(app, base, by=SYSTEM, sort="runs on")
    assert [edge.css for edge in picture_of(app).edges] == ["hard"]


def test_what_can_replace_one_another_says_how_many_must_hold(db):
    app, nodes = make_item("App"), [make_item(f"Nod {number}") for number in range(3)]
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
    state_redundancy(app, nodes[:2], least=1, by=SYSTEM)
    assert [box.note for box in picture_of(app).boxes] == ["at least 1 of 2", "at least 1 of 2", ""]


@pytest.mark.slow
def test_five_hundred_neighbours_are_folded_and_every_one_is_counted(admin, db):
    hub = make_item("Navet")
    for group, many in (("Stor", 300), ("Mellan", 190), ("Liten", 10)):
        answering = make_group(group)
        for number in range(many):
            add_dependency(make_item(f"{group} {number}", says=answering), hub, by=SYSTEM)
    drawn = picture_of(hub)
    assert len(drawn.boxes) <= DRAWN
    folded = sum(int(re.search(r"\d+", zone.fold)[0]) for zone in drawn.zones if zone.fold)
    assert len(drawn.boxes) + folded == 500
    assert (drawn.zones[0].label, drawn.zones[0].fold) == ("Stor", "and 296 more")
    fold = next(zone for zone in drawn.zones if zone.fold)
    assert admin.get(fold.fold_url).status_code == 200


def test_beyond_a_limit_groups_are_not_counted_but_items_are(db, monkeypatch):
    monkeypatch.setattr(neighbourhood, "GROUPED", 200)
    hub = make_item("Navet")
    for number in range(210):
        add_dependency(make_item(f"x{number}"), hub, by=SYSTEM)
    drawn = picture_of(hub)
    assert [zone.fold for zone in drawn.zones] == ["and 188 more", "and 10\xa0items more"]


@given(st.lists(st.integers(0, 60), max_size=30))
def test_shares_draw_all_of_few_and_never_more_than_there_are(counts):
    drawn = shares(counts)
    assert all(0 <= few <= count for few, count in zip(drawn, counts, strict=True))
    if sum(counts) <= DRAWN and len(counts) <= GROUPS_DRAWN:
        assert drawn == counts
    else:
        assert sum(drawn) <= DRAWN
        first = counts[:GROUPS_DRAWN]
        assert sum(drawn) == min(DRAWN, sum(first))
        assert all(few > 0 for few, count in zip(drawn, first, strict=False) if count)


@pytest.mark.parametrize(("text", "width", "shown"), [("kort", 100, "kort"), ("ett långt namn", 49, "ett lå…")])
def test_a_name_that_is_too_wide_is_cut_with_an_ellipsis(text, width, shown):
    assert cut(text, width) == shown
