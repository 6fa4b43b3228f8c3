"""Parts of service documentation that are drafts where they come from are drafts of those parts here."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from helhet.documents.actions import publish, save_draft
from helhet.documents.models import Document, Draft
from helhet.handbook.states import states_of
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.tests.test_service_parts import a_part, page_of, written_to, wrong
from helhet.importers.undo import undo_run
from helhet.rules.service_parts import PartState
from tests.world import make_item

pytestmark = pytest.mark.django_db
ROWS = [{"measure": "Svarstid", "target": "1 s", "hours": ""}]
UNTOUCHED = (0, 0, 1, 0, 0)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def stands() -> tuple[str, str]:
    """The number of what is published of the one part, and the text of its draft."""
    one, draft = Document.objects.select_related("published").get(), Draft.objects.first()
    return one.published.number if one.published else "", draft.text if draft else ""


def let_out(folder: Path) -> Path:
    """The file of one published part, which is not here any more, though its service is."""
    here = transaction.savepoint()
    a_part("levels", ROWS)
    written_to(folder)
    transaction.savepoint_rollback(here)
    make_item("Annat", kind="supporting_service")
    make_item("E-post", kind="supporting_service")
    return page_of(folder)


def marked(file: Path) -> None:
    file.write_text(file.read_text().replace("sort: documentation", "sort: documentation\ndraft: true", 1))


def test_a_part_is_a_draft_here_as_long_as_it_is_one_there(tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    file = let_out(folder)
    shown = file.read_text()
    marked(file)
    tried, first = (take(folder, source="annan", mapping="pages", trial=is_trial) for is_trial in (True, False))
    assert (totals(tried), totals(first), wrong()) == ((1, 0, 0, 0, 0), (1, 0, 0, 0, 0), [])
    part = Document.objects.select_related("draft", "item").get()
    assert (stands(), part.draft.fields["rows"][0]["measure"]) == (("", "Text"), "Svarstid")
    assert states_of([part.item_id])[part.item_id]["levels"] == PartState.DRAFT
    assert totals(take(folder, source="annan", mapping="pages")) == UNTOUCHED
    undo_run(first.run, by=SYSTEM)
    assert stands() == ("", "")
    assert totals(take(folder, source="annan", mapping="pages")) == (1, 0, 0, 0, 0)
    file.write_text(file.read_text().replace("\n\nText", "\n\nNy text"))
    assert totals(take(folder, source="annan", mapping="pages")) == (0, 1, 0, 0, 0)
    assert stands() == ("", "Ny text")
    file.write_text(shown)
    shown_now = take(folder, source="annan", mapping="pages")
    assert (totals(shown_now), stands()) == ((0, 1, 0, 0, 0), ("1", ""))
    undo_run(shown_now.run, by=SYSTEM)
    assert stands() == ("", "Ny text")
    take(folder, source="annan", mapping="pages")
    marked(file)
    back = take(folder, source="annan", mapping="pages")
    assert (totals(back), stands()) == ((0, 1, 0, 0, 0), ("", "Text")), "what its site takes back is not in force here"
    undo_run(back.run, by=SYSTEM)
    assert stands()[1] == ""
    assert wrong() == []


def test_what_is_written_here_in_such_a_draft_stands(tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    file = let_out(folder)
    marked(file)
    take(folder, source="annan", mapping="pages")
    part = Document.objects.select_related("draft", "item").get()
    save_draft(part.address, by=SYSTEM, version=part.draft.version, text="Skriven här")
    file.write_text(file.read_text().replace("\n\nText", "\n\nNy text"))
    assert totals(take(folder, source="annan", mapping="pages")) == UNTOUCHED
    assert (stands(), [field for field, _words in wrong()]) == (("", "Skriven här"), ["text"])
    publish(part.address, by=SYSTEM, version=Draft.objects.get().version)
    file.write_text(file.read_text().replace("Ny text", "Skriven här"))
    take(folder, source="annan", mapping="pages")
    assert stands() == ("1", "")


def test_such_a_draft_goes_out_and_is_edited_at_home_and_one_beside_leaves_what_is_published(tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    marked(let_out(folder))
    take(folder, source="annan", mapping="pages")
    file = page_of(written_to(folder))
    assert totals(take(folder, source="redigerare", mapping="pages")) == UNTOUCHED
    file.write_text(file.read_text().replace("\n\nText", "\n\nNy text"))
    assert totals(take(folder, source="redigerare", mapping="pages")) == (0, 1, 0, 0, 0)
    assert stands() == ("", "Ny text")
    file.write_text(file.read_text().replace("draft: true\n", "", 1))
    assert totals(take(folder, source="redigerare", mapping="pages")) == (0, 1, 0, 0, 0)
    assert stands() == ("1", "")
    marked(file)
    file.write_text(file.read_text().replace("\n\nNy text", "\n\nNyare text"))
    beside = take(folder, source="redigerare", mapping="pages")
    assert (totals(beside), stands()) == ((0, 1, 0, 0, 0), ("1", "Nyare text"))
    assert totals(take(folder, source="redigerare", mapping="pages")) == UNTOUCHED
    undo_run(beside.run, by=SYSTEM)
    assert (stands(), wrong()) == (("1", ""), [])
