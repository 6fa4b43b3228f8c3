"""Pages through the doors: uploaded in the page, tried out, applied, counted and let out by the command."""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helhet.accounts.models import Access, User
from helhet.documents.command import DocumentsCommand
from helhet.documents.models import Document
from helhet.groups.policy import caller_of_user
from helhet.importers import portions
from helhet.importers.jobs import apply_job, plan_job
from helhet.importers.models import Finding, Run
from helhet.kit.command import Output

pytestmark = pytest.mark.django_db

PAGE = "---\ntitle: Återläs\nowner: nat\nlast_reviewed_on: 2026-01-31\nreview_in: 1 month\n---\n\nText på svenska.\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    command, parser = DocumentsCommand(), argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(words), Output(as_json=True)) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_zip_is_uploaded_tried_out_applied_counted_and_let_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = User.objects.create(email="a@example.org", name="Anna", access=Access.ADMINISTRATOR)
    client, caller = Client(), caller_of_user(admin)
    client.force_login(admin)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("drift/a.md", PAGE)
        archive.writestr("drift/b.md", "# B\n")
    file = SimpleUploadedFile("handbok.zip", packed.getvalue())
    assert client.post(reverse("importers:new"), {"file": file, "source": "h", "mapping": "pages"}).status_code == 302
    run = Run.objects.get()
    plan_job.now(caller=caller, run_id=run.pk)
    shown = client.get(reverse("importers:run", args=[run.pk])).content.decode()
    assert "Återläs" in shown
    assert not Document.objects.exists()
    apply_job.now(caller=caller, run_id=run.pk)
    assert set(Document.objects.values_list("path", flat=True)) == {"drift/a.md", "drift/b.md"}
    finding = Finding.objects.get()
    assert client.post(reverse("importers:finding", args=[finding.pk]), {"act": "make"}).status_code == 302
    assert not Finding.objects.filter(closed_at__isnull=True).exists()

    counted = told(capsys, "source:h", "--as-of", "2026-03-01")
    assert [counted[name] for name in ("documents", "with_review_date", "overdue", "check_needed")] == [2, 1, 1, 1]
    assert told(capsys, "--as-of", "2026-02-28")["overdue"] == 0, "on its due day it is not yet overdue"
    assert told(capsys, "group:nat", "--out", str(tmp_path / "ut"))["written"] == 1
    assert "owner: nat\n" in (tmp_path / "ut" / "drift" / "a.md").read_text("utf-8")
