"""The list of items, as a page and through the API, and beneath each the bare SQL of the same answer."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.data import TOWNS, WORDS
from bench.measure import Clock, Place, clocked, ms, percentile, say, spread
from helhet.accounts.models import Access, User
from helhet.items.listing import ItemList
from helhet.kit.rights import the_system

LONGEST_SECONDS = 30
OVER_MS = 60
BARE_MS = 50
SORTS = ("name", "-name", "id", "kind", "state", "criticality", "updated", "-updated", "group", "part_of")

Statement = tuple[str, Any]


def queries() -> dict[str, dict[str, str]]:
    """What is asked, by name: filter, sort and cursor."""
    asked = {
        "all": {"q": ""},
        "attribute": {"q": f'location:"{TOWNS[3]} sal 7"'},
        "attribute_common": {"q": "env:prod"},
        "wildcard": {"q": 'location:"Malmö*"'},
        "wildcard_inner": {"q": "serial:*ABC*"},
        "two_fields": {"q": "kind:server env:test"},
        "two_attributes": {"q": f'env:prod location:"{TOWNS[0]}*"'},
        "without_group": {"q": "group:none"},
        "one_group": {"q": "group:GRP-7"},
        "text_in_half": {"q": "drift"},
        "text_and_field": {"q": f"{WORDS[2]} kind:database"},
        "unowned": {"q": "coverage:unowned"},
        **{f"sort_{sort}": {"q": "", "sort": sort} for sort in SORTS},
        "sort_attribute": {"q": "", "sort": "attr.location"},
        "sorted_and_filtered": {"q": "env:test", "sort": "-updated"},
    }
    for name, sort in (("deep_cursor", "name"), ("deep_cursor_updated", "updated")):
        asked[name] = {"q": "env:prod", "sort": sort, "cursor": "deep"}
    return asked


def lists(place: Place) -> dict[str, Any]:
    """Every question through both doors."""
    client = Client()
    client.force_login(bench_user())
    client.get(reverse("estate:items"))
    # As a web process does when it has loaded.
    gc.collect()
    gc.freeze()
    found = {}
    for name, asked in queries().items():
        params = dict(asked)
        if params.pop("cursor", ""):
            params["cursor"] = _deep(params, place.size)
        api = {"filter": params["q"], **{key: value for key, value in params.items() if key != "q"}}
        found[name] = {
            "asked": params,
            "page": _door(lambda query: client.get(reverse("estate:items"), query), params, place.requests),
            "api": _door(lambda query: client.get("/api/v1/items", query), api, place.requests),
        }
        say(f"  {name}: page {_short(found[name]['page'])}, api {_short(found[name]['api'])}")
    worst = max(found.values(), key=lambda one: one["page"]["p95_over_floor_ms"])
    return {
        "requests": place.requests,
        "target_over_floor_ms": OVER_MS,
        "target_bare_ms": BARE_MS,
        "worst_over_floor_ms": worst["page"]["p95_over_floor_ms"],
        "slow_bare": sorted(name for name, one in found.items() if one["page"]["slowest_statement_ms"] > BARE_MS),
        "asked": found,
    }


def bench_user(access: str = Access.ADMINISTRATOR) -> User:
    """Somebody who asks."""
    User.objects.filter(email="bench@sjovik.example").delete()
    return User.objects.create_user("bench@sjovik.example", None, access=access, name="Bench")


def _short(door: dict[str, Any]) -> str:
    bare = door["bare"]["p95_ms"]
    return f"{door['p95_ms']} ms (CPU {door['cpu_p50_ms']}, SQL {bare}, slowest {door['slowest_statement_ms']})"


def _door(ask: Callable[[dict[str, str]], Any], params: dict[str, str], repeat: int) -> dict[str, Any]:
    """p50 and p95 of the door and of the statements that it runs, replayed by a bare cursor."""
    statements: list[Statement] = []

    def listen(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(SELECT|WITH)\b", sql):
            statements.append((sql, values))
        return execute(sql, values, many, context)

    ask(params)
    with connection.execute_wrapper(listen):
        answer = ask(params)
    if answer.status_code != 200:
        raise RuntimeError(f"{params} answered {answer.status_code}: {answer.content[:500]!r}")
    door, cpu, bare = [], [], []
    slowest = [Clock() for _ in statements]
    for number in range(repeat):
        begun = time.process_time()
        with clocked() as clock:
            ask(params)
        door.append(clock.seconds)
        cpu.append(time.process_time() - begun)
        with clocked() as clock:
            _replay(statements, slowest)
        bare.append(clock.seconds)
        if sum(door) > LONGEST_SECONDS and number >= 4:
            repeat = number + 1
            break
    times = [one.seconds / repeat for one in slowest]
    at = max(range(len(times)), key=times.__getitem__)
    told = {
        **spread(door),
        "cpu_p50_ms": ms(percentile(cpu, 0.5)),
        "bare": spread(bare),
        "p95_over_floor_ms": ms(max(0.0, percentile(door, 0.95) - percentile(bare, 0.95))),
        "statements": len(statements),
        "slowest_statement_ms": ms(times[at]),
    }
    if times[at] * 1_000 > BARE_MS:
        told["slowest_statement"] = statements[at][0][:1_500]
    return told


def _replay(statements: list[Statement], clocks: list[Clock]) -> None:
    with connection.cursor() as cursor:
        for (sql, values), clock in zip(statements, clocks, strict=True):
            with clocked(clock):
                cursor.execute(sql, values)
                cursor.fetchall()


def _deep(params: dict[str, str], size: int) -> str:
    """A cursor to a page far down: two thirds of the way, or 200 pages where that is less."""
    listed = ItemList(the_system("bench"), params["q"], sort=params.get("sort", "name"))
    cursor = ""
    for _page in range(min(200, max(1, size // 6 // 200 * 2 // 3))):
        page = listed.page(cursor=cursor, size=200)
        if not page.next:
            break
        cursor = page.next
    return cursor
