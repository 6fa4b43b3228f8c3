"""What every program may rely on: no error of ours whatever is sent, versions, parameters, steady pages, tokens."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from helhet.accounts.actions import make_token
from helhet.accounts.models import Token, User
from helhet.config.api import api
from helhet.kit.rights import the_system
from tests.conftest import Standing
from tests.matrix import filled
from tests.matrix_api import API, HOLES, V1, sample_of
from tests.world import Cast, make_item, make_person

SYSTEM = the_system("test")
WHOLE = ["read", "write", "admin"]

schema = schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", get_wsgi_application())
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def cast(standing: Standing) -> Cast:
    """One user of every sort."""
    return standing[0]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def bearer(user: User, *scopes: str, **more: Any) -> dict[str, str]:
    """The header with a new token of the user."""
    _token, text = make_token(user, by=SYSTEM, name="t", scopes=list(scopes or WHOLE), **more)
    return {"Authorization": f"Bearer {text}"}


def holes_of(label: str, things: dict[str, Any]) -> dict[str, Any]:
    """Things that are there, for the holes of an operation's path."""
    path = label.partition(" ")[2].removeprefix(V1)
    found = {}
    for hole in HOLES:
        if "{" + hole + "}" in path:
            name = sample_of(path, hole)
            found[hole] = name[1:] if name.startswith("=") else things[name]
    return found


# A download's file is closed by the web server, which is not there when a call is made in process.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.slow
@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_whatever_is_sent_it_is_no_error_of_ours(operation: Any, standing: Standing) -> None:
    cast, things = standing
    headers = {**bearer(cast.administrator), "If-Match": '"1"'}

    @given(case=operation.as_strategy())
    @settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    def ask(case: Any) -> None:
        for known in ({}, holes_of(operation.label, things)):
            case.path_parameters = {**(case.path_parameters or {}), **known}
            with transaction.atomic():
                response = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(response, checks=[not_a_server_error])

    ask()


def address(operation: str, things: dict[str, Any]) -> str:
    """The address of an operation with things in its holes."""
    path = operation.partition(" ")[2]
    for hole, value in holes_of(f"X {V1}{path}", things).items():
        path = path.replace("{" + hole + "}", str(value))
    return V1 + path


def versioned() -> list[str]:
    """The operations that say that they may answer 428: they need If-Match."""
    return [
        f"{method.upper()} {path.removeprefix(V1)}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, one in methods.items()
        if 428 in one["responses"] or "428" in one["responses"]
    ]


# Their documents list every way in which a write can be refused; many items or a list have no one version.
WITHOUT_VERSION = {"PATCH /items"}


@pytest.mark.parametrize("operation", sorted(set(versioned()) - WITHOUT_VERSION))
def test_a_change_needs_the_version_that_it_was_made_from(operation: str, standing: Standing) -> None:
    cast, things = standing
    headers = bearer(cast.administrator)
    # One's own views, pictures and calendar addresses are not the administrator's.
    if " /views/" in operation or " /pictures/" in operation or " /feeds/" in operation:
        headers = bearer(cast.member)
    method = operation.partition(" ")[0]
    body = json.dumps(filled(API[operation].body, things)) if API[operation].body is not None else ""

    def ask(**more: str) -> Any:
        return Client().generic(
            method, address(operation, things), body, content_type="application/json", headers={**headers, **more}
        )

    missing = ask()
    assert missing.status_code == 428, missing.content
    assert missing.json()["todo"]
    stale = ask(**{"If-Match": '"999"'})
    assert stale.status_code == 412, stale.content
    assert stale.json()["code"] == "stale"
    assert ask(**{"If-Match": "nonsense"}).status_code == 422


def test_an_etag_lets_one_change_pass_and_the_next_with_it_not(cast: Cast) -> None:
    item = make_item("Server")
    headers = bearer(cast.administrator)
    url = f"{V1}/items/{item.reference}"
    etag = Client().get(url, headers=headers)["ETag"]
    given_headers = {**headers, "If-Match": etag}

    def rename(name: str, with_headers: dict[str, str]) -> Any:
        return Client().patch(url, {"name": name}, content_type="application/json", headers=with_headers)

    first = rename("Ett", given_headers)
    assert first.status_code == 200
    assert first["ETag"] != etag
    assert rename("Två", given_headers).status_code == 412
    assert rename("Två", {**headers, "If-Match": first["ETag"]}).status_code == 200
    item.refresh_from_db()
    assert item.name == "Två"


READS = sorted(operation for operation in API if operation.startswith("GET "))


def test_a_parameter_that_there_is_not_is_refused(standing: Standing) -> None:
    cast, things = standing
    headers = bearer(cast.administrator)
    taken = []
    for operation in READS:
        query = filled(API[operation].query, things) or "?"
        url = address(operation, things) + query + "&nonesuch=1"
        answer = Client().get(url, headers=headers)
        if answer.status_code not in {404, 422}:
            taken.append(f"{operation}: {answer.status_code}")
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert taken == []


