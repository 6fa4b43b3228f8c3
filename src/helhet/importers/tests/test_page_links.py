"""Links between pages of a set lead to the documents that these became, in whatever order they came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helhet.documents.actions import publish, save_draft
from helhet.documents.dead_links import dead_links
from helhet.documents.document_page import context
from helhet.documents.exporting import pages as exported
from helhet.documents.models import Document, TextLink
from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.making import make_bundle
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.undo import undo_run

pytestmark = pytest.mark.django_db

FIRST = """# Första

[två](../b/Två%20sidor.md#Åtgärd), [från roten](/drift/b/tre.html), [[Två sidor|samma]], [r][x], [borta](c.md),
[bild](skiss.png), [[Ingen]] och [ute](https://example.org/c.md).

[x]: ../a/
"""
SECOND = "# Två\n\n## Åtgärd\n\n[åter](../a/ett.md)"
THIRD = "# Tre\n"
INDEX = "# Om a\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def bring(path: Path, pages: dict[str, str], *, partial: bool = False) -> None:
    path.write_text("\n".join(json.dumps({"path": name, "text": text}) for name, text in pages.items()))
    take(path, source="handbok", mapping="pages", partial=partial)


def document(path: str) -> Document:
    return Document.objects.select_related("published", "item__kind").get(path=path)


def body(path: str) -> str:
    return str(context(document(path), SYSTEM)["body"])


def dead() -> list[str]:
    return sorted(dead_links(SYSTEM).values_list("target", flat=True))


def test_links_lead_to_documents_and_the_dead_are_findings(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    bring(path, {"drift/a/ett.md": FIRST})
    assert dead() == [
        "../a/", "../b/Tv%C3%A5%20sidor.md#%C3%85tg%C3%A4rd", "/drift/b/tre.html", "INGEN", "TVÅ SIDOR|SAMMA", "c.md",
    ]  # fmt: skip
    bring(path, {"drift/b/tre.html.md": THIRD, "drift/b/Två sidor.md": SECOND, "drift/a/index.md": INDEX}, partial=True)
    two, three, index = (document(name).address for name in (
        "drift/b/Två sidor.md", "drift/b/tre.html.md", "drift/a/index.md"
    ))  # fmt: skip
    shown = body("drift/a/ett.md")
    assert f'<a href="/documents/{two}/#s-åtgärd">två</a>' in shown
    assert f'<a href="/documents/{three}/">från roten</a>' in shown
    assert f'<a href="/documents/{two}/">samma</a>' in shown
    assert f'<a href="/documents/{index}/">r</a>' in shown
    assert 'href="c.md"' not in shown, "a browser would look for it among our own addresses"
    assert 'href="https://example.org/c.md"' in shown
    assert 'id="s-åtgärd"' in body("drift/b/Två sidor.md")
    assert dead() == ["INGEN", "c.md"], "a picture that stayed where it was is not missed"
    assert next(page.text for page in exported(Document.objects.all()) if page.path == "drift/a/ett.md").endswith(FIRST)


def test_links_within_a_set_lead_there_in_the_offline_copy_too(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    bring(
        tmp_path / "pages.jsonl",
        {"drift/a/ett.md": "[två](../b/Två%20sidor.md) [c](c.md)", "drift/b/Två sidor.md": SECOND},
    )
    make_bundle(find_audience("all"), [tmp_path / "out"], by=SYSTEM)
    one, two = (document(name).address.lower() for name in ("drift/a/ett.md", "drift/b/Två sidor.md"))
    told = (tmp_path / "out" / "documents" / f"{one}.html").read_text("utf-8")
    assert f'<a href="../documents/{two}.html">två</a>' in told


def test_a_page_that_is_gone_leaves_dead_links_and_one_that_is_edited_here_keeps_its_links(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    bring(path, {"drift/a/ett.md": SECOND.replace("../a/ett.md", "../b/Två sidor.md"), "drift/b/Två sidor.md": SECOND})
    one = document("drift/b/Två sidor.md")
    draft = save_draft(one.address, by=SYSTEM, version=None, text="[åter](../a/ett) [[SRV-9999]]")
    publish(one.address, by=SYSTEM, version=draft.version)
    assert f"/documents/{document('drift/a/ett.md').address}/" in body("drift/b/Två sidor.md")
    assert dead() == ["SRV-9999"]
    bring(path, {"drift/b/Två sidor.md": SECOND})
    assert dead() == ["../a/ett", "SRV-9999"]
    assert TextLink.objects.get(target="../a/ett").item_id == document("drift/a/ett.md").item_id


def test_a_page_that_moved_is_the_same_document_and_links_to_both_its_paths_lead_there(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    linking = "[två](b/två.md) och [ny](c/två.md)"
    bring(path, {"ett.md": linking, "b/två.md": SECOND, "b/tre.md": THIRD})
    address = document("b/två.md").address
    edited = SECOND.replace("åter", "tillbaka")
    moved = {"ett.md": linking, "c/två.md": edited, "d/3.md": THIRD}
    path.write_text("\n".join(json.dumps({"path": name, "text": text}) for name, text in moved.items()))
    tried, done = (take(path, source="handbok", mapping="pages", trial=trial) for trial in (True, False))
    assert totals(done) == totals(tried) == (0, 2, 1, 0, 0)
    assert document("d/3.md").former_paths == ["b/tre.md"]
    two = document("c/två.md")
    assert (two.address, two.published and two.published.number) == (address, "2")
    assert body("ett.md").count(f'href="/documents/{address}/"') == 2
    bring(path, {**moved, "b/två.md": "# Ett annat"})
    stub = document("b/två.md").address
    assert stub != address, "another page where it was is a page of its own"
    assert body("ett.md").count(f'href="/documents/{stub}/"') == 1
    undo_run(done.run, by=SYSTEM)
    assert document("b/tre.md").item.source_keys.get().key == "b/tre.md"
