"""The pages and the API of importing: upload, look, apply, undo, findings; and who may."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helhet.accounts.models import Access, User
from helhet.groups.policy import caller_of_user
from helhet.importers import portions
from helhet.importers.command import ImportCommand
from helhet.importers.jobs import apply_job, plan_job, undo_job
from helhet.importers.models import Finding, Run
from helhet.importers.tests.rig import group_of, take, write
from helhet.items.models import Item
from helhet.kit.command import Output
from helhet.kit.errors import Invalid

pytestmark = pytest.mark.django_db

TABLE = b"key,kind,name,group\na,server,Alfa,g1\nb,server,Beta,\nc,ufo,Ce,\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def admin() -> User:
    return User.objects.create(email="a@example.org", name="Anna", access=Access.ADMINISTRATOR)


@pytest.fixture
def reader() -> User:
    return User.objects.create(email="r@example.org", name="Rut", access=Access.READER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_file_is_uploaded_tried_out_applied_and_undone_in_the_page(admin: User) -> None:
    client, caller = signed_in(admin), caller_of_user(admin)
    assert client.get(reverse("importers:runs")).status_code == 200
    form = {"file": SimpleUploadedFile("items.csv", TABLE), "source": "cmdb", "mapping": "plain"}
    answer = client.post(reverse("importers:new"), form)
    run = Run.objects.get()
    assert answer.status_code == 302
    plan_job.now(caller=caller, run_id=run.pk)
    shown = client.get(reverse("importers:run", args=[run.pk])).content.decode()
    assert "Alfa" in shown
    assert not Item.objects.exists()
    refused = client.get(reverse("importers:run", args=[run.pk]) + "?show=refused").content.decode()
    assert "ufo" in refused
    assert client.post(reverse("importers:apply", args=[run.pk])).status_code == 302
    apply_job.now(caller=caller, run_id=run.pk)
    assert set(Item.objects.values_list("name", flat=True)) == {"Alfa", "Beta"}
    listed = client.get(reverse("importers:findings")).content.decode()
    assert "g1" in listed
    finding = Finding.objects.get()
    client.post(reverse("importers:finding", args=[finding.pk]), {"act": "make"})
    assert group_of("a") == "g1"
    assert client.post(reverse("importers:undo", args=[run.pk])).status_code == 302
    undo_job.now(caller=caller, run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "undone"
    assert client.get(reverse("importers:runs")).status_code == 200


def test_a_file_that_cannot_be_read_says_so_on_its_page(admin: User) -> None:
    client, caller = signed_in(admin), caller_of_user(admin)
    broken = SimpleUploadedFile("items.csv", b"key,kind,name\na,server,\xff\xfe\xe5\n")
    client.post(reverse("importers:new"), {"file": broken, "source": "cmdb", "mapping": "plain"})
    run = Run.objects.get()
    plan_job.now(caller=caller, run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "refused"
    assert "items.csv" in client.get(reverse("importers:run", args=[run.pk])).content.decode()


def by_command(*words: str) -> int:
    """What `helhet import` answers the shell."""
    parser = argparse.ArgumentParser()
    ImportCommand().add_arguments(parser)
    return ImportCommand().run(parser.parse_args(words), Output(as_json=True))


def test_a_file_needs_no_more_than_its_source(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_bytes(TABLE)
    assert by_command(str(tmp_path / "items.csv"), "--source", "cmdb") == 0
    assert Item.objects.count() == 2


@pytest.mark.parametrize("door", ["page", "api", "command"])
def test_a_file_of_windows_is_taken_when_its_encoding_is_said(admin: User, tmp_path: Path, door: str) -> None:
    client, table = signed_in(admin), "key,kind,name\na,server,Åkerö\n".encode("cp1252")
    path = tmp_path / "items.csv"
    path.write_bytes(table)
    if door == "command":
        assert by_command(str(path), "--source", "cmdb", "--encoding", "cp1252") == 0
    else:
        address = reverse("importers:new") if door == "page" else "/api/v1/imports"
        form = {"source": "cmdb", "mapping": "plain", "encoding": "windows-1252"}
        client.post(address, form | {"file": SimpleUploadedFile("items.csv", table)})
        run = Run.objects.get()
        plan_job.now(caller=caller_of_user(admin), run_id=run.pk)
        apply_job.now(caller=caller_of_user(admin), run_id=run.pk)
    assert Item.objects.get().name == "Åkerö"
    assert Run.objects.get().encoding == "windows-1252"


def test_an_encoding_that_there_is_not_is_refused_by_the_api_and_keeps_nothing(admin: User) -> None:
    form = {"file": SimpleUploadedFile("items.csv", TABLE), "source": "cmdb", "encoding": "klingon"}
    answer = signed_in(admin).post("/api/v1/imports", form)
    assert (answer.status_code, answer.json()["field"]) == (422, "encoding")
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("source", "a:b"), ("mapping_text", "nonsense: 1"), ("on", "2999-01-01"), ("source", "")]
)
def test_a_form_that_is_wrong_keeps_nothing_and_says_so(admin: User, field: str, value: str) -> None:
    form = {
        "file": SimpleUploadedFile("i.csv", TABLE),
        "source": "cmdb",
        "mapping": "own" if "map" in field else "plain",
    }
    answer = signed_in(admin).post(reverse("importers:new"), form | {field: value})
    assert answer.status_code == 422
    assert not Run.objects.exists()


def test_a_file_above_the_limit_is_refused(admin: User, settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_LIMIT = 20
    form = {"file": SimpleUploadedFile("i.csv", TABLE), "source": "cmdb", "mapping": "plain"}
    assert signed_in(admin).post(reverse("importers:new"), form).status_code == 422
    assert list((tmp_path / "files" / "imports").iterdir()) == []


def test_a_reader_sees_imports_and_can_start_none(admin: User, reader: User, tmp_path: Path) -> None:
    take(write(tmp_path / "x", items=[{"key": "a", "kind": "server", "name": "a", "group": "q"}]))
    client, run, finding = signed_in(reader), Run.objects.get(), Finding.objects.get()
    for name, args in (("runs", []), ("run", [run.pk]), ("findings", []), ("mappings", []), ("template", ["xlsx"]),
                       ("template", ["zip"])):  # fmt: skip
        assert client.get(reverse(f"importers:{name}", args=args)).status_code == 200, name
    assert client.get(reverse("importers:progress", args=[run.pk])).status_code == 204
    assert client.get(reverse("importers:new")).status_code == 403
    for name, number in (("apply", run.pk), ("undo", run.pk), ("finding", finding.pk)):
        assert client.post(reverse(f"importers:{name}", args=[number])).status_code == 403, name
    assert Client().get(reverse("importers:runs")).status_code == 302
    assert (
        client.post("/api/v1/imports", {"source": "x", "file": SimpleUploadedFile("i.csv", TABLE)}).status_code == 403
    )
    assert client.post(f"/api/v1/imports/{run.pk}/undo").status_code == 403
    assert Client().get("/api/v1/imports").status_code == 401


def test_the_api_uploads_tells_rows_applies_and_undoes(admin: User) -> None:
    client, caller = signed_in(admin), caller_of_user(admin)
    answer = client.post("/api/v1/imports", {"source": "cmdb", "file": SimpleUploadedFile("items.csv", TABLE)})
    assert answer.status_code == 202, answer.content
    run_id = answer.json()["id"]
    plan_job.now(caller=caller, run_id=run_id)
    told = client.get(f"/api/v1/imports/{run_id}").json()
    assert told["state"] == "planned"
    assert told["totals"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 1, "not_seen": 0}
    rows = client.get(f"/api/v1/imports/{run_id}/rows", {"verdict": "refused"}).json()["items"]
    assert [row["row"] for row in rows] == ["items.csv:4"]
    assert client.post(f"/api/v1/imports/{run_id}/apply").status_code == 202
    apply_job.now(caller=caller, run_id=run_id)
    assert client.post(f"/api/v1/imports/{run_id}/apply").status_code == 409
    (finding,) = client.get("/api/v1/findings").json()["items"]
    meant = client.post(
        f"/api/v1/findings/{finding['id']}/meaning", json.dumps({"make": True}), content_type="application/json"
    )
    assert meant.json() == {"tied": 1}
    assert [source["name"] for source in client.get("/api/v1/sources").json()["items"]] == ["cmdb"]
    assert len(client.get("/api/v1/imports", {"limit": 1}).json()["items"]) == 1
    assert client.get("/api/v1/imports", {"limit": 0}).status_code == 422
    assert client.get("/api/v1/imports/999").status_code == 404
    assert client.post(f"/api/v1/imports/{run_id}/undo").status_code == 202


def test_a_report_names_both_ends_of_a_tie_before_and_after_it_is_made(admin: User, tmp_path: Path) -> None:
    items = [
        {"key": "api one", "kind": "application", "name": "Front"},
        {"key": "db", "kind": "database", "name": "Store"},
    ]
    ties = [{"from": "api one", "to": "db", "type": "runs on"}, {"from": "db", "to": "nowhere", "type": "uses"}]
    path = write(tmp_path / "given", items=items, dependencies=ties)
    take(path, trial=True)
    take(path)
    for run in Run.objects.all():
        shown = signed_in(admin).get(reverse("importers:run", args=[run.pk]) + "?show=created").content.decode()
        assert "→ Store" in shown
        assert ">Front</a> →" in shown or "<span>Front →" in shown
        assert '<span class="hh-second">runs on</span>' in shown


def test_a_report_tells_changes_in_the_words_of_the_reader(admin: User, tmp_path: Path) -> None:
    row = {"key": "a", "kind": "server", "name": "Alfa", "criticality": "high", "state": "live"}
    take(write(tmp_path / "one", items=[row]))
    take(write(tmp_path / "two", items=[{**row, "criticality": "critical", "state": "retiring"}]))
    admin.language = "sv"
    admin.save()
    run = Run.objects.latest("pk")
    shown = signed_in(admin).get(reverse("importers:run", args=[run.pk]) + "?show=changed").content.decode()
    assert "Kritikalitet: <del>hög</del> <ins>kritisk</ins>" in shown
    assert "Tillstånd: <del>i bruk</del>" in shown


def test_a_folder_that_holds_our_own_data_is_refused_rather_than_copied_into_itself(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Helhets egen datamapp"):
        take(write(tmp_path, items=[{"key": "a", "kind": "server", "name": "Alfa"}]))
    assert not Item.objects.filter(name="Alfa").exists()
