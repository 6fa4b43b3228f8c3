"""The same as DOCX: headings, lists, tables, code and links as a word processor knows them, with its properties."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

import docx
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from helhet.handbook.printing.printed import Printed
from helhet.handbook.printing.tree import Block, Run

if TYPE_CHECKING:
    from docx.oxml.text.paragraph import CT_P

BAD = RGBColor(0xA8, 0x28, 0x1D)
DEEPEST_LIST = 3
NO_PICTURE = (
    InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ArithmeticError, LookupError, TypeError,
    ValueError, struct.error,
)  # fmt: skip
"""What python-docx ends in over a damaged picture, or one of a form that it does not know."""
LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}


class Paper:
    """Writes at the end of the body. python-docx looks through all that is written for each new paragraph, style and
    table; over a thousand pages that takes minutes.
    """

    def __init__(self, word: Word, pictures: Mapping[str, bytes]) -> None:
        """`word` is empty; `pictures` as of a `Printed`."""
        self._word = word
        self.pictures = pictures
        self._end = word.element.body.sectPr
        self._ids = {style.name: style.style_id for style in word.styles}
        self._width = word._block_width

    def paragraph(self, style: str = "") -> Paragraph:
        """A new paragraph, of the style with this name."""
        made = cast("CT_P", OxmlElement("w:p"))
        if style:
            made.get_or_add_pPr().style = self._ids[style]
        self._end.addprevious(made)
        return Paragraph(made, self._word._body)

    def heading(self, level: int) -> Paragraph:
        """A new heading."""
        return self.paragraph(f"Heading {level}")

    def table(self, rows: int, columns: int) -> Table:
        """A new table with lines around its cells."""
        made = CT_Tbl.new_tbl(rows, columns, self._width)
        made.tblStyle_val = self._ids["Table Grid"]
        self._end.addprevious(made)
        return Table(made, self._word._body)


def docx_of(printed: Printed) -> bytes:
    """The bytes of the DOCX."""
    word = docx.Document()
    language = LANGUAGES.get(printed.language, printed.language)
    facts = word.core_properties
    facts.title, facts.author, facts.subject = printed.title[:255], ", ".join(printed.authors)[:255], printed.reference
    facts.language, facts.comments, facts.keywords = language, "", ""
    _speak(word, language)
    section = word.sections[0]
    header = section.header.paragraphs[0].add_run(printed.header)
    if printed.is_bad:
        header.font.color.rgb = BAD
    section.footer.paragraphs[0].add_run(printed.footer)
    paper = Paper(word, printed.pictures)
    paper.heading(1).add_run(printed.title)
    for block in printed.blocks:
        _add(paper, block, 0)
    kept = io.BytesIO()
    word.save(kept)
    return kept.getvalue()


def _speak(word: Word, language: str) -> None:
    """The language of all text, which a screen reader goes by."""
    properties = word.styles["Normal"].element.get_or_add_rPr()
    told = properties.find(qn("w:lang"))
    if told is None:
        told = OxmlElement("w:lang")
        properties.append(told)
    told.set(qn("w:val"), language)


def _add(word: Paper, block: Block, depth: int) -> None:
    WRITERS[block["t"]](word, block, depth)


def _heading(word: Paper, block: Block, _depth: int) -> None:
    _fill(word.heading(min(block["level"], 9)), block["c"], word)


def _paragraph(word: Paper, block: Block, _depth: int) -> None:
    _fill(word.paragraph(), block["c"], word)


def _code(word: Paper, block: Block, _depth: int) -> None:
    _mono(word.paragraph("No Spacing").add_run(block["text"]))


def _warning(word: Paper, block: Block, _depth: int) -> None:
    for line in block["lines"]:
        run = word.paragraph().add_run(line)
        run.bold, run.font.color.rgb = True, BAD


def _facts(word: Paper, block: Block, _depth: int) -> None:
    paragraph = word.paragraph()
    for place, (term, value) in enumerate(block["pairs"]):
        run = paragraph.add_run(f"{term}: {value}")
        if place < len(block["pairs"]) - 1:
            run.add_break()


def _rule(word: Paper, _block: Block, _depth: int) -> None:
    word.paragraph().add_run("―――")


def _quote(word: Paper, block: Block, depth: int) -> None:
    for inner in block["c"]:
        if inner["t"] == "p":
            _fill(word.paragraph("Quote"), inner["c"], word)
        else:
            _add(word, inner, depth)


def _list(word: Paper, block: Block, depth: int) -> None:
    """Numbers are written out, so that a list that begins at 5, or again at 1, is as it was meant."""
    level = min(depth + 1, DEEPEST_LIST)
    suffix = "" if level == 1 else f" {level}"
    for place, item in enumerate(block["items"], block["start"]):
        style = f"List Bullet{suffix}" if block["t"] == "ul" else f"List Continue{suffix}"
        first, *rest = item or [{"t": "p", "c": []}]
        paragraph = word.paragraph(style)
        if block["t"] == "ol":
            paragraph.add_run(f"{place}. ")
        if first["t"] == "p":
            _fill(paragraph, first["c"], word)
        else:
            rest = [first, *rest]
        for inner in rest:
            if inner["t"] == "p":
                _fill(word.paragraph(f"List Continue{suffix}"), inner["c"], word)
            else:
                _add(word, inner, depth + 1)


def _table(word: Paper, block: Block, _depth: int) -> None:
    table = word.table(1 + len(block["rows"]), len(block["head"]))
    head, *rows = table.rows
    for cell, runs in zip(head.cells, block["head"], strict=True):
        _fill(cell.paragraphs[0], [{"t": "strong", "c": runs}], word)
    # The first row is told to be the head, for those who hear the table.
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for made, row in zip(rows, block["rows"], strict=True):
        for cell, runs in zip(made.cells, row, strict=True):
            _fill(cell.paragraphs[0], runs, word)


def _fill(paragraph: Paragraph, runs: list[Run], word: Paper, **look: Any) -> None:
    for one in runs:
        kind = one["t"]
        if kind in {"strong", "em", "s"}:
            _fill(paragraph, one["c"], word, **{**look, {"strong": "bold", "em": "italic", "s": "strike"}[kind]: True})
        elif kind == "link":
            _link(paragraph, one, word, look)
        elif kind == "br":
            paragraph.add_run().add_break(WD_BREAK.LINE)
        elif kind == "image" and _is_drawn(paragraph.add_run(), one, word.pictures):
            continue
        else:
            run = paragraph.add_run(one["v"])
            _dress(run, look)
            if kind == "code":
                _mono(run)
            run.font.superscript = True if kind == "sup" else None


def _is_drawn(run: WordRun, one: Run, pictures: Mapping[str, bytes]) -> bool:
    """Put the picture there; False where there is none, or a word processor could not show it."""
    data = pictures.get(one.get("file", ""))
    if data is None:
        return False
    try:
        drawn = run.add_picture(io.BytesIO(data), Pt(one["width"]), Pt(one["height"]))
    except NO_PICTURE:
        return False
    drawn._inline.docPr.set("descr", one["alt"])
    return True


def _dress(run: WordRun, look: dict[str, Any]) -> None:
    run.bold, run.italic = look.get("bold"), look.get("italic")
    run.font.strike = look.get("strike")


def _mono(run: WordRun) -> None:
    run.font.name, run.font.size = "Consolas", Pt(9.5)


def _link(paragraph: Paragraph, one: Run, word: Paper, look: dict[str, Any]) -> None:
    number = paragraph.part.relate_to(one["url"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), number)
    before = len(paragraph.runs)
    _fill(paragraph, one["c"], word, **look)
    for run in paragraph.runs[before:]:
        run.font.underline = True
        link.append(run._r)
    paragraph._p.append(link)


WRITERS: dict[str, Callable[[Paper, Block, int], None]] = {
    "h": _heading, "p": _paragraph, "ul": _list, "ol": _list, "code": _code, "quote": _quote, "table": _table,
    "warning": _warning, "facts": _facts, "hr": _rule,
}  # fmt: skip
