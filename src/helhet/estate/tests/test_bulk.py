from __future__ import annotations

import re

import pytest

from helhet.estate import bulk
from helhet.estate.selection import Selection
from helhet.groups.actions import assign
from helhet.groups.models import Answer, GroundSort
from helhet.items.actions import change_item
from helhet.items.models import Criticality, Item, State
from helhet.journal.models import Batch, Event
from helhet.kit.errors import Invalid, Refused
from tests.world import as_caller, make_item

pytestmark = pytest.mark.django_db


def html(answer):
    return answer.content.decode()


def group_of(item):
    answer = Answer.objects.open().select_related("group__item").get(item=item)
    return answer.group.name if answer.group else ""


def test_many_items_get_a_group_after_a_preview_by_name_and_count_and_it_is_undone_as_one(admin, cast):
    items = [make_item(f"Item {number}") for number in range(5)]
    assign([items[0].pk], "Nät", by=as_caller(cast.administrator))
    sent = {"all": "1", "q": "kind:server", "group": cast.group.reference, "reason": "new order"}
    first = html(admin.post("/items/bulk/group/", {"all": "1", "q": "kind:server"}))
    assert "5\u00a0items are chosen" in first
    shown = html(admin.post("/items/bulk/group/", {**sent, "step": "preview"}))
    assert "5\u00a0items of 5 would change" in shown
    assert "<del>Nät</del> <ins>Drift</ins>" in shown
    assert group_of(items[1]) == ""
    result = admin.post("/items/bulk/group/", {**sent, "step": "apply"})
    assert [group_of(item) for item in items] == ["Drift"] * 5
    page = html(admin.get(result.headers["Location"]))
    assert "5\u00a0items changed" in page
    (undo,) = set(re.findall(r'action="(/items/changes/\d+/undo/)"', page))
    admin.post(undo)
    assert [group_of(item) for item in items] == ["Nät", "", "", "", ""]
    assert Answer.objects.open().get(item=items[0]).ground.sort == GroundSort.HAND


def test_many_fields_change_at_once_with_a_reason_in_each_history(admin, cast):
    items = [make_item(f"Item {number}", attributes={"env": "test"}, tags=["old"]) for number in range(3)]
    sent = {
        "chosen": [item.reference for item in items[:2]], "state": "retiring", "criticality": "high", "add_tags": "new",
        "remove_tags": "old", "attribute": "env", "value": "prod", "reason": "tidying",
    }  # fmt: skip
    shown = html(admin.post("/items/bulk/fields/", {**sent, "step": "preview"}))
    assert "<del>test</del> <ins>prod</ins>" in shown
    admin.post("/items/bulk/fields/", {**sent, "step": "apply"})
    for item in Item.objects.filter(pk__in=[items[0].pk, items[1].pk]):
        assert (item.state, item.criticality) == (State.RETIRING, Criticality.HIGH)
        assert (item.tags, item.attributes) == (["new"], {"env": "prod"})
        event = Event.objects.get(noun="item", noun_id=item.pk, verb="items.item.changed")
        assert event.batch is not None
        assert (event.reason, event.batch.sort) == ("tidying", "bulk")
    assert Item.objects.get(pk=items[2].pk).state == State.LIVE


def test_undoing_keeps_what_was_changed_later(admin, cast):
    by = as_caller(cast.administrator)
    items = [make_item(f"Item {number}") for number in range(3)]
    outcome = bulk.begin(Selection(text="kind:server"), bulk.Wanted({"criticality": "high"}), by=by, reason="r")
    change_item(items[0].reference, by=by, version=2, criticality="low")
    change_item(items[1].reference, by=by, version=2, name="Renamed")
    undone = bulk.undo(outcome.batch, by=by)
    assert undone.counts["changed"] == 2
    assert [Item.objects.get(pk=item.pk).criticality for item in items] == [1, 0, 0]
    assert Item.objects.get(pk=items[1].pk).name == "Renamed"
    with pytest.raises(Refused):
        bulk.undo(outcome.batch, by=by)


def test_undoing_leaves_a_group_that_somebody_gave_later(cast):
    by = as_caller(cast.administrator)
    one, two = make_item("One"), make_item("Two")
    outcome = bulk.begin(Selection(text="kind:server"), bulk.Wanted({}, "Drift"), by=by, reason="r")
    assign([one.pk], "Nät", by=by)
    bulk.undo(outcome.batch, by=by)
    assert [group_of(one), group_of(two)] == ["Nät", ""]


