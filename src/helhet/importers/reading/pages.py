"""Pages in a folder or archive: one record for each, with its path, its text and the days of its commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helhet.importers.reading.table import RecordTable, Row, too_many_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helhet.importers.limits import Limits
    from helhet.importers.reading.commits import Commits
    from helhet.importers.reading.streams import Opener

NAME = "pages"
SAMPLE = 4_000
FALLBACK = "windows-1252"
"""What a page is read in that is no UTF-8, when nothing was said: it has a letter for nearly every byte."""


class PagesTable(RecordTable):
    """Files of text as records: `path`, `text`, and `first_commit`, `last_commit`, `commits` where git told them.

    One that is no UTF-8 has the `encoding` that it was read in, one that is too large its `size` and no text.
    """

    portion = 50

    def __init__(
        self,
        where: str,
        files: Sequence[tuple[str, Opener]],
        limits: Limits,
        *,
        encoding: str | None = None,
        commits: Mapping[str, Commits] | None = None,
    ) -> None:
        """`files` are their paths, from the folder or archive on, and how to open them."""
        self.name = NAME
        self.where = where
        self._files = files
        self._limits = limits
        self._encoding = encoding
        self._commits = commits or {}

    def rows(self) -> Iterator[Row]:
        """Each page."""
        if len(self._files) > self._limits.rows:
            raise too_many_rows(self.where, self._limits)
        for path, opener in self._files:
            values: dict[str, Any] = {"path": path}
            with opener() as source:
                data = source.read(self._limits.page + 1)
            if len(data) > self._limits.page:
                values["size"] = len(data)
            else:
                values["text"], values["encoding"] = self._decoded(data)
            told = self._commits.get(path)
            if told is not None:
                values |= {"first_commit": told.first, "last_commit": told.last, "commits": told.number}
            yield Row(path, 0, values)

    def _decoded(self, data: bytes) -> tuple[str, str | None]:
        """The text, and the encoding where that is a guess."""
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16", "replace"), None
        if (wide := _wide(data)) is not None:
            return data.decode(wide, "replace"), wide
        try:
            return data.decode("utf-8-sig"), None
        except UnicodeDecodeError:
            return data.decode(self._encoding or FALLBACK, "replace"), None if self._encoding else FALLBACK


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: the upper halves of its letters are nothing, and the lower ones never are."""
    some = data[:SAMPLE]
    for name, half, other in (("utf-16-le", some[1::2], some[::2]), ("utf-16-be", some[::2], some[1::2])):
        if len(some) > 1 and half.count(0) * 10 > len(half) * 7 and not other.count(0):
            return name
    return None
