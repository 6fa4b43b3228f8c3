"""Cells of a workbook that its library gives otherwise than people see them: percentages, errors, and formulas that
were never calculated. They are found in the sheet's own XML, and only where there are any.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SMALL = 16 * 1024 * 1024
"""How many bytes the parts that describe the workbook may have; larger ones are nothing that a program writes."""
_TAIL = 1024 * 1024
_PERCENTS = {9, 10}
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*)?[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ATTRIBUTE = re.compile(rb"\b([rst])\s*=\s*[\"']([^\"']*)[\"']")
_PLACE = re.compile(rb"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<|<(?:\w+:)?is[\s>]")
_SUSPECT = re.compile(rb"\bt\s*=\s*[\"']e[\"']|<(?:\w+:)?f[\s/>]")
_WRITTEN = re.compile(r'"[^"]*"|\\.')


class Odd(NamedTuple):
    """A cell by row and column, from 0: a percentage, an error by its text, or a formula without a result."""

    row: int
    column: int
    sort: str
    text: str = ""

    @property
    def address(self) -> str:
        """As people say it: `B4`."""
        letters, number = "", self.column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row + 1}"


class Parts(NamedTuple):
    """The file of each sheet by its name, and the numbers of the styles that show a percentage."""

    sheets: dict[str, str]
    percents: frozenset[bytes]


def parts_of(stored: IO[bytes]) -> Parts:
    """Where the sheets lie and which styles are percentages; nothing where the workbook is not as it should be."""
    with zipfile.ZipFile(stored) as archive:
        try:
            book = fromstring(_small(archive, "xl/workbook.xml"), forbid_dtd=True)
            targets = fromstring(_small(archive, "xl/_rels/workbook.xml.rels"), forbid_dtd=True)
        except (KeyError, ParseError, DefusedXmlException):
            # The library that reads the sheets tells what is wrong with the workbook.
            return Parts({}, frozenset())
        files = {one.get("Id"): one.get("Target", "") for one in targets}
        sheets = {
            str(one.get("name")): _within(files.get(_relation(one), ""))
            for one in book.iter()
            if _local(one.tag) == "sheet"
        }
        return Parts(sheets, _percent_styles(archive))


def is_suspect(piece: bytes) -> bool:
    """Whether this part of a sheet's XML has an error or a formula."""
    return _SUSPECT.search(piece) is not None


def odd_cells(pieces: Iterable[bytes], percents: frozenset[bytes]) -> Iterator[Odd]:
    """The odd cells of a sheet, from the pieces of its XML."""
    window = b""
    for piece in pieces:
        window += piece
        end = window.rfind(b"c>") + 2
        if end > 1:
            yield from _odd_in(window[:end], percents)
            window = window[end:]
        window = window[-_TAIL:]


def _odd_in(text: bytes, percents: frozenset[bytes]) -> Iterator[Odd]:
    for cell in _CELL.finditer(text):
        has = dict(_ATTRIBUTE.findall(cell[1]))
        place = _PLACE.match(has.get(b"r", b""))
        if place is None:
            continue
        at = int(place[2]) - 1, _column(place[1])
        value = _VALUE.search(cell[2])
        if has.get(b"t") == b"e":
            yield Odd(*at, "error", (value[1] or b"" if value else b"").decode("utf-8", "replace") or "#?")
        elif value is None and has.get(b"t") != b"str" and _FORMULA.search(cell[2]):
            yield Odd(*at, "formula")
        elif has.get(b"s") in percents and has.get(b"t", b"n") == b"n":
            yield Odd(*at, "percent")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    try:
        root = fromstring(_small(archive, "xl/styles.xml"), forbid_dtd=True)
    except (KeyError, ParseError, DefusedXmlException):
        # A workbook without styles has no percentages.
        return frozenset()
    known = set(_PERCENTS)
    for one in root.iter():
        if _local(one.tag) == "numFmt" and "%" in _WRITTEN.sub("", one.get("formatCode", "")):
            known.add(_number(one.get("numFmtId")))
    cells = next((one for one in root if _local(one.tag) == "cellXfs"), ())
    return frozenset(str(at).encode() for at, one in enumerate(cells) if _number(one.get("numFmtId")) in known)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(SMALL)


def _within(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _relation(sheet: Any) -> str:
    return next((value for name, value in sheet.attrib.items() if _local(name) == "id"), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
