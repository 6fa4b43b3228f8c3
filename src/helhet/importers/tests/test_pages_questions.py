"""How many questions pages that come back ask of the database: as many of many pages as of few."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helhet.documents.models import Document
from helhet.documents.taking import NewPage, add_pages
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.tests.rig_home import edited, written_to
from tests.world import make_item

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 40
ROWS = [{"measure": "Svarstid", "target": "1 s", "hours": ""}]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def written(count: int, part: str) -> list[Document]:
    """As many documents of this place more, or parts of as many services."""
    kind = "supporting_service" if part else "document"
    pages = [
        NewPage(make_item(f"{kind} {at}", kind=kind).pk, f"{kind} {at}", "Text.\n", sort="documentation", part=part,
                fields={"rows": ROWS} if part else {})
        for at in range(count)
    ]  # fmt: skip
    return add_pages(pages, by=SYSTEM, note="")


def asked_for(folder: Path, text: str, source: str) -> tuple[int, int]:
    """How many questions an import asks of these pages, all with this text; and how many documents it alters."""
    for place in folder.rglob("*.md"):
        edited(place, lambda _facts, _text: text)
    with CaptureQueriesContext(connection) as asked:
        outcome = take(folder, source=source, mapping="pages")
    return len(asked), totals(outcome)[1]


@pytest.mark.parametrize("part", ["", "levels"])
def test_pages_that_come_back_ask_no_more_the_more_they_are(tmp_path: Path, part: str) -> None:
    counts = []
    for count in (FEW, MANY):
        written(count - Document.objects.count(), part)
        folder = written_to(tmp_path / f"{count}")
        older = shutil.copytree(folder, tmp_path / f"{count}-igen")
        once, twice = (asked_for(folder, text, f"red {count}") for text in (f"En av {count}.\n", f"Två av {count}.\n"))
        assert (once[1], twice[1]) == (count, count)
        # Another source names the first edition, which stands no more.
        behind = asked_for(older, "På en äldre.\n", f"annan {count}")
        assert behind[1] == 0
        counts.append((once[0], twice[0], behind[0]))
    assert all(many < few + FEW for few, many in zip(*counts, strict=True)), counts