def lists() -> list[str]:
    """The operations that answer with a page of a list."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get(200, {})
        shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if shape.get("$ref", "").rsplit("/", 1)[-1].startswith(("PageOut", "MisfitsOut")):
            found.append(f"GET {path.removeprefix(V1)}")
    return sorted(found)


def test_no_two_shapes_share_a_name_in_the_document() -> None:
    places: dict[str, set[str]] = {}
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                for model in filter(None, operation.response_models.values()):
                    for shape in _shapes(model):
                        places.setdefault(shape.__name__, set()).add(shape.__module__)
                for model in operation.models:
                    for shape in _shapes(model):
                        places.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def _shapes(model: Any, met: set[Any] | None = None) -> set[Any]:
    """The shapes of ours in a model, however deep."""
    met = set() if met is None else met
    for field in getattr(model, "model_fields", {}).values():
        stack = [field.annotation]
        while stack:
            one = stack.pop()
            stack += getattr(one, "__args__", ())
            if isinstance(one, type) and hasattr(one, "model_fields") and one not in met:
                met.add(one)
                _shapes(one, met)
    return {one for one in met if one.__module__.startswith("helhet")}


def test_no_operation_answers_with_a_bare_list() -> None:
    bare = [
        f"{method} {path}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, one in methods.items()
        for answer in one["responses"].values()
        if answer.get("content", {}).get("application/json", {}).get("schema", {}).get("type") == "array"
    ]
    assert bare == []
    assert len(lists()) >= 24


@pytest.mark.parametrize("operation", lists())
def test_every_list_has_the_one_shape_and_the_same_parameters(operation: str, standing: Standing) -> None:
    cast, things = standing
    headers = bearer(cast.administrator if operation == "GET /users" else cast.member)
    url = address(operation, things) + (filled(API[operation].query, things) or "?")
    whole = Client().get(f"{url}&limit=200", headers=headers)
    assert whole.status_code == 200, whole.content
    body = whole.json()
    assert {"count", "more", "items", "next", "previous"} <= body.keys()
    assert (body["previous"], body["more"]) == ("", False)
    assert bool(body["next"]) == (body["count"] > 200)
    assert len(body["items"]) == min(200, body["count"])
    document = api.get_openapi_schema()
    shape = document["paths"][V1 + operation.partition(" ")[2]]["get"]["responses"][200]
    rule = {**shape["content"]["application/json"]["schema"], "components": document["components"]}
    jsonschema.validate(body, json.loads(json.dumps(rule)))
    names = {one["name"] for one in document["paths"][V1 + operation.partition(" ")[2]]["get"]["parameters"]}
    assert {"cursor", "limit", "sort", "fields"} <= names
    for wrong in ("limit=0", "limit=201", "cursor=x", "sort=nonesuch", "fields=nonesuch"):
        refused = Client().get(f"{url}&{wrong}", headers=headers)
        assert (refused.status_code, wrong) == (422, wrong)
        assert refused.json()["message"]
    if body["items"]:
        name = next(iter(body["items"][0]))
        (row, *_rest) = Client().get(f"{url}&fields={name}", headers=headers).json()["items"]
        assert row == {name: body["items"][0][name]}


@pytest.mark.parametrize("operation", lists())
def test_every_list_is_walked_by_cursor_to_its_end_and_back(operation: str, standing: Standing) -> None:
    cast, things = standing
    headers = bearer(cast.administrator if operation == "GET /users" else cast.member)
    url = address(operation, things) + (filled(API[operation].query, things) or "?")

    def rows(**more: Any) -> Any:
        query = "".join(f"&{name}={value}" for name, value in more.items())
        answer = Client().get(url + query, headers=headers)
        assert answer.status_code == 200, answer.content
        return answer.json()

    whole = rows(limit=200)["items"]
    page = rows(limit=1)
    there, back = list(page["items"]), []
    while page["next"] and len(there) < 8:
        page = rows(limit=1, cursor=page["next"])
        there += page["items"]
    while page["previous"]:
        page = rows(limit=1, cursor=page["previous"])
        back += page["items"]
    assert there == whole[:8]
    assert back == there[-2::-1]


@pytest.mark.parametrize(("noun", "key"), [("items", "reference"), ("persons", "id")])
def test_pages_lose_and_double_nothing_when_rows_come_in_between(cast: Cast, noun: str, key: str) -> None:
    headers = bearer(cast.administrator)

    def make(name: str) -> object:
        return make_person(name) if noun == "persons" else make_item(name)

    for number in range(12):
        make(f"m{number:02}")
    before = _walked(headers, noun, key, between=lambda: None)
    during = _walked(headers, noun, key, between=lambda: [make(name) for name in ("a first", "z last")])
    assert len(during) == len(set(during))
    assert set(before) <= set(during)


def _walked(headers: dict[str, str], noun: str, key: str, *, between: Any) -> list[Any]:
    """The keys of all rows by pages of three; something happens between two pages."""
    found: list[Any] = []
    cursor = ""
    for step in range(200):
        answer = Client().get(f"{V1}/{noun}", {"limit": 3, "cursor": cursor, "sort": "name"}, headers=headers)
        assert answer.status_code == 200, answer.content
        data = answer.json()
        found += [row[key] for row in data["items"]]
        cursor = data["next"]
        if not cursor:
            return found
        if step < 3:
            between()
    raise AssertionError("the list never ended")


@pytest.mark.parametrize("cursor", ["x", "eyJ4Ijox", "[]", "AAAA", "null", "0"])
@pytest.mark.parametrize(
    "noun",
    ["items", "groups", "persons", "memberships", "tasks", "views", "words", "rules", "kinds", "sources", "imports"],
)
def test_a_cursor_of_ones_own_making_is_refused(cast: Cast, noun: str, cursor: str) -> None:
    answer = Client().get(f"{V1}/{noun}", {"cursor": cursor}, headers=bearer(cast.reader))
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_every_refusal_has_the_one_shape(cast: Cast) -> None:
    headers = bearer(cast.reader)
    answers = [
        Client().get(f"{V1}/items/NONE-1", headers=headers),
        Client().get(f"{V1}/items", {"filter": "knd:server"}, headers=headers),
        Client().get(f"{V1}/users", headers=headers),
        Client().post(f"{V1}/items", "{", content_type="application/json", headers=headers),
        Client().get(f"{V1}/me"),
    ]
    assert [answer.status_code for answer in answers] == [404, 422, 403, 400, 401]
    for answer in answers:
        assert answer["Content-Type"].startswith("application/json")
        assert {"code", "message"} <= answer.json().keys(), answer.content


def test_every_refusal_is_in_the_language_of_whoever_asks(cast: Cast) -> None:
    item = make_item("Ett").reference
    told: dict[str, list[str]] = {}
    for language in ("sv", "en"):
        User.objects.filter(pk=cast.administrator.pk).update(language=language)
        client = Client(headers=bearer(cast.administrator) | {"Accept-Language": language})
        as_json = {"content_type": "application/json"}
        answers = [
            Client(headers={"Accept-Language": language}).get(f"{V1}/me"),
            client.post(f"{V1}/items", "{", **as_json), client.post(f"{V1}/items", {"kind": "server"}, **as_json),
            client.post(f"{V1}/items", {"kind": "server", "name": "x", "nope": 1}, **as_json),
            client.post(f"{V1}/items", {"kind": "server", "name": 7}, **as_json),
            client.patch(f"{V1}/items/{item}", {"name": "x"}, **as_json),
            client.patch(f"{V1}/items/{item}", {"name": "x"}, headers={"If-Match": "*"}, **as_json),
            client.get(f"{V1}/items?limit=0"), client.get(f"{V1}/items?limit=999"), client.get(f"{V1}/items?limit=x"),
            client.get(f"{V1}/items?nope=1"), client.get(f"{V1}/items?fields=nope"), client.get(f"{V1}/nope"),
            client.post(f"{V1}/documents/DOC-1/reports", {"sort": "meh", "text": "x"}, **as_json),
        ]  # fmt: skip
        assert all(answer.status_code >= 400 for answer in answers)
        told[language] = [answer.json()["message"] for answer in answers]
    same = [swedish for swedish, english in zip(told["sv"], told["en"], strict=True) if swedish == english]
    assert same == []
    assert told["sv"][-1].endswith("unhelpful, wrong, question")


def test_a_token_stands_nowhere_in_clear(cast: Cast) -> None:
    _token, text = make_token(cast.reader, by=SYSTEM, name="t", scopes=["read"])
    row = Token.objects.get(user=cast.reader)
    secret = text.partition(".")[2]
    assert secret not in repr(row.__dict__)
    assert Client().get(f"{V1}/me", headers={"Authorization": f"Bearer {text}"}).status_code == 200


@pytest.mark.parametrize("wrong", ["", "x", "hh_x.y", "Bearer", "hh_12345678." + "a" * 43, "\x00", "å" * 50])
def test_a_token_that_is_none_lets_nobody_in(cast: Cast, wrong: str) -> None:
    del cast
    assert Client().get(f"{V1}/me", headers={"Authorization": f"Bearer {wrong}"}).status_code == 401


def test_a_token_ends_with_its_day(cast: Cast) -> None:
    headers = bearer(cast.reader, "read", life=dt.timedelta(days=1))
    assert Client().get(f"{V1}/me", headers=headers).status_code == 200
    Token.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(f"{V1}/me", headers=headers).status_code == 401


def test_the_document_names_every_operation_with_its_refusals() -> None:
    poor = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, one in methods.items():
            answers = {int(code) for code in one["responses"]}
            if not {401, 403, 422} <= answers or not one.get("summary"):
                poor.append(f"{method} {path}: {sorted(answers)}")
    assert poor == []
