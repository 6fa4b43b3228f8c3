"""The side doors: exports, search, palette, completion, counts and errors tell nobody what the page would not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from helhet.accounts.actions import make_token
from helhet.accounts.models import User
from helhet.estate.dependencies import add_dependency
from helhet.groups.actions import create_task, save_view
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Membership
from helhet.home.figures import keep
from helhet.home.jobs import count_for_pages
from helhet.importers.models import Finding, Run
from helhet.items.actions import comment, link, withdraw
from helhet.items.attachments import attach
from helhet.items.kinds import create_kind
from helhet.items.models import Item
from helhet.kit.rights import the_system
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.readings import take_reading
from helhet.search.indexing import index_all
from tests.matrix import PUBLIC, filled
from tests.matrix_api import API, HOLES, V1, sample_of
from tests.matrix_pages import PAGES
from tests.matrix_samples import samples
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item, make_person, make_source

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"
QUERIES = ("kanarie", "kanariefågel", "k")


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def plant(cast: Cast) -> Item:
    """Put the word wherever somebody can write one; the item in the middle of it all."""
    group = make_group(f"{CANARY}1", chair=f"{CANARY}2", mandate=f"{CANARY}3")
    item = make_item(
        f"{CANARY}4", description=f"{CANARY}5", tags=[f"{CANARY}6"], attributes={f"{CANARY}7": f"{CANARY}8"}, key=CANARY
    )
    other = make_item(f"{CANARY}9", part_of_id=item.pk)
    assign_by_hand([item.pk], group, by=SYSTEM, on=DAY, reason=f"{CANARY}10")
    comment(item, f"{CANARY}11", by=as_caller(cast.administrator))
    attach(item, SimpleUploadedFile(f"{CANARY}12.txt", CANARY.encode()), by=SYSTEM)
    link(item, other, f"{CANARY}13", by=SYSTEM)
    add_dependency(item, other, by=SYSTEM, note=f"{CANARY}14")
    person = make_person(f"{CANARY}15", email="k@sjovik.example", unit=f"{CANARY}16", phone=f"{CANARY}17")
    Membership.objects.create(group=group, person=person, role=f"{CANARY}18", from_on=DAY)
    create_task(by=SYSTEM, title=f"{CANARY}19", text=f"{CANARY}20", group=group.reference, item=item.reference)
    create_rule(Draft("named", "kind:storage", group, f"{CANARY}21"), by=SYSTEM)
    create_kind(by=SYSTEM, key="bird", name_sv=f"{CANARY}22", name_en=f"{CANARY}23", prefix="KAN")
    source = make_source(f"{CANARY}24")
    run = Run.objects.create(source=source, title=f"{CANARY}25.csv", on=DAY, user_id=cast.coordinator.pk)
    Finding.objects.create(source=source, run=run, sort="unknown_group", noun="items", key="1", field="group",
                           value=f"{CANARY}26", item=item)  # fmt: skip
    save_view(by=as_caller(cast.coordinator), name=f"{CANARY}27", filter=f'"{CANARY}"', is_shared=True)
    private(cast.coordinator)
    take_reading()
    keep()
    index_all()
    return item


def private(user: User) -> None:
    """What is this user's alone."""
    save_view(by=as_caller(user), name=f"{CANARY}-view", filter="kind:server")
    make_token(user, by=the_system("test"), name=f"{CANARY}-token", scopes=["read"])
    count_for_pages.later(caller=as_caller(user), title=f"{CANARY}-job")


def pages(things: dict[str, Any]) -> Iterator[str]:
    """Every address that can be read, and the side doors of lists."""
    for name, line in PAGES.items():
        if line.get:
            yield line.address(name, things)
    yield from (f"/items/export/{form}/" for form in ("csv", "json", "xlsx"))
    for text in QUERIES:
        for door in ("/items/?q={}", "/items/export/csv/?q={}", "/items/?complete=name:{}&at=40", "/search/?q={}",
                     "/palette/?q={}", "/people/?q={}", "/settings/users/?q={}"):  # fmt: skip
            yield door.format(text)
    yield from ("/items/?complete=group:", "/items/?complete=source:", "/items/?complete=attr.", "/items/NONE-1/")


def api_addresses(things: dict[str, Any]) -> Iterator[str]:
    """Every operation that can be read."""
    for operation, line in API.items():
        method, _space, path = operation.partition(" ")
        if method != "GET":
            continue
        filled_path = path
        for hole in HOLES:
            name = sample_of(path, hole)
            filled_path = filled_path.replace("{" + hole + "}", name[1:] if name.startswith("=") else str(things[name]))
        yield V1 + filled_path + filled(line.query, things)
    for text in QUERIES:
        yield f"{V1}/search?q={text}"
        yield f"{V1}/items?filter={text}"
        yield f"{V1}/persons?filter={text}"


