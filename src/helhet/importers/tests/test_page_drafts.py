"""Pages that are drafts where they come from are drafts here, and follow their source as published ones do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from helhet.accounts.models import Access
from helhet.documents.actions import drop_draft, publish, save_draft
from helhet.documents.exporting import pages as exported
from helhet.documents.exporting import write_folder
from helhet.documents.figures import figures, found
from helhet.documents.listing import Asked, asked_for
from helhet.documents.models import Document, Draft
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.tests.rig import SYSTEM, elsewhere, take, totals
from helhet.importers.tests.test_pages import BACKUP, DAY, bring, counted, document, pages
from helhet.importers.undo import undo_run
from helhet.items.models import State
from tests.world import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def test_a_draft_of_the_source_is_a_draft_here_that_is_counted_and_read_by_nobody_else(tmp_path: Path) -> None:
    def told(mark: str, text: str = "Gör så här") -> str:
        return BACKUP.replace("owner: nat", mark).replace("Gör så här", text)

    marks = ("draft: true", "Draft: 'Yes'", "published: false", "extra:\n  draft: true")
    drafts = {f"x{at}": told(mark) for at, mark in enumerate(marks)} | {"_drafts__y": "# Y\n"}
    shown = {"a": told("draft: false"), "b": told("published: 2026-01-01"), "c": told("draft:")}
    tried = bring(pages(tmp_path / "x", **drafts, **shown), trial=True)
    assert totals(bring(tmp_path / "x")) == totals(tried) == (8, 0, 0, 0, 0)
    told_of = figures(found(SYSTEM), DAY)
    assert (told_of.documents, told_of.with_review_date, told_of.overdue) == (8, 7, 7), "as any other page"
    assert asked_for(SYSTEM, Asked(state="overdue"), DAY).count() == 7
    one = document("x0.md")
    assert (one.published, one.draft.title, one.draft.writer_ids) == (None, "Återläs en databas", [])
    assert (one.item.state, document("a.md").item.state) == (State.PLANNED, State.LIVE)
    client = Client()
    client.force_login(make_user("skribent@sjovik.example", access=Access.ADMINISTRATOR))
    assert one.draft.note in client.get(f"/documents/{one.address}/").content.decode()
    assert not list(exported(Document.objects.filter(path="x0.md"))), "nobody who may read drafts asks"
    turned = bring(
        pages(
            tmp_path / "x",
            **(drafts | {"x0": told(""), "x1": told("draft: on", "Mer")}),
            **(shown | {"a": told("draft: yes")}),
        )
    )
    assert totals(turned) == (0, 3, 5, 0, 0)
    assert (counted(), texts_of("x0.md"), texts_of("x1.md")) == ((8, 0), ("1", ""), ("", "Mer"))
    assert texts_of("a.md") == ("", "Gör så här"), "what its site takes back is not shown here either"
    assert document("x0.md").item.state == State.LIVE
    undo_run(turned.run, by=SYSTEM)
    assert (texts_of("x0.md"), texts_of("x1.md"), texts_of("a.md")) == (
        ("", "Gör så här"),
        ("", "Gör så här"),
        ("2", ""),
    )
    assert totals(bring(tmp_path / "x")) == (0, 3, 5, 0, 0)


def texts_of(path: str) -> tuple[str, str]:
    """The number of what is published, and how the text of its draft begins."""
    one, draft = document(path), Draft.objects.filter(document__path=path).first()
    return one.published.number if one.published else "", draft.text.split("\n\n")[-1][:10].split(" när")[
        0
    ] if draft else ""


def test_a_draft_of_the_source_that_was_written_in_here_stands_and_the_source_waits(tmp_path: Path) -> None:
    draft, text = "---\ndraft: true\n---\n", "# {name}\n\n{text}.\n"

    def given(mark: str, **texts: str) -> Path:
        return pages(tmp_path / "x", **{name: mark + text.format(name=name, text=say) for name, say in texts.items()})

    bring(given(draft, a="Ett", b="Ett", c="Ett", d="Ett"))
    a, b, c = (document(f"{name}.md") for name in "abc")
    save_draft(a.address, by=SYSTEM, version=a.draft.version, text="# a\n\nVårt.\n")
    publish(b.address, by=SYSTEM, version=b.draft.version)
    drop_draft(c.address, by=SYSTEM, version=c.draft.version)
    assert totals(bring(given(draft, a="Ett", b="Ett", c="Ett", d="Ett"))) == (0, 0, 4, 0, 0)
    bring(given(draft, a="Två", b="Två", c="Ett", d="Ett"))
    assert set(Finding.objects.filter(closed_at=None).values_list("key", "field")) == {
        ("a.md", "text"),
        ("b.md", "text"),
    }
    assert document("a.md").draft.text == "# a\n\nVårt.\n"
    bring(given("", a="Tre", b="Ett", c="Ett", d="Tre"))
    assert {one: texts_of(f"{one}.md")[0] for one in "abcd"} == {"a": "", "b": "1", "c": "1", "d": "1"}
    assert [one.key for one in Finding.objects.filter(closed_at=None)] == ["a.md"], "it is still written here"
    bring(given("", a="Vårt", b="Ett", c="Ett", d="Tre"))
    assert (texts_of("a.md"), Finding.objects.filter(closed_at=None).count()) == (("1", ""), 0), "both say the same"


def test_drafts_go_out_as_drafts_and_what_was_published_here_goes_out_without_the_mark(tmp_path: Path) -> None:
    mark = "---\ndraft: true\n---\n# {}\n"
    given = {"a": mark.format("A"), "b": mark.format("B"), "_drafts__c": "# C\n", "_drafts__d": "# D\n", "e": "# E\n",
             "f": "---\nextra:\n  draft: true\n---\n# F\n"}  # fmt: skip
    bring(pages(tmp_path / "x", **given))
    for path in ("b.md", "_drafts/c.md", "f.md"):
        one = document(path)
        publish(one.address, by=SYSTEM, version=one.draft.version)
    assert write_folder(tmp_path / "out", SYSTEM) == len(given)
    assert totals(take(elsewhere(tmp_path / "out"), source="annan", mapping="pages"))[0] == len(given)
    there = Document.objects.filter(taken__source__name="annan", published=None).order_by("path")
    assert [(one.path, one.draft.text.strip()) for one in there] == [("_drafts/d.md", "# D"), ("a.md", "# A")]