def test_more_than_five_hundred_are_done_by_a_job_in_portions(admin, cast, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr("helhet.items.bulk.PORTION", 2)
    by = as_caller(cast.administrator)
    items = [make_item(f"Item {number}") for number in range(7)]
    outcome = bulk.begin(Selection(text="state:live"), bulk.Wanted({"state": "planned"}, "Drift"), by=by, reason="r")
    assert outcome.job is not None
    assert "hh-job" in html(admin.get(f"/items/changes/{outcome.batch.pk}/"))
    arguments = dict(outcome.job.arguments)
    bulk.apply_bulk.now(caller=by, **arguments)
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.state, batch.counts["changed"], batch.counts["refused"]) == ("done", 7, 0)
    assert {Item.objects.get(pk=item.pk).state for item in items} == {State.PLANNED}
    assert {group_of(item) for item in items} == {"Drift"}
    assert Event.objects.filter(verb="items.item.changed", batch=batch).count() == 7
    bulk.undo(batch, by=by)
    assert {Item.objects.get(pk=item.pk).state for item in items} == {State.LIVE}
    assert {group_of(item) for item in items} == {""}


def test_a_job_that_was_killed_goes_on_after_its_last_portion(cast, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    monkeypatch.setattr("helhet.items.bulk.PORTION", 2)
    by = as_caller(cast.administrator)
    for number in range(6):
        make_item(f"Item {number}")
    outcome = bulk.begin(Selection(text="kind:server"), bulk.Wanted({"add_tags": ["a"]}), by=by, reason="r")

    assert outcome.job is not None

    def killed(done: int, total: int | None, message: str) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.apply_bulk.now(caller=by, report=killed, **outcome.job.arguments)
    assert Batch.objects.get(pk=outcome.batch.pk).counts["seen"] == 4
    bulk.apply_bulk.now(caller=by, **outcome.job.arguments)
    assert Batch.objects.get(pk=outcome.batch.pk).counts["changed"] == 6
    assert Event.objects.filter(verb="items.item.changed", batch=outcome.batch).count() == 6


def test_a_member_changes_his_own_and_is_told_of_the_rest(sign_in, cast):
    mine, theirs = make_item("Mine"), make_item("Theirs")
    assign([mine.pk], "Drift", by=as_caller(cast.administrator))
    assign([theirs.pk], "Nät", by=as_caller(cast.administrator))
    by = as_caller(cast.member)
    preview = bulk.look(Selection(text="kind:server"), bulk.Wanted({"state": "retired"}), by=by)
    assert (preview.changed, preview.refused) == (1, 1)
    outcome = bulk.begin(Selection(text="kind:server"), bulk.Wanted({"state": "retired"}), by=by, reason="r")
    assert (outcome.batch.counts["changed"], outcome.batch.counts["refused"]) == (1, 1)
    assert Item.objects.get(pk=theirs.pk).state == State.LIVE
    assert Item.objects.get(pk=mine.pk).state == State.RETIRED


def test_a_member_takes_only_what_nobody_answers_for_and_only_to_his_own_group(cast):
    free, theirs = make_item("Free"), make_item("Theirs")
    assign([theirs.pk], "Nät", by=as_caller(cast.administrator))
    by = as_caller(cast.member)
    bulk.begin(Selection(text="kind:server"), bulk.Wanted({}, "Drift"), by=by, reason="r")
    assert [group_of(free), group_of(theirs)] == ["Drift", "Nät"]
    preview = bulk.look(Selection(text="kind:server"), bulk.Wanted({}, "Nät"), by=by)
    assert preview.changed == 0


@pytest.mark.parametrize(
    ("fields", "group", "reason"),
    [({}, "", "r"), ({"state": "gone"}, "", "r"), ({"kind": "nope"}, "", "r"), ({"nope": 1}, "", "r"),
     ({"state": "live"}, "", "  "), ({"part_of": "NO-1"}, "", "r"), ({"kind": "group"}, "", "r"), ({}, "GRP-999", "r")],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_before_anything_is_done(cast, fields, group, reason):
    make_item("One")
    with pytest.raises(Refused):
        bulk.begin(
            Selection(text="kind:server"), bulk.Wanted(fields, group), by=as_caller(cast.administrator), reason=reason
        )
    assert not Batch.objects.filter(sort="bulk").exists()


def test_nothing_chosen_is_told(admin, cast):
    assert admin.post("/items/bulk/fields/", {}).status_code == 422
    with pytest.raises(Invalid):
        bulk.begin(
            Selection(text="name:nothing*"),
            bulk.Wanted({"state": "live"}),
            by=as_caller(cast.administrator),
            reason="r",
        )


def test_a_loop_of_parts_is_refused_for_the_one_item_and_done_for_the_others(cast):
    by = as_caller(cast.administrator)
    whole = make_item("Whole")
    part = make_item("Part", part_of_id=whole.pk)
    other = make_item("Other")
    outcome = bulk.begin(Selection(text="kind:server"), bulk.Wanted({"part_of": part.reference}), by=by, reason="r")
    assert outcome.batch.counts["refused"] == 2
    assert Item.objects.get(pk=other.pk).part_of_id == part.pk
    assert Item.objects.get(pk=whole.pk).part_of_id is None
