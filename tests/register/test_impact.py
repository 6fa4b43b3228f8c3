"""What the estate says is hit is what a plain walk over all stated dependencies says."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.estate.dependencies import add_dependency
from helhet.estate.impact import impact
from helhet.estate.impact_told import as_data
from helhet.estate.models import Dependency, Redundancy
from helhet.estate.redundancy import end_redundancy, state_redundancy
from helhet.items.models import Item, Presence
from helhet.kit.errors import Forbidden, Invalid, NotFound
from helhet.kit.rights import NOBODY
from tests.world import SYSTEM, make_group, make_item

LEVELS = ("hard", "degrades", "none")
stated = st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(LEVELS))


def naive(links, parts, start, depth):
    """Distance and effect by walking every link again and again."""
    state, first = {start: 2}, {}
    ties = [(a, b, level) for a, b, level in links if a != b] + [(part, whole, "hard") for part, whole in parts]
    for layer in range(1, 30 if depth is None else depth + 1):
        new = dict(state)
        for item, provider, level in ties:
            effect = {"hard": state.get(provider, 0), "degrades": min(1, state.get(provider, 0)), "none": 0}[level]
            if item != start and effect > new.get(item, 0):
                new[item] = effect
                first.setdefault(item, layer)
        state = new
    return {item: (layer, ("", "degraded", "failed")[state[item]]) for item, layer in first.items()}


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    links=st.lists(stated, max_size=12, unique_by=lambda one: one[:2]),
    wholes=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4)).filter(lambda pair: pair[0] > pair[1]), max_size=3),
    start=st.integers(0, 5), depth=st.sampled_from((None, 0, 1, 2)), with_parts=st.booleans(),
)  # fmt: skip
def test_impact_is_what_a_plain_walk_gives_both_ways(links, wholes, start, depth, with_parts):
    sid = transaction.savepoint()
    try:
        items = [make_item(f"x{number}") for number in range(6)]
        parts = list(dict(wholes).items())
        for part, whole in parts:
            Item.objects.filter(pk=items[part].pk).update(part_of=items[whole])
        for a, b, level in links:
            if a != b:
                add_dependency(items[a], items[b], by=SYSTEM, criticality=level)
        number_of = {item.reference: number for number, item in enumerate(items)}
        for direction in ("dependants", "needs"):
            turned = direction == "needs"
            links_turned = [(b, a, level) if turned else (a, b, level) for a, b, level in links]
            parts_turned = [(whole, part) if turned else (part, whole) for part, whole in parts]
            found = as_data(impact([items[start]], SYSTEM, direction=direction, depth=depth, with_parts=with_parts))
            got = {number_of[one["reference"]]: (one["distance"], one["effect"]) for one in found["items"]}
            assert got == naive(links_turned, parts_turned if with_parts else [], start, depth)
            assert found["reached"] == len(found["items"]) == sum(group["count"] for group in found["groups"])
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.django_db
def test_groups_services_paths_and_loops_are_told():
    base, app = make_item("Databas"), make_item("Journalsystem", kind="application", says=make_group("Drift"))
    service = make_item("Vårdjournal", kind="business_service", says=make_group("Vård"))
    add_dependency(app, base, by=SYSTEM)
    add_dependency(service, app, by=SYSTEM, criticality="degrades")
    add_dependency(base, service, by=SYSTEM)
    data = as_data(impact([base], SYSTEM))
    assert [(one["name"], one["distance"], one["effect"]) for one in data["items"]] == [
        ("Journalsystem", 1, "failed"), ("Vårdjournal", 2, "degraded"),
    ]  # fmt: skip
    assert data["items"][1]["via"] == app.reference
    assert [(one["name"], one["count"], one["path"]) for one in data["groups"]] == [
        ("Drift", 1, [base.reference, app.reference]),
        ("Vård", 1, [base.reference, app.reference, service.reference]),
    ]  # fmt: skip
    assert [one["reference"] for one in data["services"]] == [service.reference]
    assert [sorted(loop) for loop in data["loops"]] == [sorted([base.reference, app.reference, service.reference])]


@pytest.mark.django_db
def test_what_is_gone_is_not_walked():
    base, gone, unseen, app = (make_item(name) for name in ("a", "b", "c", "d"))
    for item in (gone, unseen):
        add_dependency(item, base, by=SYSTEM)
        add_dependency(app, item, by=SYSTEM)
    Item.objects.filter(pk=gone.pk).update(presence=Presence.MERGED)
    Dependency.objects.filter(from_item=unseen).update(not_seen_since="2026-01-01")
    assert impact([base], SYSTEM).reached == 0


@pytest.mark.django_db
def test_wrong_questions_are_refused():
    item = make_item()
    with pytest.raises(Invalid, match=r"sideways"):
        impact([item], SYSTEM, direction="sideways")
    with pytest.raises(Invalid):
        impact([item], SYSTEM, depth=-1)
    with pytest.raises(Invalid):
        impact([], SYSTEM)
    with pytest.raises(Forbidden):
        impact([item], NOBODY)


@pytest.mark.django_db
def test_one_of_several_may_fail_while_enough_are_left():
    app, service = make_item("app"), make_item("service", kind="business_service")
    nodes = [make_item(f"node {number}") for number in range(3)]
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
    add_dependency(service, app, by=SYSTEM)
    made = state_redundancy(app, nodes, least=2, by=SYSTEM)
    assert impact(nodes[:1], SYSTEM).reached == 0
    both = as_data(impact(nodes[:2], SYSTEM))
    assert [(one["name"], one["distance"], one["effect"]) for one in both["items"]] == [
        ("app", 1, "failed"), ("service", 2, "failed"),
    ]  # fmt: skip
    assert impact([app], SYSTEM, direction="needs").reached == 3
    end_redundancy(app, made.pk, by=SYSTEM)
    assert impact(nodes[:1], SYSTEM).reached == 2


@pytest.mark.django_db
def test_a_share_is_rounded_up_and_what_is_gone_is_not_counted():
    app, nodes = make_item("app"), [make_item(f"node {number}") for number in range(3)]
    for node in nodes:
        add_dependency(app, node, by=SYSTEM)
    state_redundancy(app, nodes, least=50, is_share=True, by=SYSTEM)
    assert impact(nodes[:1], SYSTEM).reached == 0
    assert impact(nodes[:2], SYSTEM).reached == 1
    Item.objects.filter(pk=nodes[2].pk).update(presence=Presence.MERGED)
    assert impact(nodes[:1], SYSTEM).reached == 0
    assert impact(nodes[:2], SYSTEM).reached == 1


@pytest.mark.django_db
def test_a_redundancy_names_what_the_item_is_said_to_need():
    app, nodes = make_item("app"), [make_item(f"node {number}") for number in range(3)]
    for node in nodes[:2]:
        add_dependency(app, node, by=SYSTEM)
    for providers, least in ((nodes, 1), (nodes[:1], 1), (nodes[:2], 0), (nodes[:2], 3)):
        with pytest.raises(Invalid):
            state_redundancy(app, providers, least=least, by=SYSTEM)
    with pytest.raises(Invalid):
        state_redundancy(app, nodes[:2], least=101, is_share=True, by=SYSTEM)
    with pytest.raises(Forbidden):
        state_redundancy(app, nodes[:2], least=1, by=NOBODY)
    first = state_redundancy(app, nodes[:2], least=1, by=SYSTEM)
    state_redundancy(app, nodes[:2], least=2, by=SYSTEM)
    assert not Redundancy.objects.filter(pk=first.pk).exists()
    with pytest.raises(NotFound):
        end_redundancy(app, first.pk, by=SYSTEM)
