"""What needs no change at all: whoever drafts one is told so, in the form, on its page and by API."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from helhet.changes.actions import draft_change
from helhet.changes.actions.thresholds import end_threshold, state_threshold
from helhet.changes.models import Threshold
from helhet.changes.tests.test_changes_api import call, drafted
from helhet.changes.thresholds import covering
from tests.world import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def memory(sjovik: SimpleNamespace) -> Threshold:
    return state_threshold(
        by=sjovik.chair, text="Mer minne", covered_by="Beställning 12", kind="storage", group=sjovik.drift.reference
    )


def test_it_holds_for_the_item_or_its_kind_until_it_ends_and_never_for_an_emergency(
    sjovik: SimpleNamespace, memory: Threshold
) -> None:
    own = state_threshold(
        by=sjovik.chair, text="Omstart", covered_by="Uppgift 4", item=sjovik.base.reference,
        group=sjovik.drift.reference,
    )  # fmt: skip
    both = covering([sjovik.node, sjovik.base], "normal")
    assert [(one.threshold.pk, [item.pk for item in one.items], one.is_all) for one in both] == [
        (memory.pk, [sjovik.node.pk], False), (own.pk, [sjovik.base.pk], False),
    ]  # fmt: skip
    second = make_item("Andra noden", kind="storage")
    assert [(one.threshold.pk, one.is_all) for one in covering([sjovik.node, second], "standard")] == [
        (memory.pk, True)
    ]
    assert covering([sjovik.node], "emergency") == []
    assert covering([sjovik.service], "normal") == []
    end_threshold(memory.pk, by=sjovik.chair, version=1)
    assert covering([sjovik.node], "normal") == []


def test_the_form_says_so_while_the_items_are_chosen(sjovik: SimpleNamespace, memory: Threshold) -> None:
    client = Client()
    client.force_login(sjovik.cast.member)
    form = client.get(reverse("changes:change_new")).content.decode()
    assert f'hx-get="{reverse("changes:covered")}"' in form
    assert "Mer minne" not in form
    asked = reverse("changes:covered")
    said = client.get(asked, {"items": f"{sjovik.node.reference}, SRV-", "type": "normal"}).content.decode()
    assert "Mer minne: behöver ingen ändring alls, eftersom Beställning 12 täcker det." in said
    assert client.get(asked, {"items": sjovik.service.reference, "type": "normal"}).content == b""
    assert client.get(asked, {"items": sjovik.node.reference, "type": "emergency"}).content == b""
    assert "Mer minne" in client.get(reverse("changes:change_new") + f"?item={sjovik.node.reference}").content.decode()


def test_what_people_wrote_is_no_markup(sjovik: SimpleNamespace) -> None:
    state_threshold(by=sjovik.chair, text="<b>x", covered_by="<i>y", kind="storage", group=sjovik.drift.reference)
    client = Client()
    client.force_login(sjovik.cast.member)
    said = client.get(reverse("changes:covered"), {"items": sjovik.node.reference, "type": "normal"}).content.decode()
    assert "&lt;b&gt;x" in said
    assert "<i>" not in said


def test_the_page_of_a_draft_says_it_and_no_longer_when_it_has_been_asked_about(
    sjovik: SimpleNamespace, memory: Threshold
) -> None:
    change = draft_change(by=sjovik.member, title="Byte", group=sjovik.drift.reference, items=[sjovik.node.reference])
    client = Client()
    client.force_login(sjovik.cast.reader)
    assert memory.text in client.get(change.get_absolute_url()).content.decode()
    change.state = "approved"
    change.save()
    assert memory.text not in client.get(change.get_absolute_url()).content.decode()


def test_a_program_is_told_when_it_drafts_and_may_ask_before(sjovik: SimpleNamespace, memory: Threshold) -> None:
    wanted = {
        "id": memory.pk, "text": "Mer minne", "covered_by": "Beställning 12", "items": [sjovik.node.reference],
        "is_all": True,
    }  # fmt: skip
    assert drafted(sjovik)["covered"] == [wanted]
    asked = call(sjovik.cast.reader, "GET", f"/thresholds/covering?items={sjovik.node.reference}")
    assert asked.json["items"] == [wanted]
    asked = call(sjovik.cast.reader, "GET", f"/thresholds/covering?items={sjovik.node.reference}&type=emergency")
    assert asked.json["items"] == []


def test_it_is_stated_and_ended_in_the_pages(sjovik: SimpleNamespace) -> None:
    client = Client()
    client.force_login(sjovik.cast.chair)
    listed = reverse("changes:thresholds")
    assert "Ange vad som inte behöver någon ändring" in client.get(listed).content.decode()
    sent = {
        "text": "Ny brevlåda", "covered_by": "Beställning 3", "kind": "storage", "fields_": "name, attributes.size",
        "group": sjovik.drift.reference,
    }  # fmt: skip
    assert client.post(reverse("changes:threshold_new"), sent).status_code == 302
    made = Threshold.objects.get()
    assert made.fields == ["attributes.size", "name"]
    assert "Ny brevlåda" in client.get(listed).content.decode()
    client.post(reverse("changes:threshold_end", args=[made.pk]), {"version": "1"})
    made.refresh_from_db()
    assert made.ended_at is not None
    client.force_login(sjovik.cast.member)
    assert reverse("changes:threshold_new") not in client.get(listed).content.decode()
    assert f'href="{listed}"' in client.get(reverse("changes:changes")).content.decode()