def body_of(client: Client, address: str, **more: Any) -> tuple[int, bytes]:
    """The status and the whole body; nothing of the asking is kept."""
    with transaction.atomic():
        answer: Any = client.get(address, **more)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, body + repr(dict(answer.headers)).encode()


@pytest.mark.parametrize("who", ["nobody", "outsider"])
def test_no_door_shows_anything_to_who_may_see_nothing(cast: Cast, who: str) -> None:
    item = plant(cast)
    things = {**samples(cast), "item": item.reference, "item_id": item.pk}
    client = Client()
    headers = {}
    if user := cast.users()[who]:
        client.force_login(user)
        _token, text = make_token(user, by=the_system("test"), name="t", scopes=["read", "write"])
        headers["Authorization"] = f"Bearer {text}"
    leaks = []
    for address in [*pages(things), *api_addresses(things), f"{V1}/openapi.json", f"{V1}/docs"]:
        status, body = body_of(client, address, headers=headers if address.startswith("/api") else {})
        if CANARY.encode() in body.replace(address.encode(), b"").replace(b"kanarie&", b""):
            leaks.append(f"{address}: {status}")
        if status == 200 and not address.startswith((f"{V1}/openapi", f"{V1}/docs")):
            leaks.append(f"{address}: answers {who}")
    assert leaks == []


def test_what_is_ones_own_is_shown_to_no_other(cast: Cast) -> None:
    private(cast.coordinator)
    index_all()
    things = samples(cast)
    for user in (cast.reader, cast.member, cast.chair):
        client = Client()
        client.force_login(user)
        _token, text = make_token(user, by=the_system("test"), name="t", scopes=["read", "write"])
        leaks = []
        for address in [*pages(things), *api_addresses(things)]:
            headers = {"Authorization": f"Bearer {text}"} if address.startswith("/api") else {}
            _status, body = body_of(client, address, headers=headers)
            leaks += [
                f"{user} {address}: {word}" for word in ("view", "token", "job") if f"{CANARY}-{word}".encode() in body
            ]
        assert leaks == []


def test_what_was_withdrawn_is_in_no_list_count_file_or_hit(cast: Cast) -> None:
    item = make_item(f"{CANARY} på taket", tags=[f"{CANARY}tagg"], key="k1")
    index_all()
    withdraw([Item.objects.select_related("kind").get(pk=item.pk)], by=SYSTEM, batch=None, reason="prov")
    take_reading()
    keep()
    index_all()
    things = samples(cast)
    client = Client()
    client.force_login(cast.reader)
    leaks = []
    for address in pages(things):
        status, body = body_of(client, address)
        if f"{CANARY} på taket".encode() in body or f"{CANARY}tagg".encode() in body:
            leaks.append(f"{address}: {status}")
    assert leaks == []
    assert body_of(client, f"/items/{item.reference}/")[0] == 404


def test_refusals_tell_nobody_what_there_is(cast: Cast) -> None:
    item = make_item("Server")
    for user, status in ((None, 302), (cast.outsider, 403)):
        client = Client()
        if user:
            client.force_login(user)
        there, not_there = (client.get(f"/items/{one}/") for one in (item.reference, "HW-999999"))
        assert (there.status_code, not_there.status_code) == (status, status)


def test_whether_an_account_exists_is_not_told(cast: Cast) -> None:
    del cast
    said = []
    for email in ("reader@sjovik.example", "nobody-here@sjovik.example", "outsider@sjovik.example"):
        answer = Client().post("/sign-in/", {"email": email, "password": "fel lösenord, länge nog"})
        text = answer.content.decode().replace(email, "")
        start = text.index("<main")
        said.append((answer.status_code, text[start : text.index("csrfmiddlewaretoken", start)]))
    assert len(set(said)) == 1


def test_the_public_addresses_are_few() -> None:
    assert len(PUBLIC) <= 8


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example", "http:///evil.example",
    "javascript:alert(1)", " //evil.example", "\t//evil.example", "https://testserver@evil.example/", "///evil.example",
)  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_host(cast: Cast, wanted: str) -> None:
    client = Client()
    client.force_login(cast.reader)
    for answer in (
        client.get("/sign-in/", {"next": wanted}),
        client.post("/language/", {"language": "sv", "next": wanted}),
        client.post("/theme/", {"theme": "dark", "next": wanted}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/", wanted


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "127.0.0.1.evil.example"]
)
def test_another_host_is_not_answered_for(cast: Cast, host: str) -> None:
    del cast
    assert Client().get("/sign-in/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-For", "X-Original-URL", "X-Rewrite-URL", "Forwarded"]
)
def test_headers_of_a_proxy_that_there_is_not_mean_nothing(cast: Cast, header: str) -> None:
    del cast
    answer = Client().get("/", headers={header: "evil.example"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/"
