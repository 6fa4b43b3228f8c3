"""What is done with a change is taken back by the toast, where that leaves nothing behind."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from helhet.changes.actions import (
    change_change,
    clear_mark,
    end_consequence,
    end_order,
    mark_impact,
    move_change,
    put_after,
    sign_clash,
    tell_consequence,
    undo_event,
    withdraw_signature,
)
from helhet.changes.clashes import clashes_of
from helhet.changes.models import Change, ClashSignature, Consequence, ImpactMark, Order
from helhet.changes.tests.planned import at, make_change
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel("2026-11-19 12:00", tick=False):
        yield


@pytest.fixture
def change(sjovik: SimpleNamespace) -> Change:
    return make_change("Byte", [sjovik.node], at(21, 18), at(21, 20), group=sjovik.drift, state="draft", plan="Först")


def last(change: Change) -> int:
    return Event.objects.filter(noun="item", noun_id=change.pk).latest("pk").pk


def undo(change: Change, by: object = SYSTEM) -> Change:
    return undo_event(change.reference, last(change), by=by)  # type: ignore[arg-type]


def version(change: Change) -> int:
    return Change.objects.get(pk=change.pk).version


def test_what_the_form_altered_is_set_back_and_what_was_altered_since_stays(
    sjovik: SimpleNamespace, change: Change
) -> None:
    by = sjovik.member.in_request("en")
    change_change(
        change.reference, by=by, version=1, plan="Sedan", test="Ping", title="Byte nu", items=[sjovik.base.reference],
        people=["Nils"],
    )  # fmt: skip
    event = last(change)
    change_change(change.reference, by=sjovik.member, version=version(change), test="Pong")
    undone = undo_event(change.reference, event, by=sjovik.member)
    assert (undone.plan, undone.test, undone.name) == ("Först", "Pong", "Byte")
    assert [one.item for one in undone.affected.select_related("item")] == [sjovik.node]
    assert not undone.people.exists()
    with pytest.raises(Clash, match="inget att ångra"):
        undo_event(change.reference, event, by=sjovik.member)


def test_only_those_who_may_alter_it_may_undo(sjovik: SimpleNamespace, change: Change) -> None:
    change_change(change.reference, by=sjovik.member, version=1, plan="Sedan")
    for other in (sjovik.reader, sjovik.school_lead):
        with pytest.raises(Forbidden):
            undo(change, other)


def test_a_move_that_asked_nobody_anew_is_taken_back(sjovik: SimpleNamespace, change: Change) -> None:
    move_change(change.reference, at(22, 18), at(22, 20), by=sjovik.member, version=1)
    assert undo(change, sjovik.member).starts_at == at(21, 18)


def test_order_marks_incidents_and_signatures_come_and_go(sjovik: SimpleNamespace, change: Change) -> None:
    other = make_change("Annan", [sjovik.node], at(21, 19), at(21, 21), state="scheduled")
    put_after(change.reference, other.reference, by=SYSTEM, note="Kabeln")
    undo(change)
    assert not Order.objects.exists()
    put_after(change.reference, other.reference, by=SYSTEM, note="Kabeln")
    end_order(change.reference, other.reference, by=SYSTEM)
    undo(change)
    assert Order.objects.get().note == "Kabeln"

    for reason in ("Kylan", "Elen"):
        mark_impact(
            change.reference, sjovik.base.reference, by=SYSTEM, version=version(change), is_hit=False, reason=reason
        )
    undo(change)
    assert ImpactMark.objects.get().reason == "Kylan"
    clear_mark(change.reference, sjovik.base.reference, by=SYSTEM, version=version(change))
    undo(change)
    assert (ImpactMark.objects.get().reason, ImpactMark.objects.get().is_hit) == ("Kylan", False)

    Change.objects.filter(pk=change.pk).update(state="approved")
    tell_consequence(change.reference, "INC-1", by=SYSTEM, text="Stopp", minutes=4)
    end_consequence(change.reference, "INC-1", by=SYSTEM)
    undo(change)
    assert (Consequence.objects.get().text, Consequence.objects.get().minutes) == ("Stopp", 4)
    tell_consequence(change.reference, "INC-2", by=SYSTEM)
    undo(change)
    assert [one.reference for one in Consequence.objects.all()] == ["INC-1"]

    (clash,) = clashes_of(Change.objects.get(pk=change.pk))
    sign_clash(change.reference, clash.key, by=SYSTEM, reason="Samma folk")
    undo(change)
    assert not ClashSignature.objects.exists()
    sign_clash(change.reference, clash.key, by=SYSTEM, reason="Samma folk")
    withdraw_signature(change.reference, clash.key, by=SYSTEM)
    undo(change)
    assert ClashSignature.objects.get().reason == "Samma folk"


def test_what_others_were_asked_about_is_not_taken_back(sjovik: SimpleNamespace, change: Change) -> None:
    event = Event.objects.create(verb="changes.change.asked", noun="item", noun_id=change.pk, after={"state": "asking"})
    with pytest.raises(Invalid):
        undo_event(change.reference, event.pk, by=sjovik.member)
    foreign = Event.objects.create(verb="changes.change.changed", noun="item", noun_id=sjovik.node.pk)
    with pytest.raises(Invalid):
        undo_event(change.reference, foreign.pk, by=sjovik.member)


def test_the_toast_has_the_button(sjovik: SimpleNamespace, change: Change) -> None:
    other = make_change("Annan", [sjovik.base], at(23, 19), at(23, 21), group=sjovik.drift, state="scheduled")
    client = Client()
    client.force_login(sjovik.cast.member)
    sent = {"before": other.reference, "note": ""}
    page = client.post(reverse("changes:order_new", args=[change.reference]), sent, follow=True).content.decode()
    (address,) = re.findall(r'action="(/changes/[^"]+/undo/\d+/)"', page)
    assert "Det är ångrat." in client.post(address, follow=True).content.decode()
    assert not Order.objects.exists()
