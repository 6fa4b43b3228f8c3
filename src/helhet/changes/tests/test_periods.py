"""Windows, freezes, signatures and exemptions: who may, what is refused, and what is told."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from helhet.changes.actions import (
    ask_exemption,
    change_freeze,
    change_window,
    end_freeze,
    end_window,
    move_change,
    sign_clash,
    state_freeze,
    state_window,
    withdraw_signature,
)
from helhet.changes.clashes import clashes_of, unsigned_of
from helhet.changes.models import Change, ChangeState, Freeze
from helhet.changes.tests.planned import at, make_change, make_freeze
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from helhet.journal.actions import history
from helhet.kit.errors import Clash, Forbidden, Invalid, Refused, Stale
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db

TUESDAY = {
    "name": "Serviceperiod", "starts_on": dt.date(2026, 11, 24), "starts_time": dt.time(18), "minutes": 480,
    "rule": "FREQ=WEEKLY;BYDAY=TU",
}  # fmt: skip
STOP = {"name": "Julstopp", "starts_at": at(20, month=12), "ends_at": at(28, month=12)}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def node(cast: Cast) -> Item:
    item = make_item("Norr 2")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def test_a_lead_states_a_window_for_what_the_group_answers_for_and_for_nothing_else(cast: Cast, node: Item) -> None:
    chair, drift = as_caller(cast.chair), cast.group.reference
    made = state_window(by=chair, item=node.reference, stated_by=drift, **TUESDAY)
    assert (made.item, made.stated_by, made.version) == (node, cast.group, 1)
    assert state_window(by=chair, group=drift, stated_by=drift, **TUESDAY).group == cast.group
    other = make_item("Annans")
    for fields in ({"item": other.reference}, {"group": cast.other_group.reference}, {"filter": "kind:server"}, {}):
        with pytest.raises(Forbidden):
            state_window(by=chair, stated_by=drift, **TUESDAY, **fields)
    with pytest.raises(Forbidden):
        state_window(by=chair, item=node.reference, **TUESDAY)
    with pytest.raises(Forbidden):
        state_window(by=as_caller(cast.member), item=node.reference, stated_by=drift, **TUESDAY)


def test_coordinators_state_a_freeze_for_everything(cast: Cast) -> None:
    freeze = state_freeze(by=as_caller(cast.coordinator), reason="Ingen är här", **STOP)
    assert (freeze.item, freeze.group, freeze.filter, freeze.stated_by) == (None, None, "", None)
    (event,) = history("freeze", freeze.pk)
    assert (event.verb, event.after["name"], event.reason) == ("changes.freeze.stated", "Julstopp", "Ingen är här")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("name", {"name": " "}),
        ("minutes", {"minutes": 0}),
        ("rule", {"rule": "varje tisdag"}),
        ("rule", {"rule": "FREQ=WEEKLY;BYDAY=MO"}),
        ("rule", {"rule": "FREQ=MINUTELY"}),
        ("item", {"item": "{item}", "filter": "kind:server"}),
        ("starts_on", {"starts_on": None}),
        ("colour", {"colour": "röd"}),
    ],
)
def test_a_window_that_does_not_hold_together_is_refused_at_its_field(
    node: Item, field: str, fields: dict[str, object]
) -> None:
    wanted = {name: node.reference if value == "{item}" else value for name, value in fields.items()}
    with pytest.raises(Invalid) as caught:
        state_window(by=SYSTEM, **{**TUESDAY, **wanted})
    assert caught.value.field == field


def test_a_filter_that_cannot_be_read_and_a_freeze_that_ends_first_are_refused() -> None:
    with pytest.raises(Invalid):
        state_freeze(by=SYSTEM, filter="nosuchfield:x", **STOP)
    with pytest.raises(Invalid) as caught:
        state_freeze(by=SYSTEM, **{**STOP, "ends_at": STOP["starts_at"]})
    assert caught.value.field == "ends_at"


def test_changing_needs_the_version_and_tells_what_was_altered() -> None:
    window, freeze = state_window(by=SYSTEM, **TUESDAY), state_freeze(by=SYSTEM, **STOP)
    changed = change_window(window.pk, by=SYSTEM, version=1, minutes=240)
    assert (changed.minutes, changed.name, changed.version) == (240, "Serviceperiod", 2)
    with pytest.raises(Stale):
        change_window(window.pk, by=SYSTEM, version=1, minutes=60)
    assert change_freeze(freeze.pk, by=SYSTEM, version=1, ends_at=at(29, month=12)).ends_at == at(29, month=12)
    event = history("window", window.pk)[0]
    assert (event.before, event.after) == ({"minutes": 480}, {"minutes": 240})
    assert change_window(window.pk, by=SYSTEM, version=2, minutes=240).version == 2


def test_what_has_ended_is_altered_no_more() -> None:
    window, freeze = state_window(by=SYSTEM, **TUESDAY), state_freeze(by=SYSTEM, **STOP)
    assert end_window(window.pk, by=SYSTEM, version=1).ended_at is not None
    end_freeze(freeze.pk, by=SYSTEM, version=1, reason="Behövs inte")
    with pytest.raises(Clash):
        change_window(window.pk, by=SYSTEM, version=2, minutes=60)
    with pytest.raises(Clash):
        end_freeze(freeze.pk, by=SYSTEM, version=2)
    assert Freeze.objects.get(pk=freeze.pk).version == 2


def test_a_lead_of_the_changes_group_signs_for_a_clash_and_takes_it_back(cast: Cast, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_change("Annan", [node], at(21, 20), at(21, 22), group=cast.other_group)
    (clash,) = clashes_of(mine)
    chair = as_caller(cast.chair)
    with pytest.raises(Forbidden):
        sign_clash(mine.reference, clash.key, by=as_caller(cast.member), reason="Samma folk")
    with pytest.raises(Invalid):
        sign_clash(mine.reference, clash.key, by=chair, reason=" ")
    sign_clash(mine.reference, clash.key, by=chair, reason="Samma folk gör båda")
    assert unsigned_of(mine) == []
    event = history("item", mine.pk)[0]
    assert (event.verb, event.reason) == ("changes.clash.signed", "Samma folk gör båda")
    with pytest.raises(Clash):
        sign_clash(mine.reference, clash.key, by=chair, reason="Igen")
    withdraw_signature(mine.reference, clash.key, by=chair)
    assert len(unsigned_of(mine)) == 1
    with pytest.raises(Stale):
        sign_clash(mine.reference, clash.key.replace("same_item", "person"), by=chair, reason="Nej")
    sign_clash(mine.reference, clash.key, by=chair, reason="Samma folk gör båda")
    Change.objects.filter(pk=mine.pk).update(state=ChangeState.CLOSED)
    with pytest.raises(Clash):
        withdraw_signature(mine.reference, clash.key, by=chair)


def test_a_clash_with_a_freeze_is_signed_for_by_the_freezes_group(cast: Cast, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_freeze("Lön", at(20), at(23), item=node, stated_by=cast.other_group)
    (clash,) = clashes_of(mine)
    with pytest.raises(Forbidden):
        sign_clash(mine.reference, clash.key, by=as_caller(cast.chair), reason="Vi vill")
    sign_clash(mine.reference, clash.key, by=as_caller(cast.coordinator), reason="Ledningen har sagt ja")
    assert clashes_of(mine)[0].is_signed


def test_an_exemption_is_a_task_of_the_freezes_group_else_of_the_management_team(cast: Cast, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_freeze("Lön", at(20), at(23), item=node, stated_by=cast.other_group)
    make_freeze("Allt", at(20), at(23))
    member = as_caller(cast.member)
    tasks = {
        clash.other_name: ask_exemption(mine.reference, clash.key, by=member, text="Garantin går ut")
        for clash in clashes_of(mine)
    }
    assert {name: task.group for name, task in tasks.items()} == {"Lön": cast.other_group, "Allt": cast.team}
    assert "Garantin går ut" in tasks["Lön"].text
    assert tasks["Lön"].item == mine.item
    with pytest.raises(Clash):
        ask_exemption(mine.reference, clashes_of(mine)[0].key, by=member)
    with pytest.raises(Forbidden):
        ask_exemption(mine.reference, clashes_of(mine)[0].key, by=as_caller(cast.other))


@time_machine.travel("2026-11-19 12:00", tick=False)
def test_a_change_is_moved_by_its_group_and_is_scheduled_no_more_when_it_clashes_there(cast: Cast, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_change("Annan", [node], at(24, 20), at(24, 22))
    member = as_caller(cast.member)
    moved, _after = move_change(mine.reference, at(22, 18), at(22, 26), by=member, version=1)
    assert (moved.starts_at, moved.state, moved.version) == (at(22, 18), ChangeState.SCHEDULED, 2)
    moved, _after = move_change(mine.reference, at(24, 18), at(24, 26), by=member, version=2)
    assert moved.state == ChangeState.APPROVED
    for refused, times in ((Invalid, (at(22, 18), at(22, 18))), (Invalid, (at(1), at(2)))):
        with pytest.raises(refused):
            move_change(mine.reference, *times, by=member, version=3)
    with pytest.raises(Stale):
        move_change(mine.reference, at(22, 18), at(22, 26), by=member, version=1)
    with pytest.raises(Refused):
        move_change(mine.reference, at(22, 18), at(22, 26), by=as_caller(cast.other), version=3)
    begun = make_change("Pågår", [node], at(19), at(20), group=cast.group, state=ChangeState.UNDER_WAY)
    with pytest.raises(Clash):
        move_change(begun.reference, at(22, 18), at(22, 26), by=member, version=1)


def test_a_window_whose_clock_time_says_a_zone_is_refused(cast: Cast) -> None:
    wanted = {"name": "Natt", "starts_on": dt.date(2026, 11, 24), "minutes": 60, "group": cast.group.reference}
    with pytest.raises(Invalid) as refused:
        state_window(by=SYSTEM, starts_time=dt.time(18, tzinfo=dt.UTC), **wanted)
    assert refused.value.field == "starts_time"
