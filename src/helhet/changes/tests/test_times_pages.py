"""The pages of time: a change's times, windows and freezes, the calendar."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from helhet.changes.models import ChangeState, Freeze, Window
from helhet.changes.tests.planned import at, make_change, make_freeze, make_window
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel("2026-11-19 12:00", tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def chair(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.chair)
    return client


@pytest.fixture
def node(cast: Cast) -> Item:
    item = make_item("Norr 2")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_change_says_what_it_clashes_with_and_moves_to_a_free_time(cast: Cast, chair: Client, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group, state=ChangeState.APPROVED)
    make_change("Annan", [node], at(21, 20), at(21, 22), group=cast.other_group)
    page = text_of(chair, f"/changes/{mine.reference}/times/")
    assert "krockar med CHG" in page
    assert "är ledig för alla" in page
    assert "Båda ändrar Norr 2." in page
    found = re.search(r'name="starts_at" value="([^"]+)"><input type="hidden" name="ends_at" value="([^"]+)"', page)
    assert found
    answer = chair.post(
        f"/changes/{mine.reference}/moving/", {"version": 1, "starts_at": found[1], "ends_at": found[2]}
    )
    assert answer.status_code == 302
    assert "krockar inte med något" in text_of(chair, f"/changes/{mine.reference}/times/")


def test_the_picture_has_a_table_with_the_same_bars(cast: Cast, chair: Client, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_freeze("Lönekörning", at(20, 16), at(23, 8), item=node)
    page = text_of(chair, f"/changes/{mine.reference}/times/")
    bars = re.findall(r'<rect class="bar (\w+)"', page)
    assert bars[:3] == ["me", "stop", "over"]
    twin = page[page.index("Samma sak som tabell") :]
    assert twin.count("<tr>") == len(bars) + 1


def test_signing_shows_the_name_and_taking_it_back_takes_it_away(cast: Cast, chair: Client, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_change("Annan", [node], at(21, 20), at(21, 22))
    page = text_of(chair, f"/changes/{mine.reference}/times/")
    sign = re.search(r'href="(/changes/[^"]+/signing/\?key=[^"]+)"', page)
    assert sign
    assert "Krock med" in text_of(chair, sign[1])
    key = re.search(r'name="key" value="([^"]+)"', text_of(chair, sign[1]))
    assert key
    assert chair.post(sign[1], {"key": key[1], "reason": ""}).status_code == 422
    chair.post(sign[1], {"key": key[1], "reason": "Samma folk gör båda"})
    page = text_of(chair, f"/changes/{mine.reference}/times/")
    assert "skrev under" in page
    assert "Samma folk gör båda" in page
    chair.post(f"/changes/{mine.reference}/unsigning/", {"key": key[1]})
    assert "skrev under" not in text_of(chair, f"/changes/{mine.reference}/times/")


def test_a_freeze_is_shown_before_it_is_stated(cast: Cast, chair: Client, node: Item) -> None:
    make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_change("Orörd", [make_item()], at(21, 18), at(21, 26))
    fields = {
        "name": "Lönekörning", "item": node.reference, "starts_at": "2026-11-20T16:00", "ends_at": "2026-11-23T08:00",
        "stated_by": cast.group.reference,
    }  # fmt: skip
    shown = chair.post("/changes/freezes/new/", {**fields, "preview": "1"}).content.decode()
    assert ("Byte" in shown, "Orörd" in shown, Freeze.objects.count()) == (True, False, 0)
    answer = chair.post("/changes/freezes/new/", fields)
    freeze = Freeze.objects.get()
    assert answer.headers["Location"] == freeze.get_absolute_url()
    assert (freeze.starts_at, freeze.ends_at) == (at(20, 16), at(23, 8))
    assert "Byte" in text_of(chair, freeze.get_absolute_url())
    assert "Lönekörning" in text_of(chair, "/changes/periods/")


def test_a_weekly_window_is_stated_altered_and_ended(cast: Cast, chair: Client, node: Item) -> None:
    fields = {
        "name": "Serviceperiod", "item": node.reference, "starts_on": "2026-11-24", "starts_time": "18:00",
        "hours": "8", "repeat": "weekly", "stated_by": cast.group.reference,
    }  # fmt: skip
    chair.post("/changes/windows/new/", fields)
    window = Window.objects.get()
    assert (window.rule, window.minutes) == ("FREQ=WEEKLY;BYDAY=TU", 480)
    assert "varje vecka på tisdag 18.00–02.00" in text_of(chair, window.get_absolute_url())
    edit = f"{window.get_absolute_url()}edit/"
    assert 'value="8"' in text_of(chair, edit)
    chair.post(edit, {**fields, "hours": "4,5", "repeat": "own", "rule": "FREQ=WEEKLY;BYDAY=TU,TH", "version": 1})
    window.refresh_from_db()
    assert (window.minutes, window.rule, window.version) == (270, "FREQ=WEEKLY;BYDAY=TU,TH", 2)
    assert "tisdag och torsdag" in text_of(chair, window.get_absolute_url())
    chair.post(f"{window.get_absolute_url()}end/", {"version": 2})
    assert "Har upphört" in text_of(chair, "/changes/periods/")


@pytest.mark.parametrize("view", ["month", "week", "groups"])
def test_the_calendar_shows_changes_freezes_and_clashes_over_all_groups(
    cast: Cast, chair: Client, node: Item, view: str
) -> None:
    make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_change("Annan", [node], at(21, 20), at(21, 22), group=cast.other_group)
    make_change("Fredad", [make_item()], at(20, 18), at(20, 26))
    make_change("Nästa år", [node], at(21, 20, year=2027), at(21, 22, year=2027))
    make_freeze("Lönekörning", at(21, 16), at(22, 8), item=node)
    make_window("Lördag", at(21).date(), 0, 24, "FREQ=WEEKLY;BYDAY=SA")
    page = text_of(chair, f"/changes/calendar/?view={view}&on=2026-11-21")
    assert [name in page for name in ("Byte", "Annan", "Fredad", "Nästa år")] == [True, True, True, False]
    assert "Lönekörning" in page
    assert "3 ändringar" in page
    assert "2 av dem krockar" in page


def test_the_calendar_is_narrowed_by_group_service_state_and_type(cast: Cast, chair: Client, node: Item) -> None:
    service = make_item("Lön", kind="business_service")
    make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group, type="emergency")
    make_change("Annan", [service], at(22, 20), at(22, 22), group=cast.other_group, state=ChangeState.ASKING)

    def names(query: str) -> list[bool]:
        page = text_of(chair, f"/changes/calendar/?on=2026-11-21&{query}")
        return ["Byte" in page, "Annan" in page]

    assert names(f"group={cast.group.reference}") == [True, False]
    assert names(f"service={service.reference}") == [False, True]
    assert names("state=asking") == [False, True]
    assert names("type=emergency") == [True, False]
    assert chair.get("/changes/calendar/?state=asleep").status_code == 422
    assert chair.get("/changes/calendar/?on=2026-99-99").status_code == 200


def test_a_clash_that_is_signed_for_is_not_marked_in_the_calendar(cast: Cast, chair: Client, node: Item) -> None:
    mine = make_change("Byte", [node], at(21, 18), at(21, 26), group=cast.group)
    make_freeze("Lönekörning", at(21, 16), at(22, 8), item=node, stated_by=cast.group)
    assert "1 av dem krockar" in text_of(chair, "/changes/calendar/?on=2026-11-21")
    page = text_of(chair, f"/changes/{mine.reference}/times/")
    key = re.search(r"signing/\?key=([^\"]+)", page)
    assert key
    address = f"/changes/{mine.reference}/signing/?key={key[1]}"
    form = re.search(r'name="key" value="([^"]+)"', text_of(chair, address))
    assert form
    chair.post(address, {"key": form[1], "reason": "Får göras"})
    assert "krockar" not in text_of(chair, "/changes/calendar/?on=2026-11-21")
