"""What an import alters outside any change is found once, and somebody says what it was."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helhet.changes.actions.explaining import explain
from helhet.changes.actions.thresholds import end_threshold, state_threshold
from helhet.changes.models import Threshold, Unregistered
from helhet.changes.writing import NewChange, add_changes
from helhet.groups.models import Task
from helhet.items.models import Item
from helhet.items.writing import change_items
from helhet.journal.actions import open_batch
from helhet.journal.models import BatchSort
from helhet.kit.errors import Clash, Forbidden, Invalid
from tests.world import DAY, SYSTEM

HOUR = dt.timedelta(hours=1)


def changed(sjovik: SimpleNamespace, began: dt.timedelta = -100 * HOUR, **fields: Any) -> int:
    """A change of the node that began so long from now and took an hour."""
    at = timezone.now() + began
    told = {"state": "closed", "outcome": "done", "began_at": at, "finished_at": at + HOUR, "items": [sjovik.node.pk]}
    return add_changes([NewChange("Byte", group_id=sjovik.drift.pk, **{**told, **fields})], by=SYSTEM, on=DAY)[0]


def alter(item: Item, sort: BatchSort = BatchSort.IMPORT, **wanted: Any) -> None:
    batch = open_batch(sort, "Inläsning", by=SYSTEM)
    change_items([(Item.objects.get(pk=item.pk), wanted)], by=SYSTEM, on=DAY, batch=batch)


def test_what_an_import_alters_outside_any_change_is_told_with_before_and_after(sjovik):
    changed(sjovik)
    alter(sjovik.node, attributes={"cpu": 8}, name="Nod två", description="Ny text")
    row = Unregistered.objects.get()
    assert row.fields == {"attributes.cpu": [None, 8], "name": ["Lagringsnod", "Nod två"]}
    alter(sjovik.node, description="Ännu en text", criticality=3)
    alter(sjovik.node, BatchSort.BULK, name="Nod tre")
    assert Unregistered.objects.count() == 1


def test_a_group_without_changes_here_is_left_in_peace(sjovik):
    alter(sjovik.node, name="Nod två")
    changed(sjovik)
    alter(sjovik.base, name="Annan")
    assert not Unregistered.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"began": -HOUR / 2},
        {"began": -100 * HOUR, "starts_at": timezone.now() - HOUR, "ends_at": timezone.now() + 9 * HOUR},
        {"began": -3 * HOUR, "finished_at": None, "state": "under_way", "outcome": "",
         "starts_at": timezone.now() - 9 * HOUR, "ends_at": timezone.now() - 8 * HOUR},
    ],
)  # fmt: skip
def test_a_change_under_way_or_planned_then_explains_it(sjovik, fields):
    changed(sjovik, **fields)
    alter(sjovik.node, name="Nod två")
    assert not Unregistered.objects.exists()


def test_a_cancelled_change_explains_nothing(sjovik):
    changed(sjovik, began=-HOUR / 2, outcome="cancelled")
    alter(sjovik.node, name="Nod två")
    assert Unregistered.objects.count() == 1


def test_the_group_gets_one_task_which_is_done_when_all_are_explained(sjovik):
    changed(sjovik)
    alter(sjovik.node, name="Nod två")
    alter(sjovik.node, name="Nod tre")
    task = Task.objects.get(origin="unregistered")
    for row in Unregistered.objects.all():
        explain(row.pk, by=sjovik.member, version=1, how="dismiss", words="Stavfel rättat")
    task.refresh_from_db()
    assert task.state == "done"


def test_what_a_task_covers_is_covered_now_and_later_and_only_in_those_fields(sjovik):
    changed(sjovik)
    alter(sjovik.node, attributes={"cpu": 8})
    row = Unregistered.objects.get()
    with pytest.raises(Forbidden):
        explain(row.pk, by=sjovik.member, version=1, how="cover", words="Driftuppgift 4")
    explain(row.pk, by=sjovik.chair, version=1, how="cover", words="Driftuppgift 4")
    assert Threshold.objects.get().fields == ["attributes.cpu"]
    alter(sjovik.node, attributes={"cpu": 16})
    assert not Unregistered.objects.filter(state="open").exists()
    alter(sjovik.node, attributes={"cpu": 16, "minne": 64})
    assert Unregistered.objects.get(state="open").fields == {"attributes.minne": [None, 64]}


def test_a_change_made_afterwards_went_around_and_waits_in_review(sjovik):
    changed(sjovik)
    alter(sjovik.node, name="Nod två")
    row = explain(Unregistered.objects.get().pk, by=sjovik.member, version=1, how="make")
    assert row.change is not None
    assert (row.change.state, row.change.went_around, row.change.group) == ("review", True, sjovik.drift)
    with pytest.raises(Clash):
        explain(row.pk, by=sjovik.member, version=row.version, how="dismiss", words="Nej")


def test_it_is_tied_to_a_change_by_name_and_only_by_the_group_of_the_item(sjovik):
    reference = Item.objects.get(pk=changed(sjovik)).reference
    alter(sjovik.node, name="Nod två")
    row = Unregistered.objects.get()
    with pytest.raises(Forbidden):
        explain(row.pk, by=sjovik.school_lead, version=1, how="tie", change=reference)
    with pytest.raises(Invalid):
        explain(row.pk, by=sjovik.member, version=1, how="tie")
    done = explain(row.pk, by=sjovik.member, version=1, how="tie", change=reference)
    assert done.change is not None
    assert (done.state, done.change.reference) == ("tied", reference)


def test_the_page_lists_them_and_takes_an_explanation(sjovik, client):
    changed(sjovik)
    alter(sjovik.node, name="Nod två")
    row = Unregistered.objects.get()
    client.force_login(sjovik.cast.member)
    assert "Nod två" in client.get("/changes/unregistered/").content.decode()
    body = {"how": "dismiss", "words": "Stavfel rättat", "version": "1"}
    assert client.post(f"/changes/unregistered/{row.pk}/", body).status_code == 302
    assert "Stavfel rättat" in client.get("/changes/unregistered/?state=dismissed").content.decode()


def test_a_threshold_holds_for_its_kind_until_it_is_ended(sjovik):
    changed(sjovik)
    told = {"text": "Namnbyte", "covered_by": "Beställning 12", "group": sjovik.drift.reference}
    with pytest.raises(Forbidden):
        state_threshold(by=sjovik.member, kind="storage", fields=["name"], **told)
    one = state_threshold(by=sjovik.chair, kind="storage", fields=["name"], **told)
    alter(sjovik.node, name="Nod två")
    assert not Unregistered.objects.exists()
    end_threshold(one.pk, by=sjovik.chair, version=1)
    alter(sjovik.node, name="Nod tre")
    assert Unregistered.objects.count() == 1


def test_only_those_who_may_state_what_needs_no_change_are_offered_to(sjovik, client):
    changed(sjovik)
    alter(sjovik.node, name="Nod två")
    address = f"/changes/unregistered/{Unregistered.objects.get().pk}/"
    for user, offered in ((sjovik.cast.member, False), (sjovik.cast.chair, True)):
        client.force_login(user)
        assert ('value="cover"' in client.get(address).content.decode()) is offered


def test_the_list_is_narrowed_to_one_item_and_is_paged(sjovik: SimpleNamespace, client: Client) -> None:
    for item in (sjovik.node, sjovik.base):
        for number in range(101):
            Unregistered.objects.create(item=item, batch_id=number, fields={})
    client.force_login(sjovik.cast.reader)
    address, item = "/changes/unregistered/", sjovik.node.reference
    page = client.get(address, {"item": item}).content.decode()
    assert sjovik.base.reference not in page
    assert page.count(f'<span class="hh-ref">{item}</span>') == 100
    assert f"?state=open&amp;item={item}&amp;from=100" in page
    rest = client.get(address, {"item": item, "from": "100"}).content.decode()
    assert rest.count(f'<span class="hh-ref">{item}</span>') == 1
    assert client.get(address, {"item": "SRV-9999"}).status_code == 404
    answered = client.get("/api/v1/unregistered-changes", {"item": item})
    assert answered.json()["count"] == 101
    assert {one["item"] for one in answered.json()["items"]} == {item}
    assert client.get("/api/v1/unregistered-changes", {"item": "SRV-9999"}).status_code == 404
