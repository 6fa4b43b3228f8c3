"""A source's page and its address of the API: what it owns is seen, changed by who may, and followed by imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helhet.importers.models import Run
from helhet.importers.sources import change_source, look_again_job
from helhet.importers.tests.rig import item, take, write
from helhet.items.actions import change_item
from helhet.items.models import Source, SourceKey
from helhet.kit.errors import Forbidden, Invalid, Stale, VersionMissing
from tests.world import SYSTEM, Cast, as_caller

BETA = {"key": "b", "kind": "server", "name": "Beta"}
FIRST = [{"key": "a", "kind": "server", "name": "Alfa"}, BETA]
AGAIN = [{"key": "a", "kind": "server", "name": "Alfa två"}, BETA]


@pytest.fixture
def cast(db: None) -> Cast:
    del db
    return Cast()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def source(cast: Cast, tmp_path: Path) -> Source:
    """One that has been imported once."""
    del cast
    take(write(tmp_path / "x", items=FIRST))
    return Source.objects.get()


def signed_in(user: Any, language: str = "sv") -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_what_it_does_not_own_it_leaves_and_what_it_owns_it_overwrites(source: Source, tmp_path: Path) -> None:
    change_source(source.pk, by=SYSTEM, version=1, owns=["state"])
    change_item(item("a").reference, by=SYSTEM, version=item("a").version, name="Mitt namn")
    take(write(tmp_path / "x", items=AGAIN))
    assert item("a").name == "Mitt namn"
    change_source(source.pk, by=SYSTEM, version=2, owns=[])
    assert look_again_job.now(caller=SYSTEM, source_id=source.pk) == {"records": 2}
    assert not SourceKey.objects.filter(digest__isnull=False).exists()
    take(write(tmp_path / "x", items=AGAIN))
    assert item("a").name == "Alfa två"


def test_only_who_manages_sources_changes_what_one_owns_from_the_version_read(source: Source, cast: Cast) -> None:
    boss = as_caller(cast.coordinator)
    with pytest.raises(Forbidden):
        change_source(source.pk, by=as_caller(cast.chair), version=1, owns=["name"])
    with pytest.raises(VersionMissing):
        change_source(source.pk, by=boss, version=None, owns=["name"])
    with pytest.raises(Stale):
        change_source(source.pk, by=boss, version=7, owns=["name"])
    with pytest.raises(Invalid):
        change_source(source.pk, by=boss, version=1, owns=["nonesuch"])
    assert change_source(source.pk, by=boss, version=1, owns=["tags", "name"]).owns == ["name", "tags"]
    assert change_source(source.pk, by=boss, version=2, owns=["name", "tags"]).version == 2


@pytest.mark.parametrize(("language", "words"), [("sv", "Källan äger"), ("en", "The source owns")])
def test_the_page_shows_and_changes_it_with_history(source: Source, cast: Cast, language: str, words: str) -> None:
    client = signed_in(cast.administrator, language)
    url = reverse("importers:source", args=[source.pk])
    assert url in client.get(reverse("importers:runs")).content.decode()
    page = client.get(url).content.decode()
    assert words in page
    assert reverse("importers:run", args=[Run.objects.get().pk]) in page
    assert client.post(url, {"extent": "chosen", "version": 1}).status_code == 422
    assert client.post(url, {"extent": "chosen", "owns": ["name"], "version": 9}).status_code == 422
    assert client.post(url, {"extent": "chosen", "owns": ["name"], "version": 1}).status_code == 302
    source.refresh_from_db()
    assert (source.owns, source.version) == (["name"], 2)
    assert cast.administrator.name in client.get(url).content.decode()
    reader = signed_in(cast.reader, language)
    assert words not in reader.get(url).content.decode()
    assert reader.post(url, {"extent": "all", "version": 2}).status_code == 403


def test_a_mapping_that_says_itself_what_is_owned_goes_before_and_is_told(source: Source, cast: Cast) -> None:
    run = Run.objects.get()
    run.mapping_text = run.mapping_text + "\nowns: [state]\n"
    run.save()
    told = signed_in(cast.reader).get(f"/api/v1/sources/{source.pk}").json()
    assert told["stated_by_mapping"] == ["state"]
    assert (
        "säger det själv" in signed_in(cast.reader).get(reverse("importers:source", args=[source.pk])).content.decode()
    )


def test_the_api_reads_and_changes_a_source(source: Source, cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    url = f"/api/v1/sources/{source.pk}"
    read = client.get(url)
    assert (read.json()["owns"], read["ETag"]) == ([], '"1"')

    def change(owns: list[str], **headers: str) -> Any:
        return client.patch(url, json.dumps({"owns": owns}), content_type="application/json", headers=headers)

    assert change(["name"]).status_code == 428
    done = change(["name"], **{"If-Match": read["ETag"]})
    assert (done.json()["owns"], done["ETag"]) == (["name"], '"2"')
    assert change([], **{"If-Match": read["ETag"]}).status_code == 412
    assert change(["nonesuch"], **{"If-Match": '"2"'}).json()["fields"] == [
        {"field": "owns", "message": "En källa kan inte äga nonesuch."}
    ]
