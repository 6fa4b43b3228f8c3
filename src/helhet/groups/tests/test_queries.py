"""A longer list asks the database no more often."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helhet.groups import actions
from helhet.kit.rights import Caller
from tests.world import Cast, make_item, make_person

PATHS = (
    "/groups/", "/people/", "/tasks/all/", "/views/", "/api/v1/groups", "/api/v1/persons", "/api/v1/memberships",
    "/api/v1/tasks", "/api/v1/views", "{group}", "{person}",
)  # fmt: skip


def fill(cast: Cast, boss: Caller, name: str) -> None:
    """One more of everything that the pages show, most of it of the same group and person."""
    person = make_person(f"Siv {name}")
    group = actions.create_group(by=boss, name=f"Grupp {name}", parent=cast.group.reference, mandate="x")
    actions.add_member(group.reference, person.pk, by=boss, role="chair", share="10")
    actions.add_member(group.reference, cast.member.person.pk, by=boss, share="1")
    actions.add_member(cast.group.reference, person.pk, by=boss)
    item = make_item(name)
    actions.assign([item.pk], cast.group.reference, by=boss)
    actions.create_task(by=boss, title=name, group=cast.group.reference, item=item.reference)
    actions.create_task(by=boss, title=name, group=group.reference, person=cast.member.person.pk, item=item.reference)
    actions.save_view(by=boss, name=name, is_shared=True)


def asked(client: Client, address: str) -> int:
    """How often the database is asked once what the frame counts is kept."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_a_longer_list_asks_no_more_often(cast: Cast, boss: Caller, browser: Client) -> None:
    group, person = cast.group.get_absolute_url(), cast.member.person.get_absolute_url()
    addresses = [path.format(group=group, person=person) for path in PATHS]
    for name in ("ett", "två"):
        fill(cast, boss, name)
    few = {address: asked(browser, address) for address in addresses}
    for name in ("tre", "fyra", "fem", "sex"):
        fill(cast, boss, name)
    many = {address: asked(browser, address) for address in addresses}
    assert {address: count for address, count in many.items() if count > few[address]} == {}
    assert max(many.values()) < 45
