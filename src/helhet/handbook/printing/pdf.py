"""A tagged PDF (PDF/UA-1) by Typst: one fixed template, no address, and no file but the pictures."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typst
from django.utils.translation import gettext as _

from helhet.kit.errors import Invalid

if TYPE_CHECKING:
    from helhet.handbook.printing.printed import Printed

# The standard asks for a glyph for every sign. Where the embedded fonts lack one (an emoji, another script) those of
# the machine may have it; where none has, the PDF is tagged all the same, with an empty box in that place.
TRIES: tuple[tuple[bool, list[str]], ...] = ((False, ["ua-1"]), (True, ["ua-1"]), (True, []))
TEMPLATE = Path(__file__).with_name("document.typ")


def pdf_of(printed: Printed) -> bytes:
    """The bytes of the PDF.

    Raises:
        Invalid: something in it cannot be set.

    """
    data = {
        "title": printed.title, "authors": list(printed.authors), "reference": printed.reference,
        "lang": printed.language, "header": printed.header, "footer": printed.footer, "is_bad": printed.is_bad,
        "blocks": printed.blocks, "pictures": list(printed.pictures),
    }  # fmt: skip
    words = {"data": json.dumps(data)}
    fault = ""
    with TemporaryDirectory(prefix="helhet-print-") as folder:
        for name, content in printed.pictures.items():
            Path(folder, name).write_bytes(content)
        for has_system_fonts, standards in TRIES:
            try:
                return bytes(
                    typst.compile(
                        TEMPLATE.read_bytes(), format="pdf", sys_inputs=words, ignore_system_fonts=not has_system_fonts,
                        root=folder, pdf_standards=standards,
                    )  # type: ignore[call-overload]
                )  # fmt: skip
            except typst.TypstError as error:
                fault = error.message
    raise Invalid(_("This cannot be set as PDF."), todo=_("Take it as DOCX instead."), fault=fault)


def can_be_set(name: str, data: bytes) -> bool:
    """Whether it is a whole picture: a damaged one would fail all that it stands in. Its ending tells its form."""
    with TemporaryDirectory(prefix="helhet-print-") as folder:
        Path(folder, name).write_bytes(data)
        source = f'#image("/{name}", width: 9pt)'.encode()
        try:
            typst.compile(source, format="pdf", ignore_system_fonts=True, root=folder)  # type: ignore[call-overload]
        except typst.TypstError:
            return False
    return True
