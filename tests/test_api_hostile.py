"""Whatever a program sends, it is refused in the one shape and nothing of ours breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from helhet.config.api import api
from tests.conftest import Standing
from tests.matrix import filled
from tests.matrix_api import API, HOLES, V1, sample_of
from tests.test_api_contract import bearer
from tests.world import Cast

DOCUMENT = api.get_openapi_schema()
DEEP = "[" * 400 + "]" * 400
BODIES = {
    "nothing": "", "no JSON": "{", "null": "null", "a list": "[]", "a text": '"text"', "a number": "7", "NaN": "[NaN]",
    "a huge number": '{"name": 1e999, "person": 99999999999999999999999999}', "deep": DEEP, "very deep": "[" * 200_000,
    "deep inside": '{"name": ' + DEEP + ', "attributes": {"a": ' + DEEP + "}}", "half a sign": '{"name": "\\ud800"}',
    "NUL": '{"name": "a\\u0000b", "attributes": {"a": "\\u0000"}}', "bytes": b"\xff\xfe\x00\x01",
}  # fmt: skip


@pytest.fixture
def cast(standing: Standing) -> Cast:
    """One user of every sort."""
    return standing[0]


def operations() -> Iterator[str]:
    """`METHOD /path` of every operation of the document."""
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path.removeprefix(V1)}"


def place(path: str, things: dict[str, Any], *, wrong: Any = None) -> str:
    """The path with things in its holes, or with something that is none in every hole."""
    for hole in HOLES:
        if "{" + hole + "}" in path:
            name = sample_of(path, hole)
            known = name[1:] if name.startswith("=") else things[name]
            path = path.replace("{" + hole + "}", str(known if wrong is None else wrong))
    return V1 + path


def refused_well(answer: Any, what: str) -> None:
    """The answer is a refusal in the one shape."""
    assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.content[:300])
    assert answer["Content-Type"].startswith("application/json"), (what, answer.content[:300])
    told = answer.json()
    assert told["code"], what
    assert told["message"], what
    known = {"code", "message", "where", "todo", "field", "fields", "details"}
    assert told.keys() <= known, (what, told)
    assert all({"field", "message"} == one.keys() for one in told.get("fields", [])), (what, told)


def wrong_kinds(body: Any) -> Iterator[tuple[str, Any]]:
    """The body with one value after the other of another kind, and with one that there is not."""
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        for wrong in ({"a": 1}, [[1]], 10**18, -1, True, "\x01" * 5_000):
            if type(wrong) is not type(value):
                yield f"{name}={str(wrong)[:20]}", {**body, name: wrong}


FROM_OTHERS = {"POST /alerts/alertmanager", "POST /alerts/grafana"}
"""What other programs send as they like: their next version may say more, and an alert is not lost for that."""


def _try_bodies(operation: str, good: Any, ask: Any) -> None:
    for what, body in BODIES.items():
        if operation == "PUT /words" and what == "a list":
            continue
        refused_well(ask(body), f"{operation} with {what}")
    refused_well(ask(json.dumps(good), "text/xml"), f"{operation} as XML")
    if isinstance(good, dict) and operation not in FROM_OTHERS:
        refused_well(ask(json.dumps({**good, "nonesuch": 1})), f"{operation} with a field that there is not")
    for what, wrong in wrong_kinds(good):
        answer = ask(json.dumps(wrong))
        assert answer.status_code < 500, (operation, what, answer.content[:300])
        if answer.status_code >= 400:
            refused_well(answer, f"{operation} with {what}")


@pytest.mark.parametrize("operation", sorted(operations()))
def test_a_hostile_program_is_refused_in_one_shape(operation: str, standing: Standing) -> None:
    method, _space, path = operation.partition(" ")
    cast, things = standing
    client = Client(raise_request_exception=False)
    headers = {**bearer(cast.administrator), "If-Match": '"1"'}
    url = place(path, things)
    line = API[operation]

    def ask(address: str, body: Any = "", content_type: str = "application/json", verb: str = method) -> Any:
        return client.generic(verb, address, body, content_type=content_type, headers=headers)

    if "{" in path:
        for unknown in ("0", "999999999999", "9" * 40, "-1", "x:y", "%00", "..%2f..", "å%C3%A4"):
            body = json.dumps(filled(line.body, things)) if line.body is not None else ""
            refused_well(ask(place(path, things, wrong=unknown), body), f"{operation} of {unknown}")
    refused_well(ask(f"{url}?a=%00", verb="GET"), f"{operation} NUL in the query")
    refused_well(ask(url, verb="TRACE"), f"{operation} by TRACE")
    if line.form is None and line.body is not None:
        _try_bodies(operation, filled(line.body, things), lambda body, kind="application/json": ask(url, body, kind))
    if line.form is not None:
        refused_well(ask(url, json.dumps({"file": 7})), f"{operation} without a form")


@pytest.mark.parametrize("path", ["", "nonesuch", "items/HW-1/nonesuch/1/2", "users/x", "\x00"])
def test_an_address_that_there_is_not_is_refused_in_the_same_shape(path: str, cast: Cast) -> None:
    refused_well(Client().get(f"{V1}/{path}", headers=bearer(cast.administrator)), path)


def test_every_wrong_field_is_pointed_at(cast: Cast) -> None:
    body = {"kind": 7, "name": "x", "tags": ["a", 5], "stat": "live"}
    answer = Client().post(f"{V1}/items", body, content_type="application/json", headers=bearer(cast.administrator))
    assert answer.status_code == 422
    told = answer.json()
    assert {one["field"] for one in told["fields"]} == {"kind", "tags.1", "stat"}
    assert told["todo"]
    limited = Client().get(f"{V1}/groups?limit=0", headers=bearer(cast.reader)).json()
    assert (limited["where"], limited["field"]) == ("query", "limit")


def test_a_session_without_the_cross_site_sign_is_refused_in_the_same_shape(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    refused_well(client.post(f"{V1}/items", "{}", content_type="application/json"), "csrf")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer hh_12345678." + "a" * 43}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "items"), ("PATCH", "items/SRV-1"), ("PUT", "items/SRV-1/group"), ("DELETE", "items/SRV-1/group")],
)
def test_a_write_of_nobody_is_told_that_it_is_not_known_who_asks(
    cast: Cast, method: str, path: str, headers: dict[str, str]
) -> None:
    del cast
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, f"{V1}/{path}", "{}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown")
