"""What a planned change clashes with, said of the small company of Sjövik."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import pairwise

import pytest
import time_machine
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from helhet.changes import meeting, relations
from helhet.changes.clashes import clashes_of, unsigned_of
from helhet.changes.free import free_times_of
from helhet.changes.meeting import Asked, BusyTime
from helhet.changes.models import ChangeState, ClashSignature, ImpactMark, Snapshot
from helhet.changes.tests.planned import at, make_change, make_freeze, make_window
from helhet.estate.dependencies import add_dependency
from helhet.estate.graph import build_graph, current
from helhet.estate.models import Dependency
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from helhet.rules.clashes import Reason
from tests.world import DAY, SYSTEM, make_group, make_item, make_person

pytestmark = pytest.mark.django_db

SATURDAY = (at(21, 18), at(21, 26))


def chain(*names: str) -> list[Item]:
    """Things of which each stands on the next; the first is a service."""
    found = [make_item(name, kind="business_service" if place == 0 else "server") for place, name in enumerate(names)]
    for one, other in pairwise(found):
        add_dependency(one, other, by=SYSTEM)
    return found


def test_two_changes_of_one_item_at_one_time_clash_and_say_when_and_by_what() -> None:
    node, spare = make_item("Norr 2"), make_item("Norr 3")
    mine = make_change("Byte", [node, spare], *SATURDAY)
    other = make_change("Ny version", [node, spare], at(21, 20), at(21, 22))
    make_change("Senare", [node], at(21, 26), at(21, 27))
    make_change("Bara tänkt", [node], *SATURDAY, state=ChangeState.DRAFT)
    (clash,) = clashes_of(mine)
    assert (clash.reason, clash.change, clash.items) == (Reason.SAME, other, [node, spare])
    assert "Norr 2 och Norr 3" in clash.why
    assert "20.00–22.00" in clash.why


def test_a_change_without_a_window_or_without_others_clashes_with_nothing() -> None:
    node = make_item("Norr 2")
    assert clashes_of(make_change("Utan tid", [node], state=ChangeState.DRAFT)) == []
    assert clashes_of(make_change("Ensam", [node], *SATURDAY)) == []


def test_items_within_two_steps_are_related_either_way_and_the_way_is_told() -> None:
    service, database, node, hall = chain("Lön", "Databas lön", "Norr 2", "Datahall")
    mine = make_change("Byte", [node], *SATURDAY)
    make_change("Ny version", [service], *SATURDAY)
    (clash,) = clashes_of(mine)
    assert (clash.reason, clash.items) == (Reason.RELATED, [service])
    assert "Lön står på Databas lön, som står på Norr 2." in clash.why
    assert [one.reason for one in clashes_of(make_change("El", [hall], *SATURDAY))] == [Reason.RELATED]
    assert database.name


def test_a_part_and_its_whole_are_related() -> None:
    rack = make_item("Skåp", kind="location")
    server = make_item("Server", part_of_id=rack.pk)
    mine = make_change("Flytt", [rack], *SATURDAY)
    make_change("Minne", [server], *SATURDAY)
    assert [one.reason for one in clashes_of(mine)] == [Reason.RELATED]


def test_what_is_further_apart_clashes_by_the_service_that_both_hit() -> None:
    service = make_item("Lön", kind="business_service")
    one, other = make_item("A"), make_item("B")
    mine, theirs = make_change("Ett", [one], *SATURDAY), make_change("Två", [other], *SATURDAY)
    assert clashes_of(mine) == []
    for change in (mine, theirs):
        Snapshot.objects.create(change=change, moment="drafted", reached=1, services=[])
        Snapshot.objects.create(change=change, moment="asked", reached=1, services=[service.pk])
    (clash,) = clashes_of(mine)
    assert (clash.reason, clash.services) == (Reason.SERVICE, [service])
    Snapshot.objects.create(change=theirs, moment="begun", reached=0, services=[])
    assert clashes_of(mine) == []


def test_owner_and_people_are_at_one_place_at_a_time() -> None:
    jonas, oskar = make_person("Jonas"), make_person("Oskar")
    mine = make_change("Ett", [make_item()], *SATURDAY, owner=jonas, people=(oskar,))
    make_change("Två", [make_item()], *SATURDAY, people=(jonas, oskar))
    (clash,) = clashes_of(mine)
    assert (clash.reason, clash.people) == (Reason.PERSON, [jonas, oskar])


def test_a_freeze_of_a_service_stops_a_change_of_what_it_stands_on() -> None:
    service, _database, node = chain("Lön", "Databas lön", "Norr 2")
    mine = make_change("Byte", [node, make_item("Annan")], *SATURDAY)
    freeze = make_freeze("Lönekörning", at(20, 16), at(23, 8), item=service, reason="Lönerna räknas ut")
    (clash,) = clashes_of(mine)
    assert (clash.reason, clash.freeze, clash.items) == (Reason.FREEZE, freeze, [node])
    assert "Lön står på Databas lön, som står på Norr 2." in clash.why
    assert "Lönerna räknas ut" in clash.why
    ImpactMark.objects.create(change=mine, item=service, is_hit=False, reason="Reserv", made_by="Jonas")
    assert clashes_of(mine) == []


def test_a_freeze_of_an_item_stops_changes_of_what_stands_on_it() -> None:
    service, _database, node = chain("Lön", "Databas lön", "Norr 2")
    make_freeze("Flytt av hallen", at(20), at(23), item=node)
    assert [one.items for one in clashes_of(make_change("Ny version", [service], *SATURDAY))] == [[service]]


def test_a_freeze_holds_for_a_group_a_filter_or_everything_and_an_ended_one_for_nothing() -> None:
    group, other = make_group("Ekonomi"), make_group("Nät")
    node, loose = make_item("Norr 2"), make_item("Lös")
    assign_by_hand([node.pk], group, by=SYSTEM, on=DAY)
    mine = make_change("Byte", [node, loose], *SATURDAY)
    make_freeze("Grupp", at(20), at(23), group=group)
    make_freeze("Annan grupp", at(20), at(23), group=other)
    make_freeze("Filter", at(20), at(23), filter="name:Lös")
    make_freeze("Allt", at(20), at(23))
    make_freeze("Slut", at(20), at(23), ended_at=at(1))
    make_freeze("Förbi", at(19), at(20))
    found = {one.other_name: [item.name for item in one.items] for one in clashes_of(mine)}
    assert found == {"Grupp": ["Norr 2"], "Filter": ["Lös"], "Allt": ["Lös", "Norr 2"]}


def test_a_freeze_of_a_group_also_stops_what_hits_its_things() -> None:
    group, service = make_group("Ekonomi"), make_item("Lön", kind="business_service")
    mine = make_change("Byte", [make_item()], *SATURDAY)
    entry = {"group": group.pk, "count": 1, "services": [service.pk], "path": [service.pk]}
    Snapshot.objects.create(change=mine, moment="drafted", reached=1, groups=[entry], services=[service.pk])
    make_freeze("Ekonomi", at(20), at(23), group=group)
    assert [one.items for one in clashes_of(mine)] == [[service]]


def test_the_nearest_windows_bind_and_a_change_outside_them_clashes() -> None:
    _service, node, hall = chain("Lön", "Norr 2", "Datahall")
    make_window("Hallens tisdag", dt.date(2026, 11, 3), 18, 8, "FREQ=WEEKLY;BYDAY=TU", item=hall)
    make_window("Alla lördagar", dt.date(2026, 11, 7), 0, 48, "FREQ=WEEKLY;BYDAY=SA")
    outside = make_change("Lördag", [node], *SATURDAY)
    (clash,) = clashes_of(outside)
    assert (clash.reason, clash.items, clash.other_name) == (Reason.OUTSIDE, [node], "Hallens tisdag")
    inside = make_change("Tisdag", [node], at(24, 18), at(24, 26), state=ChangeState.DRAFT)
    assert clashes_of(inside) == []
    assert [one.reason for one in clashes_of(make_change("För långt", [node], at(24, 18), at(24, 27)))] == [
        Reason.OUTSIDE
    ]
    make_window("Egen lördag", dt.date(2026, 11, 7), 12, 24, "FREQ=WEEKLY;BYDAY=SA", item=node)
    assert clashes_of(outside) == []


def test_a_window_that_will_not_come_again_binds_nothing() -> None:
    node = make_item("Norr 2")
    make_window("En gång", dt.date(2026, 11, 3), 18, 8, item=node)
    assert clashes_of(make_change("Byte", [node], *SATURDAY)) == []


def test_busy_times_of_higher_rooms_are_clashes(monkeypatch: pytest.MonkeyPatch) -> None:
    jonas, other = make_person("Jonas"), make_person("Annan")
    asked: list[Asked] = []

    def meetings(question: Asked) -> list[BusyTime]:
        asked.append(question)
        return [
            BusyTime("meeting:1", "Ledningsgruppens möte", at(21, 19), at(21, 20), frozenset({jonas.pk})),
            BusyTime("meeting:2", "Andras möte", at(21, 19), at(21, 20), frozenset({other.pk})),
            BusyTime("task:1", "Säkerhetskopiering", at(21, 23), at(21, 25)),
        ]

    monkeypatch.setattr(meeting, "busy", [meetings])
    mine = make_change("Byte", [make_item()], *SATURDAY, owner=jonas)
    assert [(one.other_name, one.people) for one in clashes_of(mine)] == [
        ("Ledningsgruppens möte", [jonas]), ("Säkerhetskopiering", []),
    ]  # fmt: skip
    assert (asked[0].people, asked[0].starts_at) == (frozenset({jonas.pk}), SATURDAY[0])


def test_a_signature_holds_until_either_side_is_moved() -> None:
    node = make_item("Norr 2")
    mine, other = make_change("Byte", [node], *SATURDAY), make_change("Annan", [node], *SATURDAY)
    (clash,) = unsigned_of(mine)
    ClashSignature.objects.create(change=mine, key=clash.key, reason="Samma folk", signed_by="Jonas")
    assert unsigned_of(mine) == []
    assert clashes_of(mine)[0].is_signed
    other.ends_at = at(21, 27)
    other.save()
    assert len(unsigned_of(mine)) == 1


@time_machine.travel("2026-11-19 12:00", tick=False)
def test_free_times_lie_in_the_window_and_avoid_what_would_clash() -> None:
    _service, node, hall = chain("Lön", "Norr 2", "Datahall")
    jonas = make_person("Jonas")
    make_window("Datahallens serviceperiod", dt.date(2026, 11, 3), 18, 8, "FREQ=WEEKLY;BYDAY=TU", item=hall)
    make_window("Onsdag", dt.date(2026, 11, 25), 18, 6, item=hall)
    make_change("Annan", [node], at(1, 18, month=12), at(1, 26, month=12))
    make_freeze("Julstopp", at(14, month=12), at(7, month=1).replace(year=2027))
    mine = make_change("Byte", [node], *SATURDAY, owner=jonas)
    found = free_times_of(mine, most=2)
    assert [(one.during.starts_at, one.slot.is_short) for one in found] == [
        (at(24, 18), False), (at(8, 18, month=12), False), (at(25, 18), True),
    ]  # fmt: skip
    assert "Datahallens serviceperiod" in found[0].why
    assert "Jonas har tid" in found[0].why
    assert found[2].lead == "2 h kortare"
    assert "6 h finns, 8 h behövs" in found[2].why


@time_machine.travel("2026-11-19 12:00", tick=False)
def test_without_a_window_the_same_time_of_day_is_tried() -> None:
    node = make_item("Norr 2")
    mine = make_change("Byte", [node], *SATURDAY)
    make_change("Annan", [node], at(19, 20), at(20, 20))
    assert [one.during.starts_at for one in free_times_of(mine, most_short=0)] == [at(22, 18), at(23, 18), at(24, 18)]


@time_machine.travel("2026-11-19 12:00", tick=False)
def test_a_free_time_has_no_clash_when_the_change_is_moved_there() -> None:
    _service, node, hall = chain("Lön", "Norr 2", "Datahall")
    make_window("Helg", dt.date(2026, 11, 21), 8, 30, "FREQ=WEEKLY;BYDAY=SA", item=hall)
    for day in (21, 22, 28, 29):
        make_change(f"Annan {day}", [hall], at(day, 9), at(day, 12))
    mine = make_change("Byte", [node], at(20, 18), at(20, 22))
    for one in free_times_of(mine, most=9):
        mine.starts_at, mine.ends_at = one.during.starts_at, one.during.ends_at
        mine.save()
        assert clashes_of(mine) == []


class RelatedItems(TestCase):
    """Held against the plainest walk over the same ties."""

    @given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14), st.sets(st.integers(0, 6)))
    @settings(max_examples=25, deadline=None)
    def test_related_is_within_two_steps_up_or_down(self, pairs: set[tuple[int, int]], chosen: set[int]) -> None:
        items = [make_item().pk for _count in range(7)]
        ties = {(items[one], items[other]) for one, other in pairs if one != other}
        Dependency.objects.bulk_create(Dependency(from_item_id=one, to_item_id=other) for one, other in ties)
        mine, others = {items[place] for place in chosen}, set(items)
        two = ties | {(one, far) for one, near in ties for other, far in ties if near == other}
        naive = {
            item: {other for other in others if other != item and ((item, other) in two or (other, item) in two)}
            for item in mine
        }
        assert relations.related(mine, others) == naive
        with tempfile.TemporaryDirectory() as folder, override_settings(DATA_DIR=folder):
            build_graph()
            assert current() is not None
            assert relations.related(mine, others) == naive
