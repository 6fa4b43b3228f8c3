from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helhet.accounts.actions import make_token
from helhet.groups.actions import assign, save_view
from helhet.items.models import Attachment, Item, Kind
from tests.world import as_caller, make_item

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, token: str) -> None:
        self.client = Client()
        self.head = {"Authorization": f"Bearer {token}"}

    def __call__(self, method, path, body=None, **headers):
        return self.client.generic(
            method, f"/api/v1{path}", "" if body is None else __import__("json").dumps(body), "application/json",
            headers={**self.head, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )  # fmt: skip


@pytest.fixture
def api(cast):
    return token_of(cast.administrator)


def token_of(user, scopes=("read", "write", "admin")):
    _token, secret = make_token(user, name="test", scopes=list(scopes), by=as_caller(user))
    return Api(secret)


def test_the_list_takes_filter_sort_fields_and_pages_by_cursor(api):
    for number in range(5):
        make_item(f"Item {number}", attributes={"env": "prod" if number % 2 else "test"})
    first = api("GET", "/items?filter=kind:server&sort=-name&fields=reference,name&limit=3").json()
    assert (first["count"], first["more"], first["previous"]) == (5, False, "")
    assert [item["name"] for item in first["items"]] == ["Item 4", "Item 3", "Item 2"]
    assert set(first["items"][0]) == {"reference", "name"}
    second = api("GET", f"/items?filter=kind:server&sort=-name&limit=3&cursor={first['next']}").json()
    assert [item["name"] for item in second["items"]] == ["Item 1", "Item 0"]
    assert second["next"] == ""


def test_a_saved_view_is_used_by_its_slug(api, cast):
    make_item("Alpha")
    make_item("Beta", kind="document")
    save_view(by=as_caller(cast.administrator), name="Dokument", filter="kind:document OR kind:routine", sort="-name")
    assert [item["name"] for item in api("GET", "/items?view=dokument").json()["items"]] == ["Beta"]
    assert api("GET", "/items?view=dokument&filter=Alpha").json()["count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "filter=kind:srver",
        "sort=nope",
        "fields=nope",
        "cursor=x",
        "limit=0",
        "limit=999",
        "nope=1",
        "filter=%00",
        "view=nope",
    ],
)
def test_a_list_that_cannot_be_is_refused_with_a_body_that_says_where(api, query):
    answer = api("GET", f"/items?{query}")
    assert answer.status_code in {404, 422}
    assert answer.json()["message"]


def test_the_error_of_a_filter_points_at_its_place(api):
    details = api("GET", "/items?filter=kind:srver").json()["details"]
    assert (details["at"], details["length"]) == (5, 5)


def test_an_item_is_created_read_by_either_name_and_changed_from_its_version(api):
    made = api("POST", "/items", {"kind": "server", "name": "Alpha", "attributes": {"a": 1, "b": 2}, "tags": ["x"]})
    assert made.status_code == 201
    reference = made.json()["reference"]
    read = api("GET", f"/items/{reference}")
    assert read["ETag"] == '"1"'
    assert api("PATCH", f"/items/{reference}", {"name": "Beta"}).status_code == 428
    changed = api("PATCH", f"/items/{reference}", {"name": "Beta", "attributes": {"a": None, "c": 3}}, If_Match='"1"')
    assert changed.json()["attributes"] == {"b": 2, "c": 3}
    assert changed["ETag"] == '"2"'
    stale = api("PATCH", f"/items/{reference}", {"name": "Gamma"}, If_Match='"1"')
    assert stale.status_code == 412
    keyed = make_item("Keyed", key="a/b c")
    assert api("GET", "/items/cmdb:a/b%20c").json()["reference"] == keyed.reference
    assert set(api("GET", f"/items/{reference}?fields=name").json()) == {"name"}


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "server"}, {"kind": "nope", "name": "x"}, {"kind": "server", "name": " "},
     {"kind": "group", "name": "x"},
     {"kind": "server", "name": "x", "state": "gone"}, {"kind": "server", "name": "x", "nope": 1},
     {"kind": "server", "name": "x\x00"}, {"kind": "server", "name": "x", "attributes": {"a": ["\x00"]}},
     {"kind": "server", "name": "x", "part_of": "NO-1"}, {"kind": "server", "name": "x" * 400}],
)  # fmt: skip
def test_an_item_that_cannot_be_is_refused(api, body):
    answer = api("POST", "/items", body)
    assert answer.status_code in ({400} if "\\u0000" in json.dumps(body) else {404, 422})
    assert not Item.objects.filter(kind__is_listed=True).exists()


