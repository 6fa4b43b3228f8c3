from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.items.kinds import change_kind, create_kind
from helhet.items.models import Item, Kind
from helhet.items.schemas import AttributeRow, AttributeType, checked_schema, rows_of, schema_of
from helhet.kit.errors import Invalid, Refused
from tests.world import as_caller, make_item

pytestmark = pytest.mark.django_db


def html(answer):
    return answer.content.decode()


BASE = {
    "name_sv": "Kamera", "plural_sv": "Kameror", "name_en": "Camera", "plural_en": "Cameras", "family": "hardware",
    "prefix": "CAM", "icon": "hardware", "must_be_owned": "on",
}  # fmt: skip


def rows(*given):
    columns = zip(*given, strict=True)
    return dict(zip(("a_name", "a_type", "a_required", "a_choices", "a_help"), map(list, columns), strict=True))


def test_an_administrator_adds_a_kind_with_its_attributes_in_the_page(admin, cast):
    sent = {
        **BASE,
        "key": "camera",
        **rows(("lens", "choice", "1", "wide, tele", "Which."), ("bought", "date", "0", "", "")),
    }
    assert admin.post("/settings/kinds/new/", sent).headers["Location"] == "/settings/kinds/camera/"
    kind = Kind.objects.get(key="camera")
    assert kind.schema["properties"]["lens"] == {"type": "string", "enum": ["wide", "tele"], "description": "Which."}
    assert kind.schema["required"] == ["lens"]
    made = admin.post("/items/new/", {"kind": "camera", "name": "Entrance"})
    assert made.headers["Location"] == "/items/CAM-1/"
    assert "1 attribute</a> is missing" in html(admin.get("/items/CAM-1/"))
    assert "Camera</span>" in html(admin.get("/settings/kinds/"))


def test_what_is_missing_is_mended_one_attribute_at_a_time(admin, cast):
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    }
    Kind.objects.filter(key="server").update(schema=schema)
    item = make_item("Alpha")
    for version, (name, value) in enumerate([("a", "x"), ("b", "2")], start=1):
        url = f"/items/{item.reference}/fields/attribute/?name={name}"
        assert admin.post(url, {"value": value, "version": str(version)}).status_code == 302
    assert Item.objects.get(pk=item.pk).attributes == {"a": "x", "b": 2}
    gone = admin.post(f"/items/{item.reference}/fields/attribute/?name=a", {"value": "", "version": "3"})
    assert gone.status_code == 422


def test_items_that_do_not_fit_a_changed_kind_are_listed_not_broken(admin, cast):
    item = make_item("Alpha", attributes={"size": "big"})
    kind = Kind.objects.get(key="server")
    sent = {
        name: getattr(kind, name) for name in (*[name for name in BASE if name not in {"must_be_owned", "family"}],)
    }
    sent |= {"version": str(kind.version), "must_be_owned": "on", **rows(("size", "number", "0", "", ""))}
    assert admin.post("/settings/kinds/server/", sent).status_code == 302
    text = html(admin.get("/settings/kinds/server/"))
    assert "does not fit its attributes" in text
    assert item.reference in text
    assert admin.get(item.get_absolute_url()).status_code == 200
    assert Item.objects.get(pk=item.pk).attributes == {"size": "big"}


def test_a_stale_kind_is_not_overwritten(admin, cast):
    change_kind("server", by=as_caller(cast.administrator), version=1, name_en="Machine")
    answer = admin.post("/settings/kinds/server/", {**BASE, "version": "1"})
    assert answer.status_code == 422
    assert "changed by somebody else" in html(answer)
    assert Kind.objects.get(key="server").name_en == "Machine"


