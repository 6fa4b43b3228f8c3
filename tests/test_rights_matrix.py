"""Every address of the product, asked by every actor. An address without a line in the matrix fails the build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from helhet.accounts.actions import make_token
from helhet.accounts.models import User
from helhet.config.api import api
from helhet.journal.lately import last_event
from helhet.kit.rights import the_system
from tests.matrix import ACTORS, ADMINISTRATOR, DEPENDENT, MEMBER, NOBODY, OUTSIDER, OWNERS, PUBLIC, filled, who_may
from tests.matrix_api import API, HOLES, V1, sample_of
from tests.matrix_pages import PAGES
from tests.matrix_samples import samples
from tests.world import Cast

pytestmark = pytest.mark.django_db

# What an answer may be for somebody who may: done, led on, or refused for what was sent, never for who he is.
WELCOME = {200, 201, 202, 204, 302, 303, 400, 409, 412, 422}
UNWELCOME = {403, 404}


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The name, with its namespaces, of every address."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name or one.pattern}"


def operations() -> set[str]:
    """`METHOD /path` of every operation of the API, without its beginning."""
    paths = api.get_openapi_schema()["paths"]
    return {f"{method.upper()} {path.removeprefix(V1)}" for path, methods in paths.items() for method in methods}


def pages_there_are() -> set[str]:
    """Pages by name; of the API only what is no operation."""
    return {name for name in patterns() if not name.startswith("api:")}


def test_every_page_is_known_to_the_matrix() -> None:
    names = pages_there_are()
    public = {name for name in PUBLIC if not name.startswith("api:")}
    assert sorted(names - PAGES.keys() - public) == [], "addresses without a line in tests/matrix_pages.py"
    assert sorted((PAGES.keys() | public) - names) == [], "lines for addresses that are no more"


def test_every_operation_of_the_api_is_known_to_the_matrix() -> None:
    assert sorted(operations() - API.keys()) == [], "operations without a line in tests/matrix_api.py"
    assert sorted(API.keys() - operations()) == [], "lines for operations that are no more"


def test_every_page_answers_the_methods_of_its_line_and_no_others() -> None:
    faults = []
    for name, view in _views():
        asked = set(getattr(view, "methods", ())) - {"HEAD"}
        known = set(PAGES[name].methods if name in PAGES else PUBLIC.get(name, ()))
        if asked != known:
            faults.append(f"{name} answers {sorted(asked)}, the matrix says {sorted(known)}")
    assert "\n".join(faults) == ""


def _views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "api":
                yield from _views(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}", one.callback


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def client_of(user: User | None) -> Client:
    """A browser in which that user has signed in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def asked(client: Client, method: str, address: str, data: Any = None, **more: Any) -> tuple[HttpResponseBase, bool]:
    """The answer, and whether anything was written: it is taken back, so that each question meets the same world."""
    signed_in = client.cookies.copy()
    with transaction.atomic():
        before = last_event()
        if isinstance(data, str):
            answer = client.generic(method, address, data, content_type="application/json", **more)
        else:
            answer = getattr(client, method.lower())(address, data or {}, **more)
        _read_whole(answer)
        wrote = last_event() != before
        transaction.set_rollback(True)
    client.cookies = signed_in
    return answer, wrote


def leads_to_sign_in(answer: HttpResponseBase) -> bool:
    """Whether it asks to sign in first."""
    return answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


def fault(actor: str, answer: HttpResponseBase, *, may: bool, wrote: bool) -> str:
    """What is wrong with a page's answer, empty when it is as it should be."""
    status = answer.status_code
    if (actor == NOBODY and not may) != leads_to_sign_in(answer):
        return f"{status}, but nobody must sign in first, and only he"
    if actor == NOBODY and not may:
        return "something was written" if wrote else ""
    if may:
        return "" if status in WELCOME else f"{status}, but he may"
    if wrote:
        return "was refused, but something was written"
    return "" if status in UNWELCOME else f"{status}, but he may not"


@pytest.mark.parametrize("owner", OWNERS)
def test_pages_answer_those_who_may_and_no_others(cast: Cast, owner: str) -> None:
    things = samples(cast, owner)
    faults = []
    for actor, user in actors(cast, owner):
        client = client_of(user)
        for name, line in PAGES.items():
            if owner == OWNERS[0] or line.has_owner:
                faults += page_faults(client, actor, name, things, owner)
    assert "\n".join(faults) == ""


def actors(cast: Cast, owner: str) -> list[tuple[str, User | None]]:
    """All with their users; for things of other owners only those for whom that matters.

    What somebody may is decided in Python. So on a second database it is enough that each statement is met, by one for
    whom the doors narrow what is shown and by one for whom they do not.
    """
    some = {MEMBER, ADMINISTRATOR} if connection.vendor == "postgresql" else set(ACTORS)
    some &= set(ACTORS if owner == OWNERS[0] else DEPENDENT)
    return [(actor, user) for actor, user in cast.users().items() if actor in some]


def page_faults(client: Client, actor: str, name: str, things: dict[str, Any], owner: str) -> Iterator[str]:
    """What is wrong with the answers of one address."""
    line = PAGES[name]
    for method, who in line.methods.items():
        address = line.address(name, things)
        data = form_of(filled(dict(line.body), things)) if method == "POST" else None
        answer, wrote = asked(client, method, address, data)
        if found := fault(actor, answer, may=actor in who_may(who, owner), wrote=wrote):
            yield f"{actor} {method} {address} ({name}): {found}"