def test_one_change_is_undone_by_the_number_in_the_history_and_what_came_later_stays(api):
    item = make_item("Alpha", attributes={"env": "test"})
    place = f"/items/{item.reference}"
    api("PATCH", place, {"name": "Beta", "state": "retiring"}, If_Match='"1"')
    api("PATCH", place, {"state": "retired"}, If_Match='"2"')
    (_later, first, *_made) = api("GET", f"{place}/history").json()["items"]
    undone = api("POST", f"{place}/history/{first['id']}/undo")
    assert undone.status_code == 200, undone.content
    assert (undone.json()["name"], undone.json()["state"], undone["ETag"]) == ("Alpha", "retired", '"4"')
    newest = api("GET", f"{place}/history").json()["items"][0]
    assert (newest["verb"], newest["before"], newest["after"]) == (
        "items.item.undone", {"name": "Beta"}, {"name": "Alpha"}
    )  # fmt: skip
    assert api("POST", f"{place}/history/{first['id']}/undo").status_code == 409
    other = make_item("Gamma")
    assert api("POST", f"/items/{other.reference}/history/{first['id']}/undo").status_code == 422


@pytest.mark.parametrize(
    ("form", "begins"), [("csv", b"\xef\xbb\xbfkey,kind,name"), ("json", b'{"items": ['), ("xlsx", b"PK")]
)
def test_all_that_match_are_fetched_as_a_file(api, form, begins):
    make_item("Alpha", attributes={"env": "prod"})
    make_item("Beta", kind="document")
    answer = api("GET", f"/items/file/{form}?filter=kind:server&sort=-name")
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert content.startswith(begins)
    assert f".{form}" in answer["Content-Disposition"]
    if form != "xlsx":
        assert (b"Alpha" in content, b"Beta" in content) == (True, False)
    assert api("GET", f"/items/file/{form}?filter=knd:server").status_code == 422
    assert api("GET", f"/items/file/{form}?limit=3").status_code == 422
    assert api("GET", "/items/file/pdf").status_code == 422


def test_a_member_takes_what_nobody_answers_for_to_his_own_group(cast):
    item = make_item("Alpha")
    member = token_of(cast.member)
    taken = member("POST", f"/items/{item.reference}/take", {})
    assert taken.status_code == 200, taken.content
    assert (taken.json()["group"]["name"], taken.json()["ground"]) == ("Drift", "hand")
    assert member("POST", f"/items/{item.reference}/take", {}).status_code == 409
    other = make_item("Beta")
    assert member("POST", f"/items/{other.reference}/take", {"group": "Nät"}).status_code == 403
    assert token_of(cast.reader)("POST", f"/items/{other.reference}/take", {}).status_code == 403


def test_many_are_looked_at_changed_and_undone(api, cast):
    items = [make_item(f"Item {number}") for number in range(3)]
    body = {"filter": "kind:server", "change": {"state": "retiring", "group": "Drift"}, "reason": "r"}
    dry = api("PATCH", "/items", {**body, "dry_run": True}).json()
    assert (dry["state"], dry["changed"], len(dry["items"])) == ("preview", 3, 3)
    assert Item.objects.get(pk=items[0].pk).state == 1
    done = api("PATCH", "/items", body).json()
    assert (done["state"], done["changed"]) == ("done", 3)
    assert api("GET", "/items?filter=group:Drift+state:retiring").json()["count"] == 3
    assert api("POST", f"/items/bulk/{done['id']}/undo").json()["state"] == "undone"
    assert api("GET", "/items?filter=group:none+state:live").json()["count"] == 3
    assert api("POST", f"/items/bulk/{done['id']}/undo").status_code == 409
    named = api("PATCH", "/items", {"references": [items[0].reference], "change": {"add_tags": ["a"]}, "reason": "r"})
    assert named.json()["changed"] == 1


@pytest.mark.parametrize(
    "body",
    [{"change": {"state": "live"}, "reason": "r"}, {"filter": "", "change": {}, "reason": "r"},
     {"filter": "", "change": {"state": "live"}}, {"filter": "(", "change": {"state": "live"}, "reason": "r"},
     {"filter": "", "references": ["X-1"], "change": {"state": "live"}, "reason": "r"},
     {"filter": "", "change": {"nope": 1}, "reason": "r"}],
)  # fmt: skip
def test_a_bulk_change_that_says_too_little_or_too_much_is_refused(api, body):
    make_item("Alpha")
    assert api("PATCH", "/items", body).status_code == 422


def test_who_answers_is_told_for_now_and_any_day_and_can_be_assigned(api, cast):
    item = make_item("Alpha")
    assert api("GET", f"/items/{item.reference}/group").json()["group"] is None
    given = api("PUT", f"/items/{item.reference}/group", {"group": "Drift", "reason": "ours"}).json()
    assert (given["group"]["name"], given["ground"]) == ("Drift", "hand")
    assert api("GET", f"/items/{item.reference}/group?on=2026-02-01").json()["group"] is None
    assert api("DELETE", f"/items/{item.reference}/group").json()["group"] is None
    history = api("GET", f"/items/{item.reference}/history").json()
    assert {event["verb"] for event in history["items"]} >= {"groups.answer.assigned", "groups.answer.released"}
    answers = api("GET", f"/items/{item.reference}/answers").json()
    assert answers["items"][-1]["ground"] == "none"


