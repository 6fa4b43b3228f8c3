"""Bytes and text with bounds: unpacking, encodings and NUL bytes are settled here, for every format alike."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from helhet.importers.problems import FileRefused, Place
from helhet.importers.reading.encodings import encoding_named, is_utf8

if TYPE_CHECKING:
    from helhet.importers.limits import Limits

Opener = Callable[[], IO[bytes]]
CHUNK = 256 * 1024
_MARK = re.compile(rb"'[-=+@\t\r]")
_BROKEN = (EOFError, zlib.error, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError)
_OTHERS = ((b"PK\x03\x04", ".xlsx / .zip"), (b"\x1f\x8b", ".gz"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"%PDF", ".pdf"))
"""How files begin that are no text, whatever they are called."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Bounded(io.RawIOBase):
    """Unpacked bytes of one file, counted; raises FileRefused when they pass the bounds or break off."""

    def __init__(self, source: IO[bytes], below: IO[bytes], where: str, packed: int, limits: Limits) -> None:
        self._source = source
        self._below = below
        self._where = where
        self._packed = max(packed, 1)
        self._limits = limits
        self._count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        view = memoryview(buffer)
        try:
            piece = self._source.read(min(len(view), CHUNK))
        except _BROKEN as error:
            raise FileRefused("gzip_broken", self._where, error=_brief(error)) from error
        self._count += len(piece)
        self._check()
        view[: len(piece)] = piece
        return len(piece)

    def _check(self) -> None:
        limits = self._limits
        if self._count > limits.unpacked:
            raise FileRefused("unpacked_big", self._where, limit=limits.unpacked)
        if self._count >= limits.ratio_from and self._count > limits.ratio * self._packed:
            raise FileRefused("bomb", self._where, ratio=limits.ratio)

    def close(self) -> None:
        """Close what lies below too."""
        if not self.closed:
            self._source.close()
            self._below.close()
        super().close()


