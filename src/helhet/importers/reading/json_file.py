"""JSON and JSON lines. A list at the top of a JSON file streams element by element, whatever its length.

A name that stands twice in one object would cost one of its values: a record with one is marked, a document refused.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import orjson

from helhet.importers.problems import OF_ONE_LINE, FileRefused, Place, RowRefused
from helhet.importers.reading.table import RecordTable, Row, too_many_rows

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from helhet.importers.limits import Limits
    from helhet.importers.reading.streams import TextFile

_PIECE = 1024 * 1024
_SPACE = " \t\r\n"
_NAMES = re.compile(r'"[ \t\r\n]*:')
_NAME_BYTES = re.compile(rb'"[ \t\r\n]*:')
_PATH = re.compile(
    rb'[{,][ \t]*"(?:path|file|file_?path|filename|(?:relative|source)_?path)"[ \t]*:[ \t]*("(?:[^"\\]|\\.){1,600}")'
)
_HALVES = re.compile("[\ud800-\udfff]")
_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*"(?P<colon>[ \t\r\n]*:)?|[{}\[\]]')


def too_deep(value: Any, limit: int) -> bool:
    """Whether values are nested deeper than the limit; a flat object costs next to nothing."""
    level: list[Any] = [value]
    for _ in range(limit):
        below: list[Any] = []
        for one in level:
            if type(one) is dict:
                below.extend(inner for inner in one.values() if type(inner) in {dict, list})
            elif type(one) is list:
                below.extend(inner for inner in one if type(inner) in {dict, list})
        if not below:
            return False
        level = below
    return True


class Twice(NamedTuple):
    """A name that stands twice in one object, and how many lines below the beginning it does so again."""

    name: str
    line: int


def named_twice(written: str | bytes, value: Any) -> Twice | None:
    """The first name that stands twice in an object of this JSON text, which was read as this value.

    Each name has a quotation mark and a colon behind it, so as many of these as names were kept means that none was
    lost; only else is the text gone through.
    """
    signs = _NAMES.findall(written) if isinstance(written, str) else _NAME_BYTES.findall(written)
    if len(signs) == _names_in(value):
        return None
    return _find_twice(written if isinstance(written, str) else written.decode())


def _names_in(value: Any) -> int:
    count = 0
    level: list[Any] = [value]
    while level:
        below: list[Any] = []
        for one in level:
            if type(one) is dict:
                count += len(one)
                one = one.values()  # noqa: PLW2901 - an object's values are looked at as a list's are
            elif type(one) is not list:
                continue
            below.extend(inner for inner in one if type(inner) in {dict, list})
        level = below
    return count


def _find_twice(text: str) -> Twice | None:
    open_now: list[set[str]] = []
    for sign in _SIGNS.finditer(text):
        if sign[0] in "{[":
            open_now.append(set())
        elif sign[0] in "}]":
            open_now.pop()
        elif sign["colon"]:
            name = _LOOSE.decode(sign[0][: -len(sign["colon"])])
            if name in open_now[-1]:
                return Twice(name, text.count("\n", 0, sign.start()))
            open_now[-1].add(name)
    return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


class JsonLinesTable(RecordTable):
    """One JSON value in each line; empty lines are left out.

    A broken line refuses the file, or with `by_line` itself alone, unless none of the lines can be read.
    """

    def __init__(self, name: str, file: TextFile, limits: Limits, *, by_line: bool = False) -> None:
        self.name = name
        self._by_line = by_line
        self.where = file.where
        self._file = file
        self._limits = limits

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each line's value."""
        count = 0
        first: FileRefused | None = None
        with self._file.utf8() as lines:
            number = 0
            while line := lines.readline(self._limits.document + 1):
                number += 1
                if len(line) > self._limits.document:
                    raise FileRefused("document_big", Place(self.where, number), limit=self._limits.document)
                if line.isspace():
                    continue
                try:
                    row = self._row(line, number)
                except FileRefused as refusal:
                    if not self._by_line or refusal.code not in OF_ONE_LINE:
                        raise
                    first = first or refusal
                    yield RowRefused(refusal.place, refusal.code, refusal.params, key=_path_in(line))
                    continue
                count += 1
                if count > self._limits.rows:
                    raise too_many_rows(self.where, self._limits)
                yield row
        if not count:
            raise first or FileRefused("empty", self.where)

    def _row(self, line: bytes, number: int) -> Row:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            value = read_loosely(line) if self._by_line else None
            if value is None:
                raise self._broken(line, number, error) from error
        if too_deep(value, self._limits.nesting):
            raise FileRefused("nesting", Place(self.where, number), line=number, limit=self._limits.nesting)
        twice = named_twice(line, value)
        return Row(self.where, number, value, twice=twice.name if twice else "")

    def _broken(self, line: bytes, number: int, error: orjson.JSONDecodeError) -> FileRefused:
        try:
            line.decode()
        except UnicodeDecodeError as wrong:
            return self._file.not_text(wrong)
        return FileRefused("json_broken", Place(self.where, number), line=number, error=error.msg)


