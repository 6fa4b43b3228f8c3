"""Something to point every address of the matrix at."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from helhet.accounts.actions import make_token, sign_in_link
from helhet.estate import bulk
from helhet.estate.dependencies import add_dependency
from helhet.estate.models import PictureMark, Redundancy, SeenName
from helhet.estate.pictures import Place, save_picture
from helhet.estate.redundancy import state_redundancy
from helhet.estate.selection import Selection
from helhet.groups.actions import add_role, create_task, save_view
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group, Membership, Role
from helhet.home.jobs import count_for_pages
from helhet.importers.models import Finding, Run
from helhet.items.actions import change_item, comment, link
from helhet.items.attachments import attach
from helhet.items.kinds import create_kind
from helhet.items.merging import merge_items
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.responsibility.actions import Draft, create_rule
from tests import matrix_rooms
from tests.matrix import DRIFT, NET, NONE
from tests.matrix_changes import samples as changes
from tests.matrix_outcomes import samples as standing
from tests.matrix_times import samples as times
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item, make_person, make_source


def samples(cast: Cast, owner: str = DRIFT) -> dict[str, Any]:
    """By name what stands in the holes of addresses and bodies. The things are the `owner`'s: a group's or nobody's."""
    group = {DRIFT: cast.group, NET: cast.other_group, NONE: make_group("Lager")}[owner]
    person = make_person("Sven Svensson", email="sven@sjovik.example")
    item, other, needed = make_item("Server ett"), make_item("Server två"), make_item("Server fem")
    if owner != NONE:
        assign_by_hand([item.pk, needed.pk], group, by=SYSTEM, on=DAY)
    return {
        **_of_item(cast, Item.objects.get(pk=item.pk), other, group),
        "dependency": add_dependency(item, needed, by=SYSTEM).pk,
        **_of_group(group, person),
        **_of_people(cast),
        **changes(group, item.reference, other),
        **times(cast, Item.objects.get(pk=item.pk), group if owner != NONE else None),
        **standing(group, item.reference),
        **matrix_rooms.samples(cast, Item.objects.get(pk=item.pk), group if owner != NONE else None),
        "seen_name": SeenName.objects.create(source=make_source(), name="user").pk,
        "rule": create_rule(Draft("named", "kind:storage", group), by=SYSTEM)[0].number,
        "source": make_source().pk,
        "run": Run.objects.create(source=make_source(), title="items.csv", on=DAY, user_id=cast.coordinator.pk).pk,
        "finding": Finding.objects.create(
            source=make_source(), sort="unknown_group", noun="items", key="1", field="group", value="Okänd", item=item
        ).pk,
        "kind": create_kind(by=SYSTEM, key="lathe", name_sv="Svarv", name_en="Lathe", prefix="LAT").key,
    }


def _of_item(cast: Cast, item: Item, other: Item, group: Group) -> dict[str, Any]:
    member = as_caller(cast.member)
    changed = change_item(item.reference, by=SYSTEM, version=item.version, name="Server ett igen")
    batch = bulk.begin(
        Selection((other.reference,)), bulk.Wanted({"state": "retiring"}), by=member_for(cast), reason="prov"
    ).batch
    kept, gone = make_item("Server tre"), make_item("Server fyra")
    merged = merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    return {
        "merge": merged.pk,
        "item": changed.reference, "item_id": changed.pk, "item_version": changed.version,
        "other": other.reference, "other_id": other.pk,
        "event": Event.objects.filter(noun="item", noun_id=item.pk, verb="items.item.changed").latest("pk").pk,
        "comment": comment(item, "Ett ord", by=member).pk,
        "attachment": attach(item, SimpleUploadedFile("ord.txt", b"ord"), by=SYSTEM).pk,
        "link": link(item, other, "relates", by=SYSTEM).pk,
        "third": kept.reference,
        "picture": _picture(cast, changed, other),
        "redundancy": _redundancy(item, other, kept).pk,
        "role": add_role(item.reference, group.reference, "supports", by=SYSTEM).pk,
        "batch": batch.pk,
    }  # fmt: skip


def _picture(cast: Cast, item: Item, other: Item) -> str:
    """The member's own, with a mark; of version 1 as every page finds it."""
    made = save_picture(by=as_caller(cast.member), name="Min karta", places=[Place(item, is_start=True), Place(other)])
    PictureMark.objects.create(picture=made, item=other, is_hit=True, reason="Delar kyla", user=cast.member)
    return made.slug


def _redundancy(item: Item, other: Item, third: Item) -> Redundancy:
    """Two that replace one another."""
    add_dependency(item, other, by=SYSTEM)
    add_dependency(item, third, by=SYSTEM)
    return state_redundancy(item, [other, third], least=1, by=SYSTEM)


def member_for(cast: Cast) -> Any:
    """Who makes the bulk change: the coordinator, who may change anything."""
    return as_caller(cast.coordinator)


def _of_group(group: Group, person: Any) -> dict[str, Any]:
    row = Membership.objects.create(group=group, person=person, role=Role.MEMBER, from_on=DAY)
    task = create_task(by=SYSTEM, title="Städa", group=group.reference)
    return {
        "group": group.reference, "group_id": group.pk, "group_version": group.item.version, "membership": row.pk,
        "person": person.pk, "person_name": person.name, "task": task.pk,
    }  # fmt: skip


def _of_people(cast: Cast) -> dict[str, Any]:
    member = as_caller(cast.member)
    return {
        "token": make_token(cast.member, by=member, name="prov", scopes=["read"])[0].pk,
        "user": cast.reader.pk,
        "secret": sign_in_link(cast.reader, by=SYSTEM).rstrip("/").rsplit("/", 1)[1],
        "view": save_view(by=member, name="Mina servrar", filter="kind:server").slug,
        "job": count_for_pages.later(caller=member).pk,
    }
