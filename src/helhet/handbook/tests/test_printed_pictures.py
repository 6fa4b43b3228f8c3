"""A print shows the pictures of its own text; what cannot be set, or is of another text, is told by its words."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.core.files.base import File
from django.utils import timezone

from helhet.handbook.printing import pictures
from helhet.handbook.printing.docx import docx_of
from helhet.handbook.printing.pdf import pdf_of
from helhet.handbook.printing.printed import print_document, print_service
from helhet.handbook.tests.written import written
from helhet.items.attachments import keep_file, place_of, remove_attachment
from helhet.items.models import Attachment, Item
from helhet.kit.errors import Invalid
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path / "data", tmp_path / "files"


def png(width: int, height: int, *, is_flat: bool = False) -> bytes:
    """A blue one, or a flat one: black, of one bit a pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + (bytes((width + 7) // 8) if is_flat else b"\x20\x60\x90" * width)) * height
    head = struct.pack(">IIBBBBB", width, height, *((1, 0) if is_flat else (8, 2)), 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg_of_odd_resolution() -> bytes:
    """One grey pixel, with an Exif resolution that is letters: a sound picture, over which python-docx stumbles."""
    entries = struct.pack(">HHHIIHHII", 2, 0x011A, 2, 4, 40, 0x0128, 3, 1, 2 << 16)
    exif = b"Exif\0\0" + (b"MM\0*" + struct.pack(">I", 8) + entries).ljust(40, b"\0") + b"abc\0"
    tables = b"\xff\xdb\0\x43\0" + b"\1" * 64
    tables += b"".join(b"\xff\xc4\0\x14" + sort + b"\1" + bytes(16) for sort in (b"\0", b"\x10"))
    frame = bytes.fromhex("ffc0000b080001000101011100" + "ffda0008010100003f00" + "3f" + "ffd9")
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + tables + frame


def kept(item: Item, content: bytes, part: str = "", name: str = "bild.png") -> Attachment:
    return keep_file(item, File(io.BytesIO(content), name=name), by=SYSTEM, part=part)


def shown(one: Attachment, words: str) -> str:
    return f"![{words}](/items/{one.item.reference}/attachments/{one.pk}/)"


def drawn(printed: Any) -> tuple[int, int, str]:
    """Pictures in the PDF and in the DOCX, and all words of both."""
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(printed))).pages
    word = docx.Document(io.BytesIO(docx_of(printed)))
    words = [*(page.extract_text() for page in pages), *(one.text for one in word.paragraphs)]
    words += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return sum(len(page.images) for page in pages), len(word.inline_shapes), " ".join(" ".join(words).split())


def test_the_pictures_of_a_text_and_its_steps_are_drawn_within_the_page_and_said_in_words() -> None:
    document = written("Rutin", "utan", routine="desk")
    wide, tall = kept(document.item, png(3_000, 40)), kept(document.item, png(30, 2_000))
    version = document.published
    assert version is not None
    version.text = f"Så: {shown(wide, 'nätet')}\n\n- {shown(tall, '')}\n\n| a |\n|---|\n| {shown(wide, 'i rutan')} |\n"
    version.fields = {"steps": [{"id": "a", "title": "Steg", "text": shown(wide, "i steget")}]}
    printed = print_document(document, now=timezone.now())
    in_pdf, in_word, words = drawn(printed)
    assert (in_pdf, in_word) == (3, 3)
    assert words.count("Bild: i rutan") == 2
    assert "Bild: nätet" not in words
    word = docx.Document(io.BytesIO(docx_of(printed)))
    assert [one._inline.docPr.get("descr") for one in word.inline_shapes] == ["nätet", "Bild", "i steget"]
    sizes = [(round(one.width.pt), round(one.height.pt)) for one in word.inline_shapes]
    assert sizes == [(430, 6), (8, 560), (430, 6)]


def test_what_is_damaged_huge_gone_or_anothers_stays_words(monkeypatch: pytest.MonkeyPatch) -> None:
    document, other = written("Rutin", "utan", routine="desk"), written("Annan", "utan")
    damaged, broken = kept(document.item, png(9, 9)[:40]), kept(document.item, png(9, 9).replace(b"IDAT", b"IDUT"))
    gone, altered = kept(document.item, png(9, 9)), kept(document.item, png(9, 9))
    removed, theirs = kept(document.item, png(9, 9)), kept(other.item, png(9, 9))
    huge, page = kept(document.item, png(9_000, 3_000, is_flat=True)), kept(document.item, b"<svg/>", name="x.svg")
    place_of(gone).unlink()
    place_of(altered).write_bytes(png(8, 8))
    remove_attachment(removed, by=SYSTEM)
    version = document.published
    assert version is not None
    all_of = (damaged, broken, gone, altered, removed, theirs, huge, page)
    version.text = "\n\n".join(shown(one, f"ord{at}") for at, one in enumerate(all_of))
    in_pdf, in_word, words = drawn(print_document(document, now=timezone.now()))
    assert (in_pdf, in_word) == (0, 0)
    lost, harmed = "filen saknas eller är ändrad på servern", "filen är skadad"
    whys = (harmed, harmed, lost, lost, "", "", "den har fler än 20 miljoner bildpunkter", "den är ingen bild som kan")
    for at, why in enumerate(whys):
        assert f"Bild: ord{at}{f' (utelämnad: {why}' if why else ''}" in words
    assert words.count("utelämnad") == 2 * 6
    sound = kept(document.item, png(9, 9))
    version.text = f"{shown(sound, 'en')} {shown(sound, 'igen')} {shown(kept(document.item, png(9, 9)), 'en till')}"
    monkeypatch.setattr(pictures, "MOST", sound.size)
    _in_pdf, in_word, words = drawn(print_document(document, now=timezone.now()))
    assert (in_word, words.count("Bild: en till (utelämnad: "), words.count("Bild: igen")) == (2, 2, 0)


def test_a_picture_that_a_word_processor_cannot_measure_is_words_in_the_docx_alone() -> None:
    document = written("Rutin", "utan")
    one = kept(document.item, jpeg_of_odd_resolution(), name="bild.jpg")
    version = document.published
    assert version is not None
    version.text = shown(one, "nätet")
    in_pdf, in_word, words = drawn(print_document(document, now=timezone.now()))
    assert (in_pdf, in_word, words.count("Bild: nätet")) == (1, 0, 1)


def test_a_whole_service_shows_those_of_each_part() -> None:
    service = make_item("Post", kind="supporting_service")
    one, other = kept(service, png(9, 9), part="support"), kept(service, png(9, 9), part="description")
    written("Stöd", f"{shown(one, 'en')} {shown(other, 'annans')}", item=service, part="support")
    assert drawn(print_service(service, SYSTEM, now=timezone.now()))[:2] == (1, 1)


def test_the_pixels_of_a_whole_print_are_counted_before_any_picture_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unpacked: list[str] = []

    def unpack(name: str, _data: bytes) -> bool:
        unpacked.append(name)
        return True

    monkeypatch.setattr(pictures, "can_be_set", unpack)
    service = make_item("Post", kind="supporting_service")
    names = []
    for part in ("description", "support"):
        three = [
            kept(service, png(*size, is_flat=True), part=part) for size in ((5_000, 4_000), (5_000, 3_999), (9, 9))
        ]
        text = " ".join(shown(one, words) for one, words in zip(three, ("ett", "två", "tre"), strict=True))
        written("Stöd", text, item=service, part=part)
        names += [f"{one.pk}.png" for one in (three if part == "description" else three[2:])]
    printed = print_service(service, SYSTEM, now=timezone.now())
    assert (unpacked, list(printed.pictures)) == (names, names)
    told = repr(printed.blocks)
    for words in ("ett", "två"):
        assert f"Bild: {words} (utelämnad: bilderna i en utskrift har högst 40 miljoner bildpunkter)" in told
    assert told.count("utelämnad") == 2


def test_a_picture_that_would_take_gigabytes_to_show_is_refused() -> None:
    item = make_item("Post")
    small = png(9, 9)
    with pytest.raises(Invalid) as refused:
        kept(item, small.replace(struct.pack(">II", 9, 9), struct.pack(">II", 60_000, 60_000)))
    assert (refused.value.field, refused.value.where) == ("file", "60000 × 60000")
    assert not Attachment.objects.exists()
    assert kept(item, small.replace(struct.pack(">II", 9, 9), struct.pack(">II", 10_000, 5_000))).size == len(small)
