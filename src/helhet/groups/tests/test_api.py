"""The room for programs: what goes in comes out, versions hold, lists filter, sort and page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.groups.actions import assign, create_group, create_person, create_task
from helhet.groups.models import Answer, Group, Membership
from helhet.kit.rights import Caller
from helhet.kit.words import forget
from tests.world import Cast, make_item


class Program:
    """A client that speaks JSON."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def __call__(self, method: str, path: str, data: Any = None, *, version: int | str | None = None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.client.generic(
            method, f"/api/v1{path}", json.dumps(data) if data is not None else "", content_type="application/json",
            headers=headers,
        )  # fmt: skip

    def get(self, path: str) -> Any:
        answer = self("GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def api(cast: Cast) -> Program:
    return Program(cast.administrator)


def test_a_group_goes_in_and_comes_out(api: Program) -> None:
    made = api("POST", "/groups", {"name": "Lagring", "mandate": "Diskar", "basis": "technology",
                                   "contacts": {"email": "l@sjovik.example"}})  # fmt: skip
    assert made.status_code == 201
    assert made["ETag"] == '"1"'
    reference = made.json()["reference"]
    read = api("GET", f"/groups/{reference}")
    assert read.json() == made.json()
    changed = api("PATCH", f"/groups/{reference}", {"parent": "Drift"}, version=1)
    assert changed.json()["parent"] is not None
    assert changed["ETag"] == '"2"'
    assert changed.json()["mandate"] == "Diskar"


def test_a_change_needs_the_version_it_was_made_from(api: Program, cast: Cast) -> None:
    path = f"/groups/{cast.group.reference}"
    assert api("PATCH", path, {"mandate": "x"}).status_code == 428
    assert api("PATCH", path, {"mandate": "x"}, version=1).status_code == 200
    assert api("PATCH", path, {"mandate": "y"}, version=1).status_code == 412
    assert api("PATCH", path, {"mandate": "y"}, version="x").status_code == 422
    assert api.get(path)["mandate"] == "x"


def test_what_is_unknown_is_refused_and_said(api: Program, cast: Cast) -> None:
    path = f"/groups/{cast.group.reference}"
    assert api("GET", "/groups/GRP-999999").status_code == 404
    assert api("PATCH", path, {"basis": "mood"}, version=1).json()["field"] == "basis"
    assert api("GET", "/groups?colour=red").status_code == 422
    assert api("GET", "/groups?sort=colour").status_code == 422
    assert api("GET", "/groups?filter=state:actve").json()["code"] == "filter"
    assert api("GET", "/groups?limit=0").status_code == 422
    assert api("GET", "/groups?cursor=zzz").status_code == 422
    assert api("GET", "/groups?fields=colour").status_code == 422


def test_closing_tells_what_hangs_on_it_and_then_closes(api: Program, boss: Caller, cast: Cast) -> None:
    assign([make_item("Nod").pk], cast.group.reference, by=boss)
    path = f"/groups/{cast.group.reference}"
    refused = api("POST", f"{path}/close", {}, version=1)
    assert refused.status_code == 409
    assert refused.json()["details"]["items"] == 1
    assert api("POST", f"{path}/close", {"to": cast.other_group.reference}, version=1).json()["state"] == "closed"
    assert api("POST", f"{path}/reopen", {}, version=2).json()["state"] == "active"


@pytest.mark.parametrize("sort", ["name", "-name", "state"])
def test_a_list_pages_to_its_end_without_losing_or_doubling(api: Program, boss: Caller, sort: str) -> None:
    for number in range(7):
        create_group(by=boss, name=f"Grupp {number}")
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"/groups?sort={sort}&limit=3&cursor={cursor}")
        seen += [row["reference"] for row in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == Group.objects.count()


def test_lists_are_filtered_in_the_one_language(api: Program, boss: Caller, cast: Cast) -> None:
    create_group(by=boss, name="Nätet", parent=cast.group.reference)
    create_person(by=boss, name="Åsa Öst", unit="Skolan")
    create_task(by=boss, title="Byt disk", group=cast.group.reference)

    def names(path: str, field: str = "name") -> set[str]:
        return {row[field] for row in api.get(path)["items"]}

    assert names("/groups?filter=name:n*") == {"Nät", "Nätet"}
    assert names("/groups?filter=parent:Drift") == {"Nätet"}
    assert names("/groups?filter=-parent:none") == {"Nätet"}
    assert names("/groups?filter=drif") == {"Drift"}
    assert names("/persons?filter=unit:skolan") == {"Åsa Öst"}
    assert names("/persons?filter=asa") == set()
    assert names("/persons?filter=åsa") == {"Åsa Öst"}
    assert names("/persons?filter=group:none") == {"Åsa Öst"}
    assert names("/persons?filter=ended:yes") == set()
    assert names("/memberships?filter=group:Drift role:chair on:today") == {"Chair"}
    assert names("/memberships?filter=on:2020-01-01") == set()
    assert names("/memberships?filter=person:member") == {"Member"}
    assert names("/tasks?filter=state:open group:Drift due:none", "title") == {"Byt disk"}
    assert names("/tasks?filter=due:<2030-01-01", "title") == set()
    assert names("/tasks?filter=person:none item:none", "title") == {"Byt disk"}
    assert api.get("/groups?filter=name:Drift&fields=name")["items"] == [{"name": "Drift"}]


def test_memberships_come_change_and_go(api: Program, cast: Cast) -> None:
    person = api("POST", "/persons", {"name": "Siv Ek"}).json()["id"]
    made = api("POST", f"/groups/{cast.group.reference}/members", {"person": person, "share": 60})
    assert made.status_code == 201
    row = made.json()
    assert (row["share"], row["warning"]) == (60, "")
    second = api("POST", f"/groups/{cast.other_group.reference}/members", {"person": person, "share": 60}).json()
    assert "120" in second["warning"]
    path = f"/memberships/{row['id']}"
    changed = api("PATCH", path, {"share": 40, "to_on": "2099-01-01"}, version=1)
    assert (changed.json()["share"], changed.json()["to_on"], changed.json()["warning"]) == (40, "2099-01-01", "")
    assert api("PATCH", path, {"to_on": None}, version=2).json()["to_on"] is None
    assert api("POST", f"{path}/end", {}, version=3).status_code == 204
    assert api("DELETE", f"/memberships/{second['id']}", version=1).status_code == 204
    chair = api("POST", f"/groups/{cast.group.reference}/chair", {"person": person})
    assert chair.json()["role"] == "chair"
    assert Membership.objects.filter(person=person).exists()


def test_a_person_is_changed_ended_and_comes_back(api: Program) -> None:
    made = api("POST", "/persons", {"name": "Bo", "email": "bo@sjovik.example"}).json()
    path = f"/persons/{made['id']}"
    assert api("PATCH", path, {"unit": "IT"}, version=1).json()["unit"] == "IT"
    assert api("POST", f"{path}/end", {}, version=2).json()["ended_on"] is not None
    assert api("POST", f"{path}/return", {}, version=3).json()["ended_on"] is None


def test_a_task_walks_its_way(api: Program, cast: Cast) -> None:
    member = Program(cast.member)
    made = member("POST", "/tasks", {"title": "Byt disk", "group": cast.group.reference, "due_on": "2099-01-01"})
    task = made.json()
    path = f"/tasks/{task['id']}"
    assert [row["id"] for row in member.get("/tasks?waits=true")["items"]] == [task["id"]]
    assert api.get("/tasks?waits=true")["items"] == []
    assert member("POST", f"{path}/take", version=1).json()["person"] == cast.member.person.pk
    assert member("PATCH", path, {"due_on": None}, version=2).json()["due_on"] is None
    assert member("POST", f"{path}/handover", {"group": "Drift"}, version=3).json()["person"] is None
    assert member("POST", f"{path}/drop", {}, version=4).status_code == 422
    assert member("POST", f"{path}/done", {"outcome": "Bytt"}, version=4).json()["state"] == "done"
    assert member("POST", f"{path}/reopen", version=5).json()["state"] == "open"
    assert member("POST", f"{path}/drop", {"reason": "Onödigt"}, version=6).json()["outcome"] == "Onödigt"


def test_items_are_assigned_by_list_and_by_filter_and_let_go(api: Program, cast: Cast) -> None:
    items = [make_item(f"Nod {number}") for number in range(3)]
    done = api("POST", "/assignments", {"items": [items[0].reference], "group": "Drift", "reason": "Möte"}).json()
    assert done == {"asked": 1, "moved": 1, "batch": None}
    done = api("POST", "/assignments", {"filter": 'name:"Nod*"', "group": cast.group.reference}).json()
    assert (done["asked"], done["moved"]) == (3, 2)
    assert done["batch"]
    assert Answer.objects.open().filter(group=cast.group).count() == 3
    assert api("POST", "/assignments", {"filter": 'name:"Nod*"'}).json()["moved"] == 3
    assert Answer.objects.open().filter(group=cast.group).count() == 0
    assert api("POST", "/assignments", {"group": "Drift"}).status_code == 422
    assert api("POST", "/assignments", {"filter": "name:Ingenting", "group": "Drift"}).status_code == 422


def test_further_roles_are_given_and_ended(api: Program) -> None:
    item = make_item("Nod")
    given = api("POST", "/roles", {"item": item.reference, "group": "Drift", "role": "Supports"})
    assert given.json()["role"] == "supports"
    assert api("POST", "/roles", {"item": item.reference, "group": "Drift", "role": "supports"}).status_code == 409
    assert api("POST", f"/roles/{given.json()['id']}/end", {}).status_code == 204
    (row,) = api.get(f"/roles?item={item.reference}")["items"]
    assert row["to_on"] is not None


def test_views_are_saved_changed_and_deleted(api: Program, cast: Cast) -> None:
    made = api("POST", "/views", {"name": "Våra servrar", "filter": "kind:server", "columns": ["name"]})
    assert made.json()["slug"] == "vara-servrar"
    assert Program(cast.reader)("GET", "/views/vara-servrar").status_code == 404
    assert api("PATCH", "/views/vara-servrar", {"is_shared": True}).status_code == 428
    assert api("PATCH", "/views/vara-servrar", {"is_shared": True}, version=1).json()["is_shared"]
    assert Program(cast.reader).get("/views/vara-servrar")["filter"] == "kind:server"
    assert Program(cast.member)("DELETE", "/views/vara-servrar", version=2).status_code == 403
    assert api("POST", "/views", {"name": "x", "filter": "kind:srver"}).status_code == 422
    assert api("DELETE", "/views/vara-servrar", version=1).status_code == 412
    assert api("DELETE", "/views/vara-servrar", version=2).status_code == 204
    assert api.get("/views")["items"] == []


def test_words_are_set_and_reset(api: Program, cast: Cast) -> None:
    word = {"language": "sv", "noun": "group", "form": "plural", "text": "team"}
    assert Program(cast.coordinator)("PUT", "/words", [word]).status_code == 403
    assert api("PUT", "/words", [word]).status_code == 200
    forget()
    (row,) = [row for row in api.get("/words?limit=200")["items"] if row["is_own"]]
    assert row["text"] == "team"
    assert api("PUT", "/words", [{**word, "noun": "grupp"}]).status_code == 422
    assert api("DELETE", "/words/group").status_code == 204
    assert not [row for row in api.get("/words?limit=200")["items"] if row["is_own"]]
    forget()
