"""What traces and flows have seen, beside what is declared: kept apart, compared, taken over."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helhet.estate.dependencies import add_dependency
from helhet.estate.models import Dependency, Observation, SeenName
from helhet.estate.observing import name_seen, take_observations
from helhet.estate.seen import counts, pairs, take_over, unknown_names
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from helhet.kit.errors import Forbidden, Invalid, Stale
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


def graph(*rows: tuple[str, str, int]) -> bytes:
    """A query's answer."""
    found = [{"metric": {"client": a, "server": b}, "value": [0, str(n)]} for a, b, n in rows]
    return json.dumps({"data": {"result": found}}).encode()


def listed(show: str, item: Item | None = None) -> list[tuple[str, str]]:
    """The pairs of a list by names, as many as are counted."""
    found = pairs(show, SYSTEM, first=0, limit=100, item=item)
    assert len(found) == counts(SYSTEM, item)[show]
    return [(one.item.name, one.other.name) for one in found]


def test_names_are_matched_by_key_name_and_address_and_the_doubtful_are_left_to_people() -> None:
    by_key = make_item("Lönesystem", kind="application", key="payroll")
    by_name = make_item("Katalog", kind="application")
    by_address = make_item("db01", attributes={"fqdn": "db01.sjovik.example", "ip": "10.0.0.7"})
    make_item("Dubbel")
    make_item("Dubbel")
    taken = take_observations(
        graph(("payroll", "KATALOG", 4), ("payroll", "10.0.0.7", 9), ("user", "payroll", 3), ("payroll", "Dubbel", 1)),
        "tempo", by=SYSTEM,
    )  # fmt: skip
    assert (taken.edges, taken.new, taken.unknown) == (4, 4, 2)
    assert listed("seen_only") == [(by_key.name, by_address.name), (by_key.name, by_name.name)]
    assert [one.name for one in unknown_names(SYSTEM)] == ["Dubbel", "user"]


def test_declared_and_seen_are_told_apart_and_nothing_is_overwritten() -> None:
    a, b, c, d = (make_item(name) for name in "abcd")
    one = add_dependency(a, b, by=SYSTEM, criticality="degrades", note="Vår")
    add_dependency(b, c, by=SYSTEM)
    add_dependency(c, d, by=SYSTEM)
    take_observations(graph(("a", "b", 5), ("c", "a", 7)), "tempo", by=SYSTEM)
    assert listed("both") == [("a", "b")]
    assert listed("seen_only") == [("c", "a")]
    assert listed("declared_only") == [("b", "c")], "d was never looked at, so that its silence says nothing"
    assert listed("seen_only", b) == []
    one.refresh_from_db()
    assert (one.criticality, one.note, one.version) == ("degrades", "Vår", 1)
    assert Dependency.objects.count() == 3


def test_taking_the_same_in_again_makes_nothing_new_and_says_when_it_was_last_seen() -> None:
    make_item("a")
    make_item("b")
    take_observations(graph(("a", "b", 5)), "tempo", by=SYSTEM)
    before = Observation.objects.get()
    taken = take_observations(graph(("a", "b", 6)), "tempo", by=SYSTEM)
    after = Observation.objects.get()
    assert (taken.new, after.count, after.first_at) == (0, 6, before.first_at)
    assert after.last_at > before.last_at


def test_a_name_is_explained_once_and_remembered() -> None:
    a, b = make_item("a"), make_item("b")
    take_observations(graph(("a", "svc-7", 5), ("user", "a", 2)), "tempo", by=SYSTEM)
    odd, user = SeenName.objects.get(name="svc-7"), SeenName.objects.get(name="user")
    name_seen(odd.pk, b.reference, by=SYSTEM, version=1)
    name_seen(user.pk, "", by=SYSTEM, version=1)
    with pytest.raises(Stale):
        name_seen(odd.pk, a.reference, by=SYSTEM, version=1)
    take_observations(graph(("svc-7", "a", 5), ("user", "b", 2)), "tempo", by=SYSTEM)
    assert listed("seen_only") == [("a", "b"), ("b", "a")]
    assert not unknown_names(SYSTEM).exists()


def test_what_was_seen_is_taken_over_by_the_group_of_either_end_only() -> None:
    cast = Cast()
    a, b, c = (make_item(name) for name in "abc")
    assign_by_hand([a.pk], cast.group, by=SYSTEM, on=DAY)
    take_observations(graph(("a", "b", 5), ("b", "c", 5)), "tempo", by=SYSTEM)
    assert take_over([(a, b), (b, c), (c, a)], by=as_caller(cast.member)) == 1
    assert listed("both") == [("a", "b")]
    with pytest.raises(Forbidden):
        take_over([(b, c)], by=as_caller(cast.reader))
    with pytest.raises(Forbidden):
        take_observations(graph(("a", "b", 5)), "tempo", by=as_caller(cast.member))
    with pytest.raises(Invalid):
        take_observations(b"name,owner\n", "tempo", by=SYSTEM)


def test_the_page_takes_a_file_in_and_declares_with_one_click() -> None:
    cast = Cast()
    a, b = make_item("Portal", kind="application"), make_item("Katalog", kind="application")
    client = Client()
    client.force_login(cast.coordinator)
    file = SimpleUploadedFile("flows.csv", b"source,destination,port\nPortal,Katalog,443\nPortal,okand,443\n")
    client.post("/dependencies/seen/observations/", {"source": "flows", "file": file})
    assert f"{a.reference}:{b.reference}" in client.get("/dependencies/seen/").content.decode()
    assert "okand" in client.get("/dependencies/seen/?show=names").content.decode()
    client.post("/dependencies/seen/declaring/", {"pair": f"{a.reference}:{b.reference}"})
    assert Dependency.objects.get().to_item == b
    assert "/dependencies/seen/" in client.get(a.get_absolute_url()).content.decode()
