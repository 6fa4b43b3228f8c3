"""Weak points are what walking from every item, and taking every item away, says they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from helhet.rules import reach
from helhet.rules.graph import Graph, build, cut_places, weak, weak_points
from helhet.rules.reach import Effect
from helhet.rules.tests.test_graph import NUMBERS, World, columns_of, worlds

SERVICES = frozenset(NUMBERS[::2])
WEIGHT = {number: number % 5 for number in NUMBERS}


def laid(things):
    graph = Graph(build(columns_of(things)))
    ids = graph.base.ids.tolist()
    return graph, np.array([one in SERVICES for one in ids]), np.array([WEIGHT[one] for one in ids], np.uint8)


@given(worlds)
@settings(max_examples=150)
def test_each_weak_point_is_what_a_walk_from_it_alone_says(things):
    graph, is_service, weight = laid(things)
    told = weak_points(graph, is_service, weight, walks=100, layers=100_000)
    found = {one.item: one for one in told if one.reached}
    world = World(things)
    for start in NUMBERS:
        if not things[start].is_here:
            assert start not in found
            continue
        hit = reach.hit_by([start], world.dependants, world.redundancies).items
        if not hit:
            assert start not in found
            continue
        failed = {item for item, one in hit.items() if one.effect == Effect.FAILED}
        down = {*failed, start}
        broken = any(
            one.providers & down and len(one.providers - down) < one.least for one in world.redundancies(failed)
        )
        one = found[start]
        assert (one.stops, one.degrades) == (len(failed & SERVICES), len((hit.keys() - failed) & SERVICES))
        assert (one.reached, one.weight) == (len(hit), max((WEIGHT[item] for item in failed), default=0))
        assert one.is_past_redundancy == broken


@given(worlds)
def test_a_cut_is_an_item_without_which_more_pieces_are_left(things):
    graph, _services, _weight = laid(things)
    here = {number for number in NUMBERS if things[number].is_here}
    links = {
        frozenset((number, provider)) for number in here for provider, _strength in things[number].ties
        if provider in here and provider != number
    }  # fmt: skip

    def pieces(of):
        left, count = set(of), 0
        while left:
            count += 1
            front = {left.pop()}
            while front:
                front = {other for other in left if any(frozenset((other, one)) in links for one in front)}
                left -= front
        return count

    cuts = {number for number in here if pieces(here - {number}) > pieces(here)}
    assert set(graph.base.ids[cut_places(graph)].tolist()) == cuts


@given(worlds)
@settings(max_examples=30)
def test_of_many_the_chosen_are_walked_as_if_all_were(things):
    graph, is_service, weight = laid(things)
    every = {one.item: one for one in weak_points(graph, is_service, weight, walks=100, layers=100_000)}
    some = {one.item: one for one in weak_points(graph, is_service, weight, walks=2, layers=100_000)}
    assert len(some) <= 2
    assert all(every[item] == one for item, one in some.items())
    some = {one.item: one for one in weak_points(graph, is_service, weight, walks=100, layers=3)}
    assert len(some) <= 3
    assert all(every[item] == one for item, one in some.items())


def test_the_estimate_finds_what_is_reached_most():
    chance = np.random.default_rng(3)
    count, links = 2_000, 4_000
    item = chance.integers(1_000, count, links) + 1
    provider = (1_000 * chance.random(links) ** 4).astype(np.int64) + 1
    columns = columns_of({})
    columns.ids = np.arange(1, count + 1)
    columns.gone = np.zeros(count, np.uint8)
    columns.whole = columns.owner = columns.kind = np.zeros(count, np.int64)
    columns.item, columns.provider = item, provider
    columns.strength, columns.redundancy = np.full(links, 2, np.uint8), np.zeros(links, np.int64)
    graph = Graph(build(columns))
    true = np.diff(graph.base.down.first)
    estimate = weak.estimated_reach(graph, np.ones(count, bool)) - 1
    large = true > 50
    assert np.abs(np.log(estimate[large] / true[large])).mean() < 0.4
    assert int(true.argmax()) in np.argsort(-estimate)[:10]
