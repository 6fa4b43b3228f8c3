"""The encodings that text files may be said to have, whether bytes are UTF-8 after all, and names in archives."""

from __future__ import annotations

import codecs
import os
from typing import IO, TYPE_CHECKING

from helhet.importers.problems import FileRefused

if TYPE_CHECKING:
    import zipfile

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "cp850", "mac-roman", "utf-16")
"""By the names that people know; any other name of the same is taken too, such as cp1252."""

_BY_NAME = {codecs.lookup(name).name: name for name in ENCODINGS}
_CHUNK = 256 * 1024


def encoding_named(name: str) -> str:
    """The name of ours for one of its names. Raises FileRefused, without a place, for any that is not read."""
    try:
        found = _BY_NAME.get(codecs.lookup(name.strip()).name)
    except (LookupError, ValueError):
        found = None
    if found is None:
        raise FileRefused("encoding_unknown", "", encoding=name[:40], allowed=", ".join(ENCODINGS))
    return found


def is_utf8(source: IO[bytes]) -> bool:
    """Whether all of it is UTF-8. Text in another encoding hardly ever is, unless it is ASCII and so the same."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := source.read(_CHUNK):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


_UTF8_FLAG = 0x800
_LETTERS = frozenset(range(0xC0, 0x100)) - {0xD7, 0xF7}
"""What letters with marks are in Windows-1252. In the pages of DOS there stand frames and signs of mathematics there,
save for one letter.
"""
_SHARP_S = 0xE1


def name_of(member: zipfile.ZipInfo) -> str:
    """A member's name. One that does not say that it is UTF-8 is so all the same where it can be, else Windows-1252
    where only that makes letters of it; as a rule it is the page of DOS that its reader takes it for.
    """
    given = member.filename
    if given.isascii() or member.flag_bits & _UTF8_FLAG:
        return given
    try:
        data = given.encode("cp437")
    except UnicodeEncodeError:
        return given
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _in_letters(data) or given


def name_on_disk(given: str) -> str:
    """A file's path, each part of which that is not UTF-8 is Windows-1252 where that makes letters of it."""
    return "/".join(_part_on_disk(part) for part in given.split("/"))


def _part_on_disk(part: str) -> str:
    data = os.fsencode(part)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _in_letters(data) or data.decode(errors="replace")


def _in_letters(data: bytes) -> str:
    """A name in Windows-1252, empty where that makes more than letters of it."""
    high = {byte for byte in data if byte > 0x7F}
    return data.decode("windows-1252") if high <= _LETTERS and high != {_SHARP_S} else ""
