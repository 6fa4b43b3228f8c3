"""Two items that are one: both keys lead to it, later imports follow, and it can be undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helhet.accounts.models import Access, User
from helhet.estate.models import Dependency
from helhet.importers import portions
from helhet.importers.models import Verdict
from helhet.importers.tests.rig import SYSTEM, group_of, item, take, totals, write
from helhet.items.finding import find_item
from helhet.items.listing import ItemList
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item, Presence
from helhet.journal.models import Batch
from helhet.kit.errors import Clash, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Item, Item]:
    """One server known from two sources, each with its facts."""
    take(
        write(
            tmp_path / "a",
            groups=[{"key": "g", "name": "Nät"}],
            items=[
                {"key": "s1", "kind": "server", "name": "srv1", "os": "linux", "tags": "x"},
                {"key": "app", "kind": "application", "name": "app"},
            ],
            dependencies=[{"from": "app", "to": "s1"}],
        ),
        source="a",
    )
    take(
        write(
            tmp_path / "b",
            items=[
                {"key": "9", "kind": "server", "name": "SRV1.example", "group": "a:g", "site": "Malmö", "tags": "y"},
                {"key": "disk", "kind": "storage", "name": "disk", "part_of": "9"},
            ],
            dependencies=[{"from": "9", "to": "disk"}],
        ),
        source="b",
    )
    return item("s1", "a"), item("9", "b")


def test_both_keys_lead_to_the_kept_item_which_takes_over_what_it_lacks(two: tuple[Item, Item]) -> None:
    kept, gone = two
    merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    assert find_item("a:s1", SYSTEM).pk == kept.pk
    assert find_item("b:9", SYSTEM).pk == kept.pk
    assert find_item(gone.reference, SYSTEM).pk == kept.pk
    now = Item.objects.get(pk=kept.pk)
    assert now.attributes == {"os": "linux", "site": "Malmö"}
    assert now.tags == ["x", "y"]
    assert group_of("s1", "a") == "Nät"
    assert item("disk", "b").part_of == now
    assert set(Dependency.objects.values_list("from_item__name", "to_item__name")) == {
        ("app", "srv1"),
        ("srv1", "disk"),
    }


def test_later_imports_of_both_sources_follow(two: tuple[Item, Item], tmp_path: Path) -> None:
    kept, gone = two
    merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    path = write(
        tmp_path / "b2", items=[{"key": "9", "kind": "server", "name": "srv1", "group": "", "site": "Lund", "tags": ""}]
    )
    outcome = take(path, source="b", partial=True)
    assert totals(outcome)[:2] == (0, 1)
    assert Item.objects.get(pk=kept.pk).attributes == {"os": "linux", "site": "Lund"}
    assert group_of("s1", "a") is None
    assert totals(take(path, source="b", partial=True))[:3] == (0, 0, 1)


def test_of_two_rows_for_one_item_the_first_that_the_source_still_shows_says_what_it_is(tmp_path: Path) -> None:
    def server(key: str, name: str, **more: str) -> dict[str, str]:
        return {"key": key, "kind": "server", "name": name, **more}

    take(write(tmp_path / "1", items=[server("1", "ett"), server("2", "två"), server("3", "tre")]), source="a")
    kept, gone = item("1", "a"), item("2", "a")
    merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    both = write(tmp_path / "2", items=[server("1", "ett"), server("2", "tvåan"), server("3", "tre")])
    assert totals(take(both, source="a"))[:3] == (0, 0, 3)
    assert Item.objects.get(pk=kept.pk).name == "ett"
    one_left = write(tmp_path / "3", items=[server("2", "tvåan", os="linux"), server("3", "tre", os="")])
    outcome = take(one_left, source="a")
    assert (*totals(outcome)[:3], outcome.report.total(Verdict.NOT_SEEN)) == (0, 1, 1, 0)
    now = Item.objects.get(pk=kept.pk)
    assert (now.name, now.attributes) == ("tvåan", {"os": "linux"})
    assert not ItemList(SYSTEM, "seen:no").ids().exists()
    assert totals(take(one_left, source="a"))[:3] == (0, 0, 2)
    partial = write(tmp_path / "4", items=[server("1", "ett")])
    assert totals(take(partial, source="a", partial=True))[:3] == (0, 1, 0)
    assert Item.objects.get(pk=kept.pk).name == "ett"
    neither = write(tmp_path / "5", items=[server("3", "tre")])
    assert take(neither, source="a").report.total(Verdict.NOT_SEEN) == 2
    assert list(ItemList(SYSTEM, "seen:no").ids()) == [kept.pk]


def test_a_merge_is_undone_with_later_edits_kept(two: tuple[Item, Item]) -> None:
    kept, gone = two
    before = {one.pk: (one.attributes, one.tags, one.part_of_id) for one in Item.objects.all()}
    ends = set(Dependency.objects.values_list("from_item_id", "to_item_id"))
    batch = merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    split_items(batch.pk, by=SYSTEM)
    assert {one.pk: (one.attributes, one.tags, one.part_of_id) for one in Item.objects.all()} == before
    assert set(Dependency.objects.values_list("from_item_id", "to_item_id")) == ends
    assert not Item.objects.exclude(presence=Presence.HERE).exists()
    assert group_of("9", "b") == "Nät"
    assert group_of("s1", "a") is None
    with pytest.raises(Clash):
        split_items(batch.pk, by=SYSTEM)


def test_the_page_and_the_api_merge_and_undo(two: tuple[Item, Item], settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    kept, gone = two
    client = Client()
    client.force_login(User.objects.create(email="a@example.org", name="Anna", access=Access.ADMINISTRATOR))
    page = reverse("estate:merge", args=[kept.reference])
    assert client.get(page).status_code == 200
    assert client.post(page, {"gone": "nothing", "version": kept.version}).status_code == 422
    assert client.post(page, {"gone": "b:9", "version": 99}).status_code == 422
    assert client.post(page, {"gone": "b:9", "version": kept.version}).status_code == 302
    assert Item.objects.get(pk=gone.pk).presence == Presence.MERGED
    merged = Batch.objects.get(sort="merge")
    assert client.post(reverse("estate:split", args=[merged.pk])).status_code == 302
    assert Item.objects.get(pk=gone.pk).presence == Presence.HERE
    version = Item.objects.get(pk=kept.pk).version
    url, body = f"/api/v1/items/{kept.reference}/merge", json.dumps({"gone": gone.reference})
    assert client.post(url, body, content_type="application/json").status_code == 428
    answer = client.post(url, body, content_type="application/json", headers={"If-Match": f'"{version}"'})
    assert (answer.status_code, answer.json()["gone"]) == (200, gone.reference)
    assert client.post(f"/api/v1/items/merges/{answer.json()['batch']}/undo").status_code == 200
    assert client.post(f"/api/v1/items/merges/{answer.json()['batch']}/undo").status_code == 409
    client.force_login(User.objects.create(email="r@example.org", name="Rut", access=Access.READER))
    assert client.get(page).status_code == 403
    assert client.post(url, body, content_type="application/json", headers={"If-Match": '"1"'}).status_code == 403


def test_an_item_cannot_be_merged_with_itself_or_with_its_whole(two: tuple[Item, Item]) -> None:
    kept, gone = two
    with pytest.raises(Invalid):
        merge_items(kept.reference, "a:s1", by=SYSTEM, version=kept.version)
    with pytest.raises(Clash):
        merge_items(gone.reference, "b:disk", by=SYSTEM, version=gone.version)
