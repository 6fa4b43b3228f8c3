"""An import of pages undone: what it made goes, the text before stands again, what people did since is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from helhet.documents.exporting import write_folder
from helhet.documents.models import Document, Draft
from helhet.documents.taking import Edition, add_versions
from helhet.importers import portions, runs
from helhet.importers.mapping import find_mapping
from helhet.importers.models import Run, RunRow
from helhet.importers.runs import Order, Progress, import_now, resume
from helhet.importers.tests.rig import SYSTEM, elsewhere, take, totals
from helhet.importers.tests.test_pages import BACKUP, bring, document, pages
from helhet.importers.undo import undo_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def seen() -> set[str]:
    return set(Document.objects.visible_to(SYSTEM).values_list("path", flat=True))


def test_a_first_import_is_undone_and_can_be_taken_again(tmp_path: Path) -> None:
    path = pages(tmp_path / "x", a=BACKUP, b="# B\n", c="# C\n")
    bring(path)
    Draft.objects.create(document=document("c.md"), title="C", text="begun")
    batch = undo_run(Run.objects.get(), by=SYSTEM)
    assert seen() == {"c.md"}, "what somebody drafts stays"
    assert batch.counts["kept"] == 1
    assert totals(bring(path))[0] == 2
    assert seen() == {"a.md", "b.md", "c.md"}
    assert document("a.md").versions.count() == 1, "nothing was written twice"


def test_another_text_is_undone_by_the_text_before_and_comes_again(tmp_path: Path) -> None:
    later = BACKUP.replace("Gör så här", "Gör noga så här").replace("6 months", "1 year")
    bring(pages(tmp_path / "x", a=BACKUP, b="# B\n"))
    changed = bring(pages(tmp_path / "x", a=later, b="# B\n\nMer.\n"))
    add_versions([Edition(document("b.md"), "B", "Vår egen.")], by=SYSTEM, note="")
    undo_run(changed.run, by=SYSTEM)
    one, other = document("a.md"), document("b.md")
    assert one.published is not None
    assert one.published.number == "3", "what was published is never unsaid"
    assert ("Gör så här" in one.published.text, one.review_unit, str(one.due_on)) == (True, "month", "2027-02-28")
    assert other.published is not None
    assert other.published.text == "Vår egen."
    assert RunRow.objects.get(verdict="kept").key == other.address
    assert totals(bring(pages(tmp_path / "x", a=later, b="# B\n")))[1] == 1
    assert document("a.md").versions.count() == 4


def test_an_import_that_was_broken_off_goes_on_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST_PAGES", 2)
    monkeypatch.setitem(portions.LONGEST, connection.vendor, 0)
    path = pages(tmp_path / "x", **{f"p{n}": f"---\ntitle: P{n}\n---\nText {n}\n" for n in range(1, 8)})

    class Broken(Exception):
        pass

    def stop(done: int, total: int | None) -> None:
        if total:
            raise Broken

    with pytest.raises(Broken):
        bring_with(path, stop)
    run = Run.objects.get()
    assert (run.state, Document.objects.count()) == ("applying", 2)
    outcome = resume(run, by=SYSTEM)
    assert outcome.report.counts["created"] == {"pages": 7}
    assert Document.objects.count() == 7
    assert {one.versions.count() for one in Document.objects.all()} == {1}


def bring_with(path: Path, progress: Progress) -> None:
    import_now(Order(path, path.name, find_mapping("pages"), "handbok"), by=SYSTEM, progress=progress)


def test_what_goes_out_comes_in_elsewhere_as_the_same_documents(tmp_path: Path) -> None:
    runbook = "# NodeDown\n\n## Meaning\n\nIt is down.\n\n## Diagnosis\n\nLook.\n\n## Mitigation\n\nStart it.\n"
    texts = {
        "drift__backup": BACKUP, "alerts__NodeDown": runbook, "tom": "",
        "x__index": "---\ntitle: 'A: b'\n---\n\n\n\nText",
        "bruten": "---\ntitle: A: b\nlast_reviewed_on: 2026-01-31\nreview_in: 1 month\n---\nText",
        "toml": "+++\nreview_by = 2026-05-05\nexpires = 2027-01-01\n[extra]\nowner = 'nat'\n+++\n{not: json}\n",
        "mall": "---\ntitle: x\n<% if y %>\nlang: en\ntype: policy\nlastmod: 2026-02-03\n---\nText",
    }  # fmt: skip
    bring(pages(tmp_path / "x", **texts))
    here = Document.objects.get(path="drift/backup.md")
    here.reviewed_on, here.review_count, here.due_on = None, None, None
    here.save()
    write_folder(tmp_path / "out", SYSTEM)
    outcome = take(elsewhere(tmp_path / "out"), source="annan", mapping="pages")
    assert outcome.report.counts["created"] == {"pages": len(texts)}
    assert told_of("annan") == told_of("handbok")
    assert totals(take(tmp_path / "out", source="annan", mapping="pages"))[2] == len(texts)


FACTS = (
    "path", "sort", "language", "review_count", "review_unit", "reviewed_on", "due_on", "edited_on", "valid_from",
    "valid_to", "published__title", "published__text", "item__kind__key", "routine__labels__value",
)  # fmt: skip


def told_of(source: str) -> list[tuple[object, ...]]:
    return sorted(Document.objects.filter(taken__source__name=source).values_list(*FACTS), key=str)
