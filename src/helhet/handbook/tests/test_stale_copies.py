"""A copy is made anew when anything that it tells is altered, and is not given away while it holds what others read."""

from __future__ import annotations

import datetime as dt
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from helhet.documents.actions import mark_reviewed, set_audiences, withdraw
from helhet.documents.actions.audiences import change_audience, create_audience, remove_audience
from helhet.documents.models import Audience, Document
from helhet.estate.dependencies import add_dependency
from helhet.groups.actions import change_group
from helhet.groups.models import Answer
from helhet.handbook.bundle import making
from helhet.handbook.bundle.renewing import make_one, renew_if_due
from helhet.handbook.bundle.zipping import zip_of
from helhet.handbook.models import Bundle
from helhet.handbook.tests.walking import every_text, faults_in
from helhet.handbook.tests.written import a_supplier, written
from helhet.items.actions import change_item
from helhet.kit.errors import Clash
from helhet.kit.jobs import Job
from helhet.suppliers.actions import change_contact
from tests.world import SYSTEM, make_group, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings: Any) -> list[Path]:
    settings.DATA_DIR = tmp_path / "data"
    settings.BUNDLE_DIRS = [str(tmp_path / "share")]
    return [tmp_path / "data" / "bundles", tmp_path / "share"]


def asked_for() -> set[str]:
    return set(Job.objects.filter(name="handbook.bundle").values_list("arguments__audience", flat=True))


def narrowed(*, open_to: str = "all") -> tuple[Audience, Document, Document]:
    """An audience of its own with two documents."""
    group = make_group("Säkerhet")
    audience = create_audience(by=SYSTEM, key="security", name_sv="Säkerhet", groups=[group.reference])
    first, second = (written(f"Rutin {at}", f"kanarie{at}", audience=open_to) for at in (1, 2))
    return audience, first, second


def test_readers_that_are_narrowed_renew_each_copy_that_had_it_and_stop_the_old_one(places: list[Path]) -> None:
    _audience, first, _second = narrowed(open_to="operations")
    make_one.now(caller=SYSTEM, audience="operations")
    audience = Audience.objects.get(key="operations")
    with zip_of(audience)[0] as packed:
        assert zipfile.is_zipfile(packed)
    set_audiences(first.address, by=SYSTEM, version=first.version, audiences=["security"])
    assert asked_for() == {"operations", "security"}
    with pytest.raises(Clash, match=r"no longer reads|inte längre läser"):
        zip_of(audience)
    make_one.now(caller=SYSTEM, audience="operations")
    with zip_of(audience)[0] as file, zipfile.ZipFile(file) as packed:
        assert all(b"kanarie1" not in packed.read(name) for name in packed.namelist())
    assert all("kanarie1" not in every_text(place / "operations") for place in places)


def test_an_audience_that_lost_all_its_documents_gets_one_last_copy_without_them(places: list[Path]) -> None:
    _audience, *documents = narrowed(open_to="security")
    make_one.now(caller=SYSTEM, audience="security")
    for one in documents:
        # As by an import or a merge, which tell no participant.
        one.read_by.all().delete()
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}
    make_one.now(caller=SYSTEM, audience="security")
    assert "kanarie" not in every_text(places[0] / "security")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}


def test_what_everyone_read_is_narrowed_in_the_copies_of_all(places: list[Path]) -> None:
    _audience, first, _second = narrowed()
    written("Drift", audience="operations")
    set_audiences(first.address, by=SYSTEM, version=first.version, audiences=["security"])
    assert asked_for() == {"all", "operations", "security"}


def test_the_copies_of_an_audience_that_is_removed_are_taken_away(places: list[Path]) -> None:
    audience, *documents = narrowed(open_to="security")
    make_one.now(caller=SYSTEM, audience="security")
    for one in documents:
        set_audiences(one.address, by=SYSTEM, version=one.version, audiences=["all"])
    Job.objects.all().delete()
    remove_audience("security", by=SYSTEM, version=audience.version)
    assert asked_for() == {"security"}
    (places[1] / "security" / "manifest.json").write_text("{}")
    assert make_one.now(caller=SYSTEM, audience="security")["failed"] == 1
    assert [(place / "security").exists() for place in places] == [False, True]


def altered() -> dict[str, Callable[[], object]]:
    """Each change that a copy tells of, by what it is."""
    group, other = make_group("Drift"), make_item("Nät", kind="supporting_service")
    service = make_item("Post", kind="supporting_service")
    Answer.objects.filter(item=service).update(group=group)
    supplier = a_supplier("Nordkabel", delivers=service)
    contact = supplier.contacts.get()
    part = written("Uppgifter", item=service, part="tasks")
    routine, kept = written("Starta om", routine="desk", about=(service,)), written("Plan")
    return {
        "a part is withdrawn": lambda: withdraw(part.address, by=SYSTEM, version=1, reason="slut"),
        "a routine is withdrawn": lambda: withdraw(routine.address, by=SYSTEM, version=1, reason="slut"),
        "a contact has a new number": lambda: change_contact(
            supplier.item.reference, contact.pk, by=SYSTEM, version=contact.version, phone="08-9"),
        "a group is renamed": lambda: change_group(group.reference, by=SYSTEM, version=group.item.version, name="Jour"),
        "a dependency is stated": lambda: add_dependency(service, other, by=SYSTEM),
        "an item is renamed": lambda: change_item(other.reference, by=SYSTEM, version=other.version, name="Nätet"),
        "a document is reviewed": lambda: mark_reviewed(kept.address, by=SYSTEM, version=1),
        "an audience is renamed": lambda: change_audience(
            "operations", by=SYSTEM, version=Audience.objects.get(key="operations").version, name_sv="Driftarna"),
    }  # fmt: skip


def test_whatever_a_copy_tells_of_is_made_anew_when_it_is_altered(places: list[Path]) -> None:
    changes = altered()
    for name, change in changes.items():
        make_one.now(caller=SYSTEM, audience="operations")
        assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}, name
        change()
        assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}, name
    make_one.now(caller=SYSTEM, audience="operations")
    told = every_text(places[0] / "operations")
    assert "Starta om" not in told
    assert "08-9" in told


def test_a_copy_of_yesterday_is_made_anew_though_nothing_happened() -> None:
    written("Rutin")
    make_one.now(caller=SYSTEM, audience="operations")
    Bundle.objects.update(made_at=timezone.now() - dt.timedelta(days=1))
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_happens_while_a_copy_is_made_is_wholly_in_the_next_or_stops_it(
    places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    document, other = written("Rutin", "kanarietext"), written("Annan")
    meanwhile: list[Callable[[], object]] = []
    write_documents = making.write_documents

    def apart(change: Callable[[], object]) -> None:
        change()
        connection.close()

    def as_others_write(*args: Any) -> Any:
        for change in meanwhile:
            thread = threading.Thread(target=apart, args=(change,))
            thread.start()
            thread.join()
        return write_documents(*args)

    monkeypatch.setattr(making, "write_documents", as_others_write)
    meanwhile.append(lambda: Document.objects.filter(pk=document.pk).update(published=None))
    make_one.now(caller=SYSTEM, audience="operations")
    copy = places[0] / "operations"
    assert faults_in(copy) == []
    assert "kanarietext" in every_text(copy)
    # Readers that are narrowed meanwhile are no matter of taste: nothing is put in place.
    meanwhile[:] = [other.audiences.clear]
    with pytest.raises(Clash):
        make_one.now(caller=SYSTEM, audience="operations")
    meanwhile.clear()
    make_one.now(caller=SYSTEM, audience="operations")
    assert "Annan" not in every_text(copy)