def read_loosely(line: bytes) -> Any:
    """What other programs write as JSON and most read: `NaN` and numbers beyond all bounds are null, a half of a pair
    of UTF-16 is the sign for what is lost, signs that control stand as they are, and a comma may stand behind it. None
    when it is broken still.
    """
    try:
        return _whole(_LOOSE.decode(line.decode().rstrip().removesuffix(",")))
    except (ValueError, RecursionError):
        return None


def _finite(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


_LOOSE = json.JSONDecoder(strict=False, parse_constant=lambda _name: None, parse_float=_finite)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_HALVES.sub("\ufffd", name): _whole(one) for name, one in value.items()}
    return value


def _path_in(line: bytes) -> str:
    """The path that a broken line still tells of, for its page not to count as gone; empty where it tells none."""
    found = _PATH.search(line)
    try:
        path = orjson.loads(found[1]) if found else ""
    except orjson.JSONDecodeError:
        return ""
    return path if isinstance(path, str) else ""


class JsonTable(RecordTable):
    """One JSON file: a list gives a record for each element, anything else is one record; several may follow."""

    def __init__(self, name: str, file: TextFile, limits: Limits) -> None:
        self.name = name
        self.where = file.where
        self._file = file
        self._limits = limits

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each element of the list, or the one document. A document with a name twice is refused."""
        count = 0
        try:
            with self._file.text() as text:
                scanner = _Scanner(text, self.where, self._limits)
                for line, value, twice in scanner.values():
                    if too_deep(value, self._limits.nesting):
                        limit = self._limits.nesting
                        raise FileRefused("nesting", Place(self.where, line), line=line, limit=limit)
                    count += 1
                    if count > self._limits.rows:
                        raise too_many_rows(self.where, self._limits)
                    if twice and not scanner.is_list:
                        at = line + twice.line
                        raise FileRefused("json_twice", Place(self.where, at), line=at, name=twice.name)
                    yield Row(self.where, line, value, twice=twice.name if twice else "")
        except UnicodeDecodeError as error:
            raise self._file.not_text(error) from error


class _Scanner:
    """Takes values off a growing window of text with the json module's own scanner."""

    def __init__(self, text: io.TextIOWrapper, where: str, limits: Limits) -> None:
        self._text = text
        self._where = where
        self._limits = limits
        self._window = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self.is_list = False
        self._decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode

    def values(self) -> Iterator[tuple[int, Any, Twice | None]]:
        """Line, value and repeated name of each element of a list at the top, or of each document."""
        self._skip_space()
        self.is_list = self._peek() == "["
        if self.is_list:
            yield from self._elements()
        else:
            yield self._line, *self._value()
            self._skip_space()
            while self._peek() == "{":
                yield self._line, *self._value()
                self._skip_space()
        self._skip_space()
        if self._peek():
            raise self._broken("something stands after the end of the document")

    def _elements(self) -> Iterator[tuple[int, Any, Twice | None]]:
        self._at += 1
        self._skip_space()
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._line, *self._value()
            self._skip_space()
            sign = self._peek()
            self._at += 1
            if sign == "]":
                return
            if sign != ",":
                self._at -= 1
                raise self._broken("expected a comma or the end of the list" if sign else "the file is cut off")
            self._skip_space()

    def _peek(self) -> str:
        while self._at >= len(self._window) and self._more():
            pass
        return self._window[self._at : self._at + 1]

    def _more(self) -> bool:
        """Drop what is done and read on, in ever larger pieces while one value does not end."""
        if self._ended:
            return False
        self._window = self._window[self._at :]
        self._at = 0
        if len(self._window) > self._limits.document:
            raise FileRefused("document_big", Place(self._where, self._line), limit=self._limits.document)
        piece = self._text.read(max(_PIECE, len(self._window)))
        self._ended = not piece
        self._window += piece
        return bool(piece)

    def _skip_space(self) -> None:
        while (sign := self._peek()) and sign in _SPACE:
            if sign == "\n":
                self._line += 1
            self._at += 1

    def _value(self) -> tuple[Any, Twice | None]:
        while True:
            try:
                value, end = self._decode(self._window, self._at)
            except RecursionError as error:
                limit = self._limits.nesting
                raise FileRefused("nesting", Place(self._where, self._line), line=self._line, limit=limit) from error
            except ValueError as error:
                if self._more():
                    continue
                raise self._misread(error) from error
            if end == len(self._window) and self._more():
                continue
            written = self._window[self._at : end]
            self._line += written.count("\n")
            self._at = end
            return value, named_twice(written, value)

    def _misread(self, error: ValueError) -> FileRefused:
        if isinstance(error, json.JSONDecodeError):
            self._line += self._window.count("\n", self._at, min(error.pos, len(self._window)))
            return self._broken(error.msg)
        return self._broken(str(error))

    def _broken(self, error: str) -> FileRefused:
        return FileRefused("json_broken", Place(self._where, self._line), line=self._line, error=error)
