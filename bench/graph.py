"""Impact in a large estate: five links an item, most of them to few, with loops; beside bare walks over the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from bench.filling import without_indexes, write
from bench.measure import Place, clocked, ms, percentile, ratio, say
from helhet.estate.dependencies import add_dependency
from helhet.estate.graph import current
from helhet.estate.impact import impact
from helhet.estate.models import Dependency, Standing
from helhet.estate.walking import Direction, walk, walk_by_sql
from helhet.items.models import Item, Presence
from helhet.kit.engines import engine, table_of
from helhet.kit.rights import the_system
from helhet.rules.graph import Graph
from helhet.rules.graph.arrays import Links

EACH = 5
ASKED = 30
DENSE = 50
EDGES = (
    f"SELECT from_item_id, to_item_id, criticality FROM {table_of(Dependency)} "  # noqa: S608 - own names only
    "WHERE not_seen_since IS NULL AND criticality <> 'none'"
)
RECURSIVE = (
    f"WITH RECURSIVE hit (id) AS (SELECT CAST(%s AS bigint) UNION SELECT d.from_item_id FROM hit "  # noqa: S608
    f"JOIN {table_of(Dependency)} d ON d.to_item_id = hit.id AND d.not_seen_since IS NULL AND d.criticality <> 'none') "
    "SELECT count(*) FROM hit"
)


def graph(place: Place) -> dict[str, Any]:
    """Fill, build, and ask."""
    ids = np.array(
        Item.objects.filter(presence=Presence.HERE).order_by("id").values_list("id", flat=True)[: place.size], np.int64
    )  # fmt: skip
    with clocked() as clock:
        hub = _fill(ids)
    links = _read_bare()
    say(f"  {links} links in {clock.seconds:.0f} s")
    told: dict[str, Any] = {"links": links, "rebuilt": _rebuilt()}
    say(f"  built: {told['rebuilt']}")
    laid = current()
    if laid is None:
        raise RuntimeError("the graph that was just built cannot be used")
    told["from_the_hub"] = _from_hub(laid, hub)
    told["three_steps"] = _three_steps(ids)
    say(f"  three steps: {told['three_steps']}")
    told["after_a_new_link"] = _after_new_links()
    say(f"  after a new link: {told['after_a_new_link']}")
    told["memory"] = {**_in_a_process("ask", hub), "file_mib": told["rebuilt"]["file_mib"]}
    say(f"  memory: {told['memory']}")
    return told


def _fill(ids: NDArray[np.int64]) -> int:
    """Links by a power law at both ends; returns the item that most depend on."""
    chance = np.random.default_rng(17)
    count = len(ids)
    item, provider = (
        chance.permutation(ids)[(count * chance.random(EACH * count) ** power).astype(np.int64)] for power in (1.6, 3.0)
    )
    pairs = np.unique(item * (ids[-1] + 1) + provider)
    item, provider = pairs // (ids[-1] + 1), pairs % (ids[-1] + 1)
    item, provider = item[item != provider], provider[item != provider]
    levels = np.array(["hard", "degrades"])[(chance.random(len(item)) < 0.25).astype(int)]
    now = timezone.now()
    with without_indexes(Dependency):
        write(
            Dependency,
            ("from_item", "to_item", "type", "criticality", "note", "at", "is_from_provider", "is_by_hand",
             "standing", "standing_by", "standing_words", "version"),
            ((a, b, "uses", str(level), "", now, False, False, Standing.STATED.value, "", "", 1)
             for a, b, level in zip(item.tolist(), provider.tolist(), levels.tolist(), strict=True)),
        )  # fmt: skip
    engine().refresh_statistics(table_of(Dependency))
    return int(Counter(provider.tolist()).most_common(1)[0][0])


def _read_bare() -> int:
    """Read all links by a bare cursor; how many there are."""
    links = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(EDGES)
        while rows := cursor.fetchmany(50_000):
            links += len(rows)
    return links


def _rebuilt() -> dict[str, Any]:
    """Three times each in turn, the quickest counts: built in a process of its own, and all links read bare."""
    built, floors = [], []
    for _time in range(3):
        with clocked() as floor:
            _read_bare()
        floors.append(floor.seconds)
        built.append(_in_a_process("build"))
    best = min(built, key=lambda one: float(one["seconds"]))
    return {**best, "floor_seconds": round(min(floors), 3), "ratio": ratio(best["seconds"], min(floors))}


def _in_a_process(act: str, *arguments: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.graph_alone", act, *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, check=True, env=os.environ,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _from_hub(laid: Graph, hub: int) -> dict[str, Any]:
    start, by = [Item.objects.select_related("kind").get(pk=hub)], the_system("bench")
    place = laid.places([hub])[hub]
    bare = _best(lambda: _bare(laid.base.down, place))
    counted = _best(lambda: _counted(start))
    with clocked() as query, connection.cursor() as cursor:
        cursor.execute(RECURSIVE, [hub])
        (by_query,) = cursor.fetchone()
    with clocked() as loops:
        found = impact(start, by).loops()
    say(f"  {counted[1]} reached in {ms(counted[0])} ms, bare {ms(bare[0])}, by a recursive query {ms(query.seconds)}")
    return {
        "reached": counted[1], "reached_bare": bare[1], "reached_by_query": by_query - 1,
        "with_groups_and_services_ms": ms(counted[0]), "bare_walk_ms": ms(bare[0]),
        "ratio": ratio(counted[0], bare[0]), "recursive_query_ms": ms(query.seconds),
        "times_faster_than_the_query": ratio(query.seconds, counted[0]), "loops_as_well_ms": ms(loops.seconds),
        "largest_loop": max((len(loop) for loop in found), default=0),
    }  # fmt: skip


def _counted(start: list[Item]) -> int:
    found = impact(start, the_system("bench"))
    if not found.groups:
        raise RuntimeError("nothing was counted")
    found.count_services()
    return found.reached


def _best(act: Callable[[], int]) -> tuple[float, int]:
    """The quickest of five, and what it gave."""
    seconds = []
    given = 0
    for _time in range(5):
        with clocked() as clock:
            given = act()
        seconds.append(clock.seconds)
    return min(seconds), given


def _bare(links: Links, start: int) -> int:
    """A breadth-first walk over the arrays that knows nothing of effects: the floor."""
    count = len(links.first) - 1
    met = np.zeros(count, np.bool_)
    met[start] = True
    front = np.array([start])
    reached = 0
    while len(front):
        begin = links.first[front]
        sizes = links.first[front + 1] - begin
        at = np.arange(int(sizes.sum())) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        onward = links.other[at]
        onward = onward[~met[onward]]
        if len(onward) * DENSE > count:
            new = np.zeros(count, np.bool_)
            new[onward] = True
            front = np.flatnonzero(new)
        else:
            front = np.unique(onward)
        met[onward] = True
        reached += len(front)
    return reached


def _three_steps(ids: NDArray[np.int64]) -> dict[str, Any]:
    """Some items, both ways of walking; each first asked once, so that neither is the first to read."""
    chance = np.random.default_rng(5)
    ours, floor, reached = [], [], []
    for item in chance.choice(ids, ASKED).tolist():
        for way in Direction:
            walk([item], way, depth=3)
            with clocked() as clock:
                found = walk([item], way, depth=3)
            ours.append(clock.seconds)
            with clocked() as clock:
                wanted = walk_by_sql([item], way, depth=3)
            floor.append(clock.seconds)
            if found.items != wanted.items:
                raise RuntimeError(f"the walks from {item} differ")
            reached.append(found.count)
    return {
        "p50_ms": ms(percentile(ours, 0.5)), "by_sql_p50_ms": ms(percentile(floor, 0.5)),
        "ratio": ratio(percentile(ours, 0.5), percentile(floor, 0.5)), "p95_ms": ms(percentile(ours, 0.95)),
        "by_sql_p95_ms": ms(percentile(floor, 0.95)), "reached_p50": percentile(reached, 0.5),
    }  # fmt: skip


def _after_new_links() -> dict[str, Any]:
    """A link to an item that nothing depends on, then its impact: the new link must be there."""
    by = the_system("bench")
    lone = Item.objects.filter(needed_by__isnull=True, presence=Presence.HERE, kind__is_listed=True)[: ASKED + 1]
    one, *others = list(lone)
    seconds = []
    for other in others:
        add_dependency(one, other, by=by)
        with clocked() as clock:
            found = walk([other.pk], Direction.DEPENDANTS)
        seconds.append(clock.seconds)
        if one.pk not in found.items:
            raise RuntimeError("the new link was not walked")
    return {"p50_ms": ms(percentile(seconds, 0.5)), "p95_ms": ms(percentile(seconds, 0.95))}