def test_comments_files_links_and_dependencies_are_added_listed_and_removed(api, cast):
    item, other = make_item("Alpha"), make_item("Beta", kind="document")
    path = f"/items/{item.reference}"
    for noun, body in {
        "comments": {"text": "Hello"}, "links": {"to": other.reference, "type": "described in"},
        "dependencies": {"to": other.reference, "criticality": "degrades"},
    }.items():  # fmt: skip
        made = api("POST", f"{path}/{noun}", body)
        assert made.status_code == 201, made.content
        assert [one["id"] for one in api("GET", f"{path}/{noun}").json()["items"]] == [made.json()["id"]]
        match = {"If_Match": made["ETag"]} if "ETag" in made else {}
        assert api("DELETE", f"{path}/{noun}/{made.json()['id']}", **match).status_code == 204
        assert api("GET", f"{path}/{noun}").json()["items"] == []
        assert api("DELETE", f"{path}/{noun}/{made.json()['id']}", **match).status_code == 404
    sent = api.client.post(
        f"/api/v1{path}/attachments", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}, headers=api.head
    )
    assert sent.json()["content_type"] == "application/pdf"
    kept = Attachment.objects.get()
    assert b"".join(api("GET", f"{path}/attachments/{kept.pk}").streaming_content) == b"%PDF-1.7"
    assert api("DELETE", f"{path}/attachments/{kept.pk}").status_code == 204
    assert api("GET", f"{path}/attachments/{kept.pk}").status_code == 404


def test_parts_are_listed(api):
    whole = make_item("Whole")
    make_item("Part", part_of_id=whole.pk)
    assert [part["name"] for part in api("GET", f"/items/{whole.reference}/parts").json()["items"]] == ["Part"]


def test_kinds_are_made_changed_from_their_version_and_removed(api):
    body = {"key": "camera", "name_sv": "Kamera", "name_en": "Camera", "prefix": "CAM", "family": "hardware"}
    made = api("POST", "/kinds", body)
    assert (made.status_code, made["ETag"], made.json()["plural_sv"]) == (201, '"1"', "Kamera")
    assert api("PATCH", "/kinds/camera", {"name_en": "Cam"}).status_code == 428
    schema = {"type": "object", "properties": {"lens": {"type": "string"}}}
    changed = api("PATCH", "/kinds/camera", {"name_en": "Cam", "attributes": schema}, If_Match='"1"')
    assert changed.json()["attributes"] == schema
    assert api("DELETE", "/kinds/camera", If_Match='"1"').status_code == 412
    assert api("DELETE", "/kinds/camera", If_Match='"2"').status_code == 204
    assert not Kind.objects.filter(key="camera").exists()
    assert api("PATCH", "/kinds/server", {"family": "software"}, If_Match='"1"').status_code == 409


def test_a_token_that_only_reads_changes_nothing(cast):
    item = make_item("Alpha")
    reading = token_of(cast.administrator, ("read",))
    assert reading("GET", f"/items/{item.reference}").status_code == 200
    assert reading("POST", "/items", {"kind": "server", "name": "x"}).status_code == 403
    assert reading("PATCH", f"/items/{item.reference}", {"name": "x"}, If_Match='"1"').status_code == 403
    assert reading("POST", "/kinds", {"key": "a", "name_sv": "a", "name_en": "a", "prefix": "A"}).status_code == 403


def test_each_actor_may_what_his_level_allows(cast):
    item = make_item("Alpha")
    assign([item.pk], "Drift", by=as_caller(cast.administrator))
    change, by_level = {"description": "x"}, {}
    for name, user in cast.users().items():
        if user is None:
            continue
        caller = token_of(user) if name != "outsider" else None
        if caller is None:
            continue
        version = Item.objects.get(pk=item.pk).version
        change["description"] = name
        by_level[name] = caller("PATCH", f"/items/{item.reference}", change, If_Match=str(version)).status_code
    assert by_level == {
        "reader": 403, "member": 200, "other": 403, "chair": 200, "coordinator": 200, "administrator": 200,
    }  # fmt: skip
    assert Client().get("/api/v1/items").status_code == 401


def test_days_are_iso_and_instants_carry_their_zone(api):
    item = make_item("Alpha")
    updated = api("GET", f"/items/{item.reference}").json()["updated"]
    assert dt.datetime.fromisoformat(updated).utcoffset() is not None
