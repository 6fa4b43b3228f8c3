"""Pictures of texts are in the copy for those who may see them, and the first page tells which are not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File

from helhet.documents.models import Audience
from helhet.handbook.bundle import pictures
from helhet.handbook.bundle.keys import own_key
from helhet.handbook.bundle.verifying import verify
from helhet.handbook.tests.walking import Addresses, every_text, faults_in, made
from helhet.handbook.tests.written import written
from helhet.items.attachments import keep_file, place_of
from helhet.items.models import Attachment, Item
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + (1).to_bytes(4, "big") * 2


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path / "data", tmp_path / "files"


def kept(item: Item, content: bytes, name: str = "bild.png", part: str = "") -> Attachment:
    return keep_file(item, File(io.BytesIO(content), name=name), by=SYSTEM, part=part)


def shown(one: Attachment, words: str = "skåp") -> str:
    return f"![{words}](/items/{one.item.reference}/attachments/{one.pk}/)"


def images(out: Path, page: str) -> list[str]:
    return [address for address in Addresses((out / page).read_text()).loaded if "pictures" in address]


def test_a_picture_is_beside_the_texts_that_show_it_and_only_there(tmp_path: Path) -> None:
    service = make_item("Post", kind="supporting_service")
    of_item, of_part = kept(service, PNG + b"1"), kept(service, PNG + b"2", part="support")
    step = [{"id": "a", "title": "Steg", "text": shown(of_item)}]
    routine = written("Rutin", shown(of_item) * 2, routine="desk", fields={"steps": step})
    written("Stöd", shown(of_part), item=service, part="support")
    made(tmp_path / "out")
    assert (
        images(tmp_path / "out", f"documents/{routine.address.lower()}.html") == [f"../pictures/{of_item.pk}.png"] * 3
    )
    assert (tmp_path / "out" / f"pictures/{of_part.pk}.png").read_bytes() == PNG + b"2"
    assert faults_in(tmp_path / "out") == []
    assert verify(tmp_path / "out", own_key()).is_sound
    (tmp_path / "out" / f"pictures/{of_part.pk}.png").write_bytes(PNG + b"3")
    assert not verify(tmp_path / "out", own_key()).is_sound


def test_a_picture_of_what_others_read_stays_out_with_its_name(tmp_path: Path) -> None:
    service = make_item("Post", kind="supporting_service")
    Audience.objects.create(key="security", name_sv="S", name_en="S")
    secret = written("Hemlig", audience="security")
    written("Del", audience="security", item=service, part="orders")
    theirs = [kept(secret.item, PNG, "kanarie.png"), kept(service, PNG, "kanarie.png", "orders")]
    gone = kept(service, PNG, "kanarie.png")
    Attachment.objects.filter(pk=gone.pk).update(removed_at=gone.at)
    elsewhere = shown(kept(service, PNG, "kanarie.png")).replace(service.reference, "SRV-99999")
    written("Rutin", " ".join([*map(shown, (*theirs, gone)), elsewhere]))
    made(tmp_path / "out")
    assert not (tmp_path / "out" / "pictures").exists()
    assert "kanarie" not in every_text(tmp_path / "out")


def test_what_is_left_out_is_told_on_the_first_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST", 100)
    monkeypatch.setattr(pictures, "MOST", 150)
    item = make_item("Post", kind="supporting_service")
    files = {
        "stor.png": PNG + b"x" * 100, "ett.png": PNG + b"1" * 60, "för-mycket.png": PNG + b"2" * 60,
        "text.svg": b"<svg/>", "borta.png": PNG,
    }  # fmt: skip
    rows = {name: kept(item, content, name) for name, content in files.items()}
    place_of(rows["borta.png"]).unlink()
    document = written("Rutin", " ".join(shown(one, f"ord-{name}") for name, one in rows.items()))
    made(tmp_path / "out")
    first = (tmp_path / "out" / "index.html").read_text()
    assert {name for name in files if f"<li>{name}: " in first} == files.keys() - {"ett.png"}
    page = f"documents/{document.address.lower()}.html"
    assert images(tmp_path / "out", page) == [f"../pictures/{rows['ett.png'].pk}.png"]
    assert "ord-stor.png" in (tmp_path / "out" / page).read_text()
    assert faults_in(tmp_path / "out") == []
