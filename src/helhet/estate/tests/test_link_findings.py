"""Findings of dependencies: each sort is found, counted as it is listed, and led on to its next step."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
from collections import Counter

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from helhet.estate.command_findings import FindingsCommand
from helhet.estate.dependencies import add_dependency
from helhet.estate.link_findings import Asked, findings, loops, page_of, total
from helhet.estate.models import Dependency
from helhet.estate.settling import question
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item, State
from helhet.kit.command import Output
from helhet.kit.errors import Invalid
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db


def sorts(asked: Asked | None = None) -> dict[str, int]:
    """How many of each sort, which must be how many are listed."""
    found = findings(asked or Asked(), SYSTEM)
    lines = page_of(found, asked or Asked(), 0, 10_000)
    counts = {one.sort: one.count for one in found}
    assert Counter(line.sort for line in lines) == counts
    assert all(line.step and line.step_url and line.words for line in lines)
    return counts


def test_each_sort_is_found_and_a_sound_dependency_is_not() -> None:
    cast = Cast()
    a, b, c, d = (make_item(name) for name in "abcd")
    assert sorts() == {}
    add_dependency(a, b, by=SYSTEM)
    assert sorts() == {}
    add_dependency(b, c, by=SYSTEM, sort="runs_on")
    add_dependency(c, a, by=SYSTEM)
    assert sorts() == {"loop": 3}
    add_dependency(a, b, by=SYSTEM, sort="stored_in")
    assert sorts() == {"loop": 4, "twice": 2}
    add_dependency(a, d, by=SYSTEM, sort="documented_by", is_anyway=True)
    Item.objects.filter(pk=d.pk).update(state=State.RETIRED)
    assert sorts() == {"loop": 4, "twice": 2, "pair": 1, "retired": 1}
    Dependency.objects.filter(to_item=a).update(not_seen_since=dt.date(2026, 2, 1))
    assert sorts() == {"twice": 2, "pair": 1, "retired": 1, "not_seen": 1}
    assign_by_hand([a.pk], cast.group, by=SYSTEM, on=DAY)
    question(Dependency.objects.get(to_item=d), "Finns den?", by=SYSTEM, version=1)
    Item.objects.filter(pk=b.pk).update(presence=1)
    assert sorts() == {"pair": 1, "retired": 1, "not_seen": 1, "questioned": 1, "gone_end": 3}
    assert sorts(Asked(group=cast.group.pk)) == {"pair": 1, "retired": 1, "questioned": 1, "gone_end": 2}
    assert sorts(Asked(group=0)) == {"not_seen": 1, "gone_end": 1}


def test_the_list_is_paged_over_all_sorts_and_an_unknown_sort_is_refused() -> None:
    items = [make_item(f"i{number}") for number in range(6)]
    for number, item in enumerate(items):
        add_dependency(item, items[(number + 1) % 6], by=SYSTEM)
        add_dependency(item, items[(number + 1) % 6], by=SYSTEM, sort="runs_on")
    found = findings(Asked(), SYSTEM)
    every = [line.id for line in page_of(found, Asked(), 0, 100)]
    assert len(every) == len(set(every)) == total(found) == 24
    assert [line.id for first in range(0, 24, 5) for line in page_of(found, Asked(), first, 5)] == every
    assert [line.id for line in page_of(found, Asked(sort="twice"), 10, 5)] == every[-2:]
    with pytest.raises(Invalid):
        page_of(found, Asked(sort="nonsense"), 0, 5)


def run(*arguments: str) -> str:
    """What the command answers with --json."""
    command, parser = FindingsCommand(), argparse.ArgumentParser()
    command.add_arguments(parser)
    out = io.StringIO()
    assert command.run(parser.parse_args(arguments), Output(as_json=True, stdout=out, stderr=io.StringIO())) == 0
    return out.getvalue()


def test_the_command_says_why_and_what_to_do() -> None:
    a, b = make_item("alfa"), make_item("beta")
    add_dependency(a, b, by=SYSTEM)
    add_dependency(b, a, by=SYSTEM)
    out = io.StringIO()
    command, parser = FindingsCommand(), argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["--sort", "loop"]), Output(as_json=False, stdout=out)) == 0
    line, *_others = page_of(findings(Asked("loop"), SYSTEM), Asked("loop"), 0, 9)
    assert f"    {line.words} {line.step}.\n" in out.getvalue()


def test_page_api_and_command_tell_the_same(client: Client) -> None:
    cast = Cast()
    a, b = make_item("alfa"), make_item("beta")
    add_dependency(a, b, by=SYSTEM)
    add_dependency(b, a, by=SYSTEM)
    client.force_login(cast.reader)
    page = client.get("/dependencies/findings/?sort=loop").content.decode()
    assert "alfa" in page
    assert "beta" in page
    answer = client.get("/api/v1/dependencies/findings?sort=loop").json()
    assert (answer["count"], answer["counts"]) == (2, {"loop": 2})
    told = run("--sort", "loop")
    assert [one["id"] for one in json.loads(told)["items"]] == [one["id"] for one in answer["items"]]


def in_a_loop(edges: set[tuple[int, int]], item: int) -> frozenset[int]:
    """All that an item reaches and that reaches it, by plain closure."""

    def reached(start: int, onward: set[tuple[int, int]]) -> set[int]:
        found: set[int] = set()
        while new := {b for a, b in onward if a in {start, *found}} - found:
            found |= new
        return found

    return frozenset(reached(item, edges) & reached(item, {(b, a) for a, b in edges}))


PAIRS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])


class Loops(TestCase):
    """Against a plain closure."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1]), max_size=16)
    )
    def test_loops_and_their_links_are_what_reaches_itself(self, edges: set[tuple[int, int]]) -> None:
        items = [make_item(f"i{number}") for number in range(7)]
        ids = [item.pk for item in items]
        Dependency.objects.bulk_create(Dependency(from_item_id=ids[a], to_item_id=ids[b]) for a, b in edges)
        wanted = {in_a_loop(edges, number) for number in range(7)} - {frozenset()}
        assert {frozenset(ids.index(pk) for pk in loop) for loop in loops()} == wanted
        listed = next((one.count for one in findings(Asked(), SYSTEM) if one.sort == "loop"), 0)
        assert listed == sum(b in in_a_loop(edges, a) for a, b in edges)
