"""A change from draft to its review by API alone, as a program would take it."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helhet.accounts.actions import make_token
from helhet.accounts.models import User
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


def call(user: User, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
    """The answer, as JSON with its status."""
    _token, text = make_token(user, by=SYSTEM, name=f"t{timezone.now().timestamp()}", scopes=["read", "write"])
    headers = {"Authorization": f"Bearer {text}"} | ({"If-Match": f'"{version}"'} if version is not None else {})
    sent = json.dumps(body) if body is not None else ""
    answer = Client().generic(method, V1 + path, sent, content_type="application/json", headers=headers)
    return SimpleNamespace(status=answer.status_code, json=json.loads(answer.content or "null"))


def drafted(sjovik: SimpleNamespace, **fields: Any) -> dict[str, Any]:
    start = timezone.now() + dt.timedelta(days=7)
    body = {
        "title": "Byte av nod", "group": sjovik.drift.reference, "items": [sjovik.node.reference],
        "starts_at": start.isoformat(), "ends_at": (start + dt.timedelta(hours=2)).isoformat(), **fields,
    }  # fmt: skip
    answer = call(sjovik.cast.member, "POST", "/changes", body)
    assert answer.status == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def test_a_change_goes_from_draft_to_closed(sjovik: SimpleNamespace) -> None:
    cast, made = sjovik.cast, drafted(sjovik)
    path = f"/changes/{made['reference']}"
    asked = call(cast.member, "POST", f"{path}/ask", {}, made["version"]).json
    assert {one["group"] for one in asked["positions"]} == {sjovik.net.reference, sjovik.school.reference}
    way = next(one["path"] for one in asked["positions"] if one["group"] == sjovik.school.reference)
    assert way == [sjovik.node.reference, sjovik.base.reference, sjovik.service.reference]
    refused = call(cast.chair, "POST", f"{path}/approve", {}, asked["version"])
    assert (refused.status, refused.json["details"]["hindrances"]) == (409, ["unanswered"])
    for position in asked["positions"]:
        user = User.objects.get(email={sjovik.net.reference: "natchef@sjovik.example"}.get(
            position["group"], "skola@sjovik.example"
        ))  # fmt: skip
        said = call(user, "POST", f"{path}/positions/{position['group']}/answer", {"stance": "yes"}, 1)
        assert (said.status, said.json["stance"]) == (200, "yes")
    version = asked["version"]
    for user, step, body in (
        (cast.chair, "approve", {}), (cast.member, "schedule", {}), (cast.member, "begin", {}),
        (cast.member, "finish", {"outcome": "done"}), (cast.member, "close", {}),
    ):  # fmt: skip
        done = call(user, "POST", f"{path}/{step}", body, version)
        assert done.status == 200, (step, done.json)
        version = done.json["version"]
    assert (done.json["state"], done.json["outcome"]) == ("closed", "done")


def test_what_is_left_out_of_a_change_stays(sjovik: SimpleNamespace) -> None:
    made = drafted(sjovik, purpose="Garantin", people=[])
    changed = call(sjovik.cast.member, "PATCH", f"/changes/{made['reference']}", {"plan": "Lugnt"}, made["version"])
    assert (changed.json["purpose"], changed.json["plan"], changed.json["items"]) == (
        "Garantin", "Lugnt", [sjovik.node.reference],
    )  # fmt: skip
    bare = call(
        sjovik.cast.member, "PATCH", f"/changes/{made['reference']}", {"starts_at": None, "ends_at": None},
        changed.json["version"],
    )  # fmt: skip
    assert (bare.status, bare.json["starts_at"]) == (200, None)


def test_the_list_is_filtered_and_each_change_is_there_once(sjovik: SimpleNamespace) -> None:
    first = drafted(sjovik, items=[sjovik.node.reference, sjovik.base.reference])
    other = drafted(sjovik, type="emergency", items=[])
    both = f"item:{sjovik.node.reference},{sjovik.base.reference}"

    def found(text: str) -> list[str]:
        listed = call(sjovik.cast.reader, "GET", f"/changes?filter={text}").json
        assert listed["count"] == len(listed["items"])
        return [one["reference"] for one in listed["items"]]

    assert found(both) == [first["reference"]]
    assert found("type:emergency") == [other["reference"]]
    assert found("") == [other["reference"], first["reference"]]
    assert found("state:closed") == []


def test_a_mark_an_order_and_an_incident_are_stated_and_taken_away(sjovik: SimpleNamespace) -> None:
    member, made, first = sjovik.cast.member, drafted(sjovik), drafted(sjovik)
    path = f"/changes/{made['reference']}"
    marked = call(
        member, "PUT", f"{path}/marks/{sjovik.base.reference}", {"is_hit": False, "reason": "Kopia"}, made["version"]
    ).json
    assert [one["item"] for one in marked["marks"]] == [sjovik.base.reference]
    touched = call(member, "GET", f"{path}/impact").json
    assert [one["group"] for one in touched["groups"]] == [sjovik.drift.reference]
    ordered = call(member, "PUT", f"{path}/after/{first['reference']}", {}).json
    assert ordered["after"] == [first["reference"]]
    circle = call(member, "PUT", f"/changes/{first['reference']}/after/{made['reference']}", {})
    assert circle.status == 422
    assert call(member, "DELETE", f"{path}/after/{first['reference']}").json["after"] == []
    begun = call(member, "POST", f"{path}/cancel", {"reason": "Nej"}, marked["version"]).json
    told = call(member, "PUT", f"{path}/incidents/INC-7", {"minutes": 40}).json
    assert [one["incident"] for one in told["consequences"]] == ["INC-7"]
    assert call(member, "DELETE", f"{path}/incidents/INC-7").json["consequences"] == []
    assert begun["outcome"] == "cancelled"


def test_a_position_given_in_advance_is_listed_until_it_is_ended(sjovik: SimpleNamespace) -> None:
    lead = User.objects.get(email="natchef@sjovik.example")
    until = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    body = {"group": sjovik.net.reference, "item": sjovik.node.reference, "until_on": until}
    given = call(lead, "POST", "/advances", body)
    assert given.status == 201
    assert call(sjovik.cast.reader, "GET", "/advances").json["count"] == 1
    asked = drafted(sjovik)
    said = call(sjovik.cast.member, "POST", f"/changes/{asked['reference']}/ask", {}, asked["version"]).json
    assert {one["group"]: one["in_advance"] for one in said["positions"]}[sjovik.net.reference]
    assert call(lead, "DELETE", f"/advances/{given.json['id']}", version=1).status == 204
    assert call(sjovik.cast.reader, "GET", "/advances").json["count"] == 0
