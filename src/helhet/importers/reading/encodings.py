"""The encodings that text files may be said to have, and whether bytes are UTF-8 after all."""

from __future__ import annotations

import codecs
from typing import IO

from helhet.importers.problems import FileRefused

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
