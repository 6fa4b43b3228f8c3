"""Pages that stand within one document: as a list in an object, or as an object with a page under each path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from helhet.importers.reading.json_file import JsonLinesTable, JsonTable
from helhet.importers.reading.table import RecordTable, Row
from helhet.rules.pages import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helhet.importers.problems import RowRefused

PATHS: Final = (
    "path", "file", "file_path", "filepath", "filename", "relative_path", "relativePath", "source_path", "sourcePath",
)  # fmt: skip
"""Under what a record of a page has its path."""
TEXTS: Final = ("text", "content", "body", "markdown", "raw")
FRONTS: Final = ("front_matter", "frontmatter", "frontMatter")
"""What only a page has, so that lists beside it are of other things: its files, its links."""
DEPTH: Final = 3
_Pages = tuple[str, list[dict[str, Any]]]


class PagesWithin(RecordTable):
    """The records of a table, each document that only holds pages as these."""

    def __init__(self, table: RecordTable) -> None:
        self.name = table.name
        self.where = table.where
        self._table = table

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each record, or each page within it."""
        for row in self._table.rows():
            if not isinstance(row, Row) or row.twice or (within := pages_within(row.values)) is None:
                yield row
                continue
            name, pages = within
            for at, one in enumerate(pages, 1):
                yield Row(row.where, row.line, one, f"{name} {at}".strip() if len(pages) > 1 else name)


class PageLines(JsonTable):
    """JSON lines of pages, or a document that is only called so: one that begins with a list, or a line of its own for
    the brace of its first object.
    """

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each record."""
        with self._file.utf8() as lines:
            first = next((line for line in lines if not line.isspace()), b"").strip()
        if first.startswith(b"[") or first == b"{":
            yield from super().rows()
        else:
            yield from JsonLinesTable(self.name, self._file, self._limits, by_line=True).rows()


def pages_within(values: Any) -> _Pages | None:
    """Where in it pages stand, and these; None where the record is a page itself, or may hold other things."""
    level = values
    names: list[str] = []
    for _step in range(DEPTH):
        if not isinstance(level, dict) or _is_page(level):
            break
        if level and all(is_page(str(path)) and isinstance(page, dict | str) for path, page in level.items()):
            return " ".join(names), [_page(path, page) for path, page in level.items()]
        lists = [(name, value) for name, value in level.items() if isinstance(value, list) and value]
        if found := [(name, value) for name, value in lists if all(map(_has_path, value))]:
            return (" ".join([*names, found[0][0]]), found[0][1]) if len(found) == 1 else None
        inner = [(name, value) for name, value in level.items() if isinstance(value, dict)]
        if len(inner) != 1:
            break
        names.append(inner[0][0])
        level = inner[0][1]
        if _has_path(level):
            return " ".join(names), [level]
    return None


def _page(path: str, page: dict[str, Any] | str) -> dict[str, Any]:
    return {"path": path, "text": page} if isinstance(page, str) else {"path": path, **page}


def _is_page(record: dict[str, Any]) -> bool:
    """Whether a record is a page itself, be it one without a path."""
    return any(name in record for name in (*PATHS, *FRONTS)) or any(isinstance(record.get(name), str) for name in TEXTS)


def _has_path(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), str) for name in PATHS)
