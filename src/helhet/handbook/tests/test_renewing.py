"""Copies are made by themselves, stand where they are asked for, and are given to their readers alone."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import socket
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helhet.accounts.actions import sign_in_link
from helhet.documents.actions import save_draft
from helhet.documents.models import Audience
from helhet.groups.actions import change_person
from helhet.handbook.bundle import verifying
from helhet.handbook.bundle.keys import Trusted, own_key, read_key
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.bundle.manifest import LIVES
from helhet.handbook.bundle.mattering import changed_since
from helhet.handbook.bundle.renewing import make_later, make_one, on_published, renew_if_due, standings
from helhet.handbook.bundle.verifying import verify
from helhet.handbook.bundle.zipping import zip_of
from helhet.handbook.models import Bundle
from helhet.handbook.tests.written import written
from helhet.items.actions import comment
from helhet.items.models import Criticality, Item
from helhet.journal.actions import record
from helhet.journal.sealing import head_of_chain, seal_all
from helhet.kit.errors import Forbidden
from helhet.kit.jobs import Job
from tests.world import SYSTEM, as_caller, make_group, make_item, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    settings.DATA_DIR = folder
    settings.BUNDLE_DIRS = [str(tmp_path / "share"), str(tmp_path / "stick")]
    return folder


def asked_for() -> list[str]:
    return sorted(Job.objects.filter(name="handbook.bundle").values_list("arguments__audience", flat=True))


def test_a_publication_asks_for_the_copies_that_it_touches_once() -> None:
    first = written("Rutin", audience="operations")
    for _ in range(3):
        on_published(SimpleNamespace(document=first))
    assert asked_for() == ["operations"]
    Audience.objects.create(key="security", name_sv="Säkerhet", name_en="Security")
    written("Hemlig", audience="security")
    everyones = written("Policy", audience="all")
    on_published(SimpleNamespace(document=everyones))
    assert asked_for() == ["all", "operations", "security"]


def test_copies_are_renewed_when_something_changed_or_a_day_has_passed() -> None:
    document = written("Rutin")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}
    make_one.now(caller=SYSTEM, audience="operations")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}
    # Known not to matter to any copy; what is done in their names leaves it as it stands.
    person, user = make_person("Bo"), make_user("b@x.example")
    make_one.now(caller=SYSTEM, audience="operations")
    sign_in_link(user, by=SYSTEM)
    comment(document.item, "Hej", by=SYSTEM)
    save_draft(document.address, by=SYSTEM, version=None, text="Utkast")
    for verb, noun in (
        ("accounts.user.changed", "user"), ("routines.run.begun", "run"), ("groups.task.done", "task"),
        ("estate.picture.saved", "picture"),
        ("changes.position.reminded", "item"), ("documents.remark.made", "document"),
    ):  # fmt: skip
        record(verb, noun, 1, by=SYSTEM)
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}
    change_person(person.pk, by=SYSTEM, version=person.version, phone="08-1")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}
    # What turns a copy; the last is of a noun and verb that nobody has thought of.
    for verb, noun in (
        ("items.item.changed", "item"), ("documents.document.published", "document"), ("documents.check.done", "check"),
        ("documents.audience.changed", "audience"), ("estate.dependency.stated", "item"),
        ("suppliers.contact.changed", "contact"), ("groups.membership.ended", "membership"),
        ("groups.answer.assigned", "item"), ("journal.batch.import", "batch"), ("of.things.unheard", "gizmo"),
    ):  # fmt: skip
        seal_all()
        sequence = head_of_chain()[0]
        assert not changed_since(sequence)
        record(verb, noun, 1, by=SYSTEM)
        assert changed_since(sequence), verb
    make_one.now(caller=SYSTEM, audience="operations")
    Bundle.objects.update(made_at=timezone.now() - dt.timedelta(hours=25))
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}


def test_one_made_by_hand_for_a_stick_renews_nothing_where_copies_stand_by_themselves(
    tmp_path: Path, settings: Any
) -> None:
    written("Rutin")
    make_one.now(caller=SYSTEM, audience="operations")
    person = make_person("Bo")
    change_person(person.pk, by=SYSTEM, version=person.version, phone="08-1")
    operations = Audience.objects.get(key="operations")
    made = make_bundle(operations, [tmp_path / "by hand"], by=SYSTEM)
    assert made.bundle.number == 2
    (standing,) = standings([operations])
    assert standing.newest is not None
    assert standing.newest.number == 1
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}
    make_one.now(caller=SYSTEM, audience="operations")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}
    settings.BUNDLE_DIRS = [*settings.BUNDLE_DIRS, str(tmp_path / "new share")]
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}


def test_the_copies_in_their_own_places_are_sound_while_a_newer_one_was_only_made_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written("Rutin")
    operations = Audience.objects.get(key="operations")
    own, by_hand = tmp_path / "share" / "operations", tmp_path / "by hand"
    make_one.now(caller=SYSTEM, audience="operations")
    shutil.copytree(own, tmp_path / "first")
    make_one.now(caller=SYSTEM, audience="operations")
    make_bundle(operations, [by_hand], by=SYSTEM)
    key, paper = own_key(), tmp_path / "paper.pem"
    shutil.copyfile(key.path, paper)

    def found(folder: Path, trusted: Trusted = key) -> tuple[list[str], int]:
        checked = verify(folder, trusted)
        return [one.code for one in checked.faults], len(checked.warnings)

    for _again in range(2):
        assert [found(one) for one in (own, by_hand, tmp_path / "first")] == [([], 1), ([], 0), (["older"], 0)]
    # Elsewhere nobody knows which one stands here, and one that has expired should have been renewed.
    assert [found(one, read_key(paper)) for one in (own, by_hand, own)] == [([], 0), ([], 0), (["older"], 0)]
    with monkeypatch.context() as later:
        later.setattr(verifying.timezone, "now", lambda: dt.datetime.now(dt.UTC) + LIVES)
        assert found(own) == (["older"], 0)
    rewritten = own / "index.html"
    kept = rewritten.read_bytes()
    rewritten.write_bytes(kept + b" ")
    assert found(own) == (["altered", "older"], 0)
    rewritten.write_bytes(kept)
    make_one.now(caller=SYSTEM, audience="operations")
    assert [found(one) for one in (own, by_hand)] == [([], 0), (["older"], 0)]


def test_hosts_that_keep_the_data_folder_at_different_paths_renew_no_copy_for_ever(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be(host: str, folder: str = "") -> None:
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        settings.DATA_DIR = tmp_path / (folder or host)
        settings.DATA_DIR.mkdir(exist_ok=True)

    written("Rutin")
    for maker, other in (("a", "b"), ("b", "a"), ("a", "b")):
        be(other)
        record("of.things.unheard", "gizmo", 1, by=SYSTEM)
        assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}
        be(maker)
        make_one.now(caller=SYSTEM, audience="operations")
        for host in (other, maker):
            be(host)
            assert renew_if_due.now(caller=SYSTEM) == {"asked": 0}
    be("a", "moved")
    assert renew_if_due.now(caller=SYSTEM) == {"asked": 1}


def test_a_copy_stands_at_every_place_and_one_that_fails_is_told(tmp_path: Path) -> None:
    written("Rutin")
    (tmp_path / "stick").write_text("no folder")
    made = make_one.now(caller=SYSTEM, audience="operations")
    assert made["failed"] == 1
    for root in (tmp_path / "data" / "bundles", tmp_path / "share"):
        assert verify(root / "operations", own_key()).is_sound
    (standing,) = standings(Audience.objects.filter(key="operations"))
    assert [place["folder"] for place in standing.faults] == [str(tmp_path / "stick" / "operations")]


def test_what_no_copy_holds_is_told_and_is_late_after_an_hour() -> None:
    service = make_item("Journal", kind="business_service")
    Item.objects.filter(pk=service.pk).update(criticality=Criticality.CRITICAL)
    written("Gammal", routine="desk")
    make_one.now(caller=SYSTEM, audience="operations")
    new = written("Ny", routine="incident", about=(service,))
    client = Client()
    client.force_login(make_user("reader@x.example"))
    told = client.get("/api/v1/offline-copies/operations").json()
    assert [(line["address"], line["is_critical_routine"]) for line in told["waiting"]] == [(new.address, True)]
    assert not told["is_late"]
    assert new.address in client.get("/offline/").content.decode()
    Bundle.objects.update(made_at=timezone.now() - dt.timedelta(hours=3))
    new.published.published_at = timezone.now() - dt.timedelta(hours=2)
    new.published.save()
    assert client.get("/api/v1/offline-copies/operations").json()["is_late"]


def test_only_those_of_an_audience_take_its_copy_away() -> None:
    member = make_user("member@x.example")
    group = make_group("Säkerhet", members=(make_person("M", user=member),))
    audience = Audience.objects.create(key="security", name_sv="Säkerhet", name_en="Security")
    audience.groups.add(group)
    written("Hemlig", "kanarietext", audience="security")
    make_one.now(caller=SYSTEM, audience="security")
    for user, status in ((member, 200), (make_user("reader@x.example"), 404)):
        client = Client()
        client.force_login(user)
        for address in ("/offline/security/download/", "/api/v1/offline-copies/security/file"):
            answer = client.get(address)
            assert answer.status_code == status
            if status == 200:
                packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
                assert packed.testzip() is None
                told = json.loads(packed.read("helhet-security-1/json/documents.json"))
                assert [line["text"] for line in told] == ["kanarietext"]
        assert ("security" in client.get("/offline/").content.decode()) is (status == 200)


def test_a_reader_asks_for_none() -> None:
    with pytest.raises(Forbidden):
        make_later(Audience.objects.get(key="operations"), by=as_caller(make_user("reader@x.example")))


def test_packing_a_copy_leaves_the_packed_ones_of_others(tmp_path: Path) -> None:
    group, keys = make_group("Drift"), ("all", "all-1", "all-x")
    for key in keys[1:]:
        Audience.objects.create(key=key, name_sv=key, name_en=key).groups.add(group)
    folder = tmp_path / "data" / "bundles-made"
    for key in keys:
        written(f"Rutin för {key}", audience=key)
        make_one.now(caller=SYSTEM, audience=key)
        with zip_of(Audience.objects.get(key=key))[0] as file:
            assert zipfile.ZipFile(file).testzip() is None
    assert {path.name for path in folder.glob("*.zip")} == {f"helhet-{key}-1.zip" for key in keys}
    # The next copy takes its own former one away, so that no text stays that its readers may no longer have.
    make_one.now(caller=SYSTEM, audience="all")
    assert {path.name for path in folder.glob("*.zip")} == {"helhet-all-1-1.zip", "helhet-all-x-1.zip"}
    file, name = zip_of(Audience.objects.get(key="all"))
    file.close()
    assert name == "helhet-all-2.zip"


def test_the_questions_asked_do_not_grow_with_what_waits(django_assert_max_num_queries: Any) -> None:
    service = make_item("Journal", kind="business_service")
    Item.objects.filter(pk=service.pk).update(criticality=Criticality.CRITICAL)
    for at in range(12):
        written(f"Rutin {at}", routine="desk", about=(service,) if at % 2 else ())
    with django_assert_max_num_queries(5):
        (standing,) = standings(Audience.objects.filter(key="operations"))
    assert len(standing.waiting) == 12
    assert len(standing.critical) == 6
    rows = [{"who": "Jouren", "routine": written("R", routine="desk").address}]
    for at in range(12):
        written(f"Del {at}", item=make_item(kind="business_service"), part="tasks", fields={"rows": rows})
    make_one.now(caller=SYSTEM, audience="operations")
    with django_assert_max_num_queries(60):
        make_one.now(caller=SYSTEM, audience="operations")
