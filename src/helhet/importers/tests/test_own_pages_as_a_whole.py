"""Whatever is done to the pages of an export, each document becomes what a model says, and all else stands."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helhet.documents.actions import edit_minor
from helhet.documents.models import Audience, Document, Draft
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, totals
from helhet.importers.tests.rig_home import bring, edited, everything, written_to, wrong
from helhet.importers.tests.test_round_trip import BESIDE, PAGES, made
from helhet.routines.taking import Beside
from helhet.rules.front_matter import split
from tests.world import make_group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


EDITS = st.sampled_from(("none", "text", "draft", "here", "both", "fact", "gone", "moved"))


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate), deadline=None)
@given(st.lists(st.tuples(st.tuples(PAGES, st.booleans(), BESIDE), EDITS), min_size=1, max_size=4))
def test_what_was_edited_in_an_export_is_edited_here_and_all_else_stands(
    world: list[tuple[tuple[dict[str, Any], bool, Beside | None], str]],
) -> None:
    """Against a model: each document by itself, whatever is done to the others."""
    with tempfile.TemporaryDirectory() as place, transaction.atomic():
        mark = transaction.savepoint()
        Audience.objects.create(key="few", name_sv="Få", name_en="Few")
        made([one for one, _edit in world], make_group("Drift och nät"))
        folder, before, count = written_to(Path(place, "ut")), everything(), len(world)
        for is_trial in (True, False, False):
            assert totals(bring(folder, trial=is_trial)) == (0, 0, count, 0, 0)
            assert (everything(), wrong()) == (before, [])
        files = {split(one.read_text("utf-8")).facts["helhet"]["document"]: one
                 for one in folder.rglob("*") if one.is_file()}  # fmt: skip
        documents = list(Document.objects.select_related("published").order_by("pk"))
        expected = {}
        for document, (_page, edit) in zip(documents, world, strict=True):
            expected[document.pk] = _edit(document, files[document.address], edit)
        kept = everything()[2]
        tried, done = bring(folder, trial=True), bring(folder)
        assert totals(tried) == totals(done)
        contested = sum(edit == "both" for _page, edit in world)
        changed = sum(edit in {"text", "draft", "fact"} for _page, edit in world)
        assert totals(done)[:2] == (0, changed)
        assert {one.pk: _told(one) for one in Document.objects.select_related("published")} == expected
        assert (everything()[2], len(wrong())) == (kept, contested)
        after = everything()
        assert totals(bring(folder))[:2] == (0, 0)
        assert everything() == after
        transaction.savepoint_rollback(mark)


def _told(document: Document) -> tuple[Any, ...]:
    assert document.published is not None
    draft = Draft.objects.filter(document=document).values_list("text", flat=True).first()
    readers = tuple(document.audiences.order_by("key").values_list("key", flat=True))
    return (
        document.published.number, document.published.text, document.published.fields, draft, document.review_count,
        document.language, document.sort, document.path, readers,
    )  # fmt: skip


def _edit(document: Document, file: Path, edit: str) -> tuple[Any, ...]:
    """Do it; returns what the document is to be after the import."""
    number, text, fields, draft, *rest = _told(document)
    new = f"{text}\n\nNy rad.\n"
    if edit in {"here", "both"}:
        edit_minor(document.address, by=SYSTEM, version=document.version, text=f"{text}\n\nHär.\n")
        number, text = "1.1", f"{text}\n\nHär.\n"
    if edit in {"text", "both"}:
        edited(file, lambda _facts, _text: new)
    if edit == "text":
        number, text = "2", new
    if edit == "draft":
        edited(file, lambda facts, _text: [facts.update(draft=True), new][1])
        draft = new
    if edit == "fact":
        count = (document.review_count or 0) + 1
        edited(file, lambda facts, _text: _with_interval(facts, count))
        rest[0] = count
    if edit == "gone":
        file.unlink()
    if edit == "moved":
        (file.parent / "ny").mkdir(exist_ok=True)
        file.rename(file.parent / "ny" / f"{document.pk}.md")
    return (number, text, fields, draft, *rest)


def _with_interval(facts: dict[str, Any], count: int) -> None:
    for name in [name for name in facts if name.startswith("review_in") or name == "extra"]:
        facts.pop(name)
    facts["review_in"] = f"{count} months"
