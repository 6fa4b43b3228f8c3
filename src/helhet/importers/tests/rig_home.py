"""What the tests of pages that come back to where they were let out share."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helhet.documents.exporting import pages
from helhet.documents.models import Document, Draft, DraftText
from helhet.documents.taking import NewPage, add_pages
from helhet.importers.models import Finding
from helhet.importers.runs import Outcome
from helhet.importers.tests.rig import SYSTEM, take
from helhet.importers.told import lead
from helhet.items.models import Item
from helhet.routines.models import Routine
from helhet.routines.taking import Beside, New, add_routines
from helhet.rules.front_matter import split, write
from helhet.rules.steps import clean_steps
from tests.world import make_group, make_item

DAY = dt.date(2026, 3, 31)
STEPS = clean_steps([{"id": "a", "title": "Stoppa"}, {"id": "b", "title": "Starta"}])
BESIDE_IT = Beside({"kind": "recovery", "symptoms": "segt", "expected_minutes": 30}, ("alertname=DiskFull",))


def routine(title: str = "Starta om", text: str = "Gör så här.\n", **more: Any) -> Document:
    """A routine of a group, with steps and what is said beside them."""
    group = make_group(f"Drift av {title}", chair=None)
    page = NewPage(
        make_item(title, kind="routine", says=group).pk, title, text, sort="routine", fields={"steps": STEPS},
        audiences=["operations"], reviewed_on=DAY, review_count=6, **more,
    )  # fmt: skip
    (document,) = add_pages([page], by=SYSTEM, note="")
    add_routines([New(document.pk, "", BESIDE_IT)])
    return document


def written_to(folder: Path) -> Path:
    """The export as a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in pages(Document.objects.all(), DAY, SYSTEM):
        place = folder / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page.text, encoding="utf-8", newline="\n")
    return folder


def edited(place: Path, edit: Callable[[dict[str, Any], str], str | None]) -> None:
    """Alter a file's front matter in place, or its text by what is returned."""
    page = split(place.read_text(encoding="utf-8"))
    text = edit(page.facts, page.text)
    place.write_text(write(page.facts, page.text if text is None else text, page.form), encoding="utf-8", newline="\n")


def file_of(folder: Path, document: Document) -> Path:
    """The one that the document was let out as."""
    (found,) = [place for place in folder.rglob("*.md") if f"document: {document.address}\n" in place.read_text()]
    return found


def bring(folder: Path, **more: Any) -> Outcome:
    """Import it as one does who edits files."""
    return take(folder, source="redigerare", mapping="pages", **more)


def wrong() -> list[tuple[str, str]]:
    """The open findings: field and words of each."""
    rows = Finding.objects.filter(closed_at=None).select_related("source", "item__kind").order_by("key", "field", "pk")
    return [(one.field, lead(one)) for one in rows]


def stands(document: Document) -> tuple[str, str, str]:
    """Number and text of what is published, and the text of the draft."""
    one, draft = (
        Document.objects.select_related("published").get(pk=document.pk),
        Draft.objects.filter(document=document),
    )
    number, text = (one.published.number, one.published.text) if one.published else ("", "")
    return number, text.strip(), "".join(draft.values_list("text", flat=True)).strip()


def everything() -> list[Any]:
    """All that an import could alter, save its own notes."""
    facts = Document.objects.order_by("pk").values_list(
        "pk", "version", "published__major", "published__minor", "path", "language", "sort", "due_on", "edited_on",
        "review_count", "reviewed_on", "front_matter", "item__name", "item__state", "item__version", "draft__text",
    )  # fmt: skip
    beside = Routine.objects.order_by("pk").values_list("pk", "kind", "symptoms", "version", "labels__value")
    return [list(facts), list(beside), Item.objects.count(), DraftText.objects.count()]