class Recoded(io.RawIOBase):
    """The bytes of a text file in UTF-8, whatever it was written in, without its byte order mark."""

    def __init__(self, source: IO[bytes], encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end. Raises UnicodeDecodeError."""
        view = memoryview(buffer)
        while not self._rest and not self._ended:
            piece = self._source.read(CHUNK)
            self._ended = not piece
            self._rest = self._decoder.decode(piece, final=self._ended).encode()
        given = self._rest[: len(view)]
        self._rest = self._rest[len(given) :]
        view[: len(given)] = given
        return len(given)

    def close(self) -> None:
        """Close what lies below too."""
        if not self.closed:
            self._source.close()
        super().close()


class _Watched(io.RawIOBase):
    """Passes bytes through; refuses a NUL byte, with its line, and notices our own export's marks."""

    def __init__(self, source: IO[bytes], file: TextFile) -> None:
        self._source = source
        self._file = file
        self._line = 1
        self._last = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        view = memoryview(buffer)
        piece = self._source.read(min(len(view), CHUNK))
        at = piece.find(b"\0")
        if at >= 0:
            line = self._line + piece.count(b"\n", 0, at)
            raise FileRefused("nul", Place(self._file.where, line), line=line)
        self._line += piece.count(b"\n")
        if not self._file.is_marked and _MARK.search(self._last + piece):
            self._file.is_marked = True
        self._last = piece[-1:]
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close what lies below too."""
        if not self.closed:
            self._source.close()
        super().close()


def opened(opener: Opener, where: str, size: int, limits: Limits, *, packed: bool) -> IO[bytes]:
    """The unpacked bytes of a file, bounded. `size` is its size as stored, in bytes."""
    raw = opener()
    source: Any = gzip.GzipFile(fileobj=raw) if packed else raw
    return io.BufferedReader(Bounded(source, raw, where, size, limits), CHUNK)


class TextFile:
    """A text file of a known or sniffed encoding, opened as often as wanted.

    `encoding` is that of a file without a mark which is no UTF-8. `is_marked` says whether what was read so far has an
    apostrophe before a sign that starts a formula: only then need cells be looked at for it.
    """

    def __init__(self, opener: Opener, where: str, encoding: str | None = None) -> None:
        self._open = opener
        self.where = where
        self.is_marked = False
        self._wanted = encoding_named(encoding) if encoding is not None else None
        self._is_utf8: bool | None = None

    def utf8(self) -> IO[bytes]:
        """Its bytes as UTF-8 without mark and without NUL. Raises FileRefused when it is empty.

        Bytes that are no UTF-8 pass through when the file is not recoded: `text` finds them.
        """
        source = self._open()
        start = self._start_of(source)
        encoding, mark = next(
            ((name, len(bom) if name == "utf-8" else 0) for bom, name in _BOMS if start.startswith(bom)), ("utf-8", 0)
        )
        if encoding == "utf-8" and not mark and self._wanted is not None and not self._is_utf8_after_all():
            encoding = self._wanted
        joined: IO[bytes] = io.BufferedReader(_Joined(start[mark:], source), CHUNK)
        if codecs.lookup(encoding).name != "utf-8":
            joined = io.BufferedReader(Recoded(joined, encoding), CHUNK)
        return io.BufferedReader(_Watched(joined, self), CHUNK)

    def _is_utf8_after_all(self) -> bool:
        """In a folder of several, one may be UTF-8 where another is not; UTF-16 of plain letters looks like UTF-8."""
        if self._is_utf8 is None:
            with self._open() as source:
                self._is_utf8 = self._wanted != "utf-16" and is_utf8(source)
        return self._is_utf8

    def _start_of(self, source: IO[bytes]) -> bytes:
        """The first bytes; the file is closed when it cannot be read or has none."""
        with contextlib.ExitStack() as closing:
            closing.callback(source.close)
            if start := source.read(4):
                if what := next((name for mark, name in _OTHERS if start.startswith(mark)), None):
                    raise FileRefused("not_text_file", self.where, what=what)
                closing.pop_all()
                return start
        raise FileRefused("empty", self.where)

    def text(self) -> io.TextIOWrapper:
        """Its text with line ends as written; a wrong byte raises UnicodeDecodeError: give it to `not_text`."""
        text = io.TextIOWrapper(self.utf8(), encoding="utf-8", newline="")
        text._CHUNK_SIZE = CHUNK // 4  # type: ignore[attr-defined] # its 8 KiB cost a third of the time of a large file
        return text

    def not_text(self, error: UnicodeDecodeError) -> FileRefused:
        """The refusal that names the first wrong byte and its line, found by a second pass."""
        if error.encoding not in {"utf-8", "utf8"} or self._wanted not in {None, "utf-8"}:
            encoding = self._wanted or "UTF-16"
            return FileRefused("encoding", self.where, byte=_shown(error), line=0, encoding=encoding)
        with self.utf8() as lines:
            for number, line in enumerate(lines, 1):
                try:
                    line.decode()
                except UnicodeDecodeError as found:
                    return self._wrong_byte(found, number)
        return FileRefused("encoding", self.where, byte=_shown(error), line=0, encoding="UTF-8")

    def _wrong_byte(self, error: UnicodeDecodeError, line: int) -> FileRefused:
        place, byte = Place(self.where, line), _shown(error)
        start = max(error.start - 12, 0)
        guess = error.object[start : error.start + 12].decode("windows-1252", "replace").strip()
        if "\ufffd" in guess:
            return FileRefused("encoding", place, byte=byte, line=line, encoding="UTF-8")
        return FileRefused("encoding_guess", place, byte=byte, line=line, encoding="UTF-8", guess=guess)


class _Joined(io.RawIOBase):
    """Bytes already read, then the rest of the file."""

    def __init__(self, start: bytes, source: IO[bytes]) -> None:
        self._start = start
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if self._start:
            piece, self._start = self._start[: len(view)], self._start[len(view) :]
        else:
            piece = self._source.read(min(len(view), CHUNK))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def _shown(error: UnicodeDecodeError) -> str:
    byte = error.object[error.start : error.start + 1]
    return f"0x{byte.hex().upper()}" if byte else "at the end"


def _brief(error: BaseException) -> str:
    return str(error)[:200] or type(error).__name__