@pytest.mark.any_store
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nobody_gets_anything_but_the_public_addresses(cast: Cast, method: str) -> None:
    things = samples(cast)
    client = client_of(None)
    faults = []
    for name, line in PAGES.items():
        address = line.address(name, things)
        answer, wrote = asked(client, method, address, "" if method != "GET" else None)
        if wrote or not (leads_to_sign_in(answer) or answer.status_code == 405):
            faults.append(f"{method} {address} ({name}): {answer.status_code}")
    assert "\n".join(faults) == ""


def api_path(path: str, things: dict[str, Any]) -> str:
    """The path with samples in its holes."""
    asked = path
    for hole in HOLES:
        name = sample_of(asked, hole)
        path = path.replace("{" + hole + "}", name[1:] if name.startswith("=") else str(things[name]))
    return V1 + path


def call(headers: dict[str, str], operation: str, things: dict[str, Any]) -> tuple[HttpResponseBase, bool]:
    """The operation's answer, and whether it wrote."""
    line = API[operation]
    method, _space, path = operation.partition(" ")
    address = api_path(path, things) + filled(line.query, things)
    body: Any = "" if line.body is None else json.dumps(filled(line.body, things))
    if line.form is not None:
        body = form_of(line.form)
    return asked(Client(), method, address, body, headers={"If-Match": '"1"', **headers})


def form_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The form with its files made."""
    return {
        name: SimpleUploadedFile("items.csv", text[1:].encode()) if str(text).startswith("@") else text
        for name, text in given.items()
    }


def bearer(user: User | None, *scopes: str) -> dict[str, str]:
    """The header with a new token of the user."""
    if user is None:
        return {}
    _token, text = make_token(user, by=the_system("test"), name="t", scopes=list(scopes))
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("owner", OWNERS)
def test_the_api_answers_those_who_may_and_no_others(cast: Cast, owner: str) -> None:
    things = samples(cast, owner)
    faults = []
    for actor, user in actors(cast, owner):
        headers = bearer(user, "read", "write", "admin")
        for operation, line in API.items():
            if owner != OWNERS[0] and not line.has_owner:
                continue
            answer, wrote = call(headers, operation, things)
            if actor in {NOBODY, OUTSIDER}:
                found = "" if answer.status_code == 401 and not wrote else f"{answer.status_code}, but must be 401"
            else:
                found = fault(actor, answer, may=actor in who_may(line.who, owner), wrote=wrote)
            if found:
                faults.append(f"{actor} {operation}: {found} {getattr(answer, 'content', b'')[:200]!r}")
    assert "\n".join(faults) == ""


@pytest.mark.any_store
@pytest.mark.parametrize("scopes", [("read",), ("read", "write"), ("write",), ("admin",)])
def test_a_token_allows_no_more_than_its_scopes(cast: Cast, scopes: tuple[str, ...]) -> None:
    things = samples(cast)
    headers = bearer(cast.administrator, *scopes)
    faults = []
    for operation, line in API.items():
        if ADMINISTRATOR not in who_may(line.who, OWNERS[0]):
            continue
        answer, wrote = call(headers, operation, things)
        # What cannot be read cannot be changed either.
        may = line.scope in scopes and "read" in scopes
        is_refused = answer.status_code in UNWELCOME
        if wrote and line.scope not in scopes:
            faults.append(f"{operation}: wrote with {scopes}")
        if may == is_refused and (may or line.scope not in scopes):
            faults.append(f"{operation}: {answer.status_code} with {scopes}, it needs {line.scope}")
    assert "\n".join(faults) == ""


def test_a_token_to_read_takes_back_nothing_that_its_owner_said(cast: Cast) -> None:
    things = samples(cast)
    answer, wrote = call(bearer(cast.member, "read"), "DELETE /items/{reference}/comments/{comment_id}", things)
    assert (answer.status_code, wrote) == (403, False)


def test_a_token_of_somebody_who_was_stopped_lets_nobody_in(cast: Cast) -> None:
    headers = bearer(cast.member, "read", "write")
    assert Client().get(f"{V1}/me", headers=headers).status_code == 200
    User.objects.filter(pk=cast.member.pk).update(is_active=False)
    assert Client().get(f"{V1}/me", headers=headers).status_code == 401


def test_no_page_and_no_operation_writes_when_it_is_only_read(cast: Cast) -> None:
    things = samples(cast)
    client = client_of(cast.administrator)
    headers = bearer(cast.administrator, "read", "write", "admin")
    client.get("/")
    Client().get(f"{V1}/me", headers=headers)
    before = contents()
    for name, line in PAGES.items():
        if line.get:
            _read_whole(client.get(line.address(name, things)))
    for operation in API:
        method, _space, path = operation.partition(" ")
        if method == "GET":
            _read_whole(Client().get(api_path(path, things) + filled(API[operation].query, things), headers=headers))
    after = contents()
    assert {table for table in after if before.get(table) != after[table]} == set()


def _read_whole(answer: Any) -> None:
    if answer.streaming:
        b"".join(answer.streaming_content)


def contents() -> dict[str, list[Any]]:
    """Every row of every table but those of the test's own doing."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            if "_" not in table or table.startswith("ground_") or table == "next_touched":
                continue  # temporary, of this connection alone
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


@pytest.mark.any_store
def test_every_unsafe_page_asks_for_the_token_against_forged_requests(cast: Cast) -> None:
    things = samples(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    faults = []
    for name, line in PAGES.items():
        if line.post and client.post(line.address(name, things), filled(dict(line.body), things)).status_code != 403:
            faults.append(name)
    for operation in API:
        method, _space, path = operation.partition(" ")
        if method != "GET" and client.generic(method, api_path(path, things)).status_code != 403:
            faults.append(operation)
    assert "\n".join(faults) == ""
