"""Pictures of the estate say which open changes an item has."""

from __future__ import annotations

from helhet.changes.badges import of_items
from helhet.changes.models import Change, ChangeItem, ChangeState
from helhet.estate.impact import impact
from helhet.kit.rights import NOBODY
from tests.world import SYSTEM, make_item


def make_change(name, item, state, **fields):
    change = Change.objects.create(item=make_item(name, kind="change"), state=state, **fields)
    ChangeItem.objects.create(change=change, item=item)
    return change


def test_open_changes_are_badges_and_those_under_way_stand_first(sjovik):
    make_change("Utkast", sjovik.node, ChangeState.DRAFT)
    make_change("Klar", sjovik.node, ChangeState.CLOSED, outcome="done")
    make_change("Import", sjovik.node, ChangeState.REVIEW, is_history=True)
    asked = make_change("Byte", sjovik.node, ChangeState.ASKING)
    going = make_change("Nödbyte", sjovik.node, ChangeState.REVIEW)
    Change.objects.filter(pk=going.pk).update(is_history=True, state=ChangeState.UNDER_WAY)
    Change.objects.filter(pk=going.pk).update(
        starts_at="2026-01-01T10:00Z", ends_at="2026-01-01T11:00Z", is_history=False
    )
    found = of_items([sjovik.node.pk, sjovik.base.pk], SYSTEM)
    assert [badge.label.split()[0] for badge in found[sjovik.node.pk]] == [going.reference, asked.reference]
    assert [badge.mark for badge in found[sjovik.node.pk]] == ["due", "wait"]
    assert sjovik.base.pk not in found
    assert of_items([sjovik.node.pk], NOBODY) == {}


def test_the_page_of_impact_and_the_map_show_them(client, sjovik):
    asked = make_change("Byte", sjovik.base, ChangeState.ASKING)
    client.force_login(sjovik.cast.reader)
    assert impact([sjovik.node], SYSTEM).reached == 2
    for address in (f"/items/{sjovik.node.reference}/impact/", f"/map/?start={sjovik.node.reference}"):
        assert f'href="/changes/{asked.reference}/"' in client.get(address).content.decode()
    near = client.get(f"/items/{sjovik.node.reference}/").context["picture"]
    assert [box.note.split()[0] for box in near.boxes] == [asked.reference]