def test_the_raw_schema_is_taken_when_it_is_chosen_and_told_when_it_is_wrong(admin, cast):
    schema = {"type": "object", "properties": {"ports": {"type": "array", "items": {"type": "integer"}}}}
    kind = Kind.objects.get(key="network_device")
    sent = {name: getattr(kind, name) for name in BASE if name != "must_be_owned"} | {"version": "1", "by": "schema"}
    bad = admin.post("/settings/kinds/network_device/", {**sent, "schema": '{"type": "obj'})
    assert bad.status_code == 422
    assert "no JSON" in html(bad)
    admin.post("/settings/kinds/network_device/", {**sent, "schema": json.dumps(schema)})
    kind.refresh_from_db()
    assert kind.schema == schema
    admin.post(
        "/settings/kinds/network_device/",
        {**sent, "version": "2", "by": "", **rows(("ports", "other", "0", "", ""), ("rack", "text", "0", "", ""))},
    )
    kind.refresh_from_db()
    assert kind.schema["properties"]["ports"] == schema["properties"]["ports"]
    assert kind.schema["properties"]["rack"] == {"type": "string"}


def test_nobody_but_an_administrator_changes_kinds(sign_in, cast):
    for user in (cast.reader, cast.chair, cast.coordinator):
        client = sign_in(user)
        assert client.get("/settings/kinds/").status_code == 200
        assert client.get("/settings/kinds/server/").status_code == 200
        assert client.get("/settings/kinds/new/").status_code == 403
        assert client.post("/settings/kinds/server/", {**BASE, "version": "1"}).status_code == 403
        assert client.post("/settings/kinds/server/removal/", {"version": "1"}).status_code == 403


def test_a_kind_of_ones_own_without_items_can_be_removed_and_a_built_in_one_not(admin, cast):
    create_kind(by=as_caller(cast.administrator), key="camera", name_sv="Kamera", name_en="Camera", prefix="CAM")
    assert admin.post("/settings/kinds/camera/removal/", {"version": "1"}).status_code == 302
    assert not Kind.objects.filter(key="camera").exists()
    assert admin.post("/settings/kinds/server/removal/", {"version": "1"}).status_code == 409


@pytest.mark.parametrize(
    "fields",
    [{"key": "Server"}, {"key": "server"}, {"key": "hardware"}, {"key": "x" * 61}, {"prefix": "GRP"}, {"prefix": "A-B"},
     {"prefix": ""}, {"name_sv": ""}, {"name_en": "x" * 101}, {"family": "group"}, {"family": "nope"}, {"icon": "a b"},
     {"nope": 1}, {"schema": []}, {"schema": {"type": "string"}}, {"position": -1}],
)  # fmt: skip
def test_a_kind_that_cannot_be_is_refused_with_its_field(cast, fields):
    good = {"key": "camera", "name_sv": "Kamera", "name_en": "Camera", "prefix": "CAM"}
    with pytest.raises(Refused) as refusal:
        create_kind(by=as_caller(cast.administrator), **{**good, **fields})
    assert refusal.value.field == next(iter(fields))


@pytest.mark.parametrize(
    "schema",
    [{"properties": {"a": {"$ref": "http://example.org/x"}}}, {"properties": {"a": {"pattern": "(a+)+$"}}},
     {"properties": {"a": {"type": "nope"}}}, {"properties": []}, {"required": "a"}, {"properties": {" ": {}}},
     {"properties": {"x" * 61: {}}},
     {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}}},
     {"properties": {str(number): {} for number in range(201)}}],
)  # fmt: skip
def test_a_schema_that_is_unsound_or_reaches_outside_is_refused(schema):
    with pytest.raises(Invalid):
        checked_schema(schema)


names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
row = st.builds(
    AttributeRow, name=names, type=st.sampled_from(["text", "number", "date", "boolean", "choice"]),
    is_required=st.booleans(), choices=st.lists(names, min_size=1, max_size=4, unique=True).map(tuple),
    help=names | st.just(""),
)  # fmt: skip


@given(st.lists(row, max_size=6, unique_by=lambda one: one.name))
def test_rows_become_a_sound_schema_and_come_back_as_they_were(given_rows):
    schema = checked_schema(schema_of(given_rows, {}))
    expected = [
        AttributeRow(
            one.name, one.type, one.is_required, one.choices if one.type == AttributeType.CHOICE else (), one.help
        )
        for one in given_rows
    ]
    assert rows_of(schema) == expected
