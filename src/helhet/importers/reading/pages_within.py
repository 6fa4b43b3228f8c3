"""Pages that stand within one document: as a list in an object, or as an object with a page under each path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from helhet.importers.reading.table import RecordTable, Row
from helhet.rules.pages import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helhet.importers.problems import RowRefused

PATHS: Final = ("path", "file", "file_path", "filepath", "filename")
"""Under what a record of a page has its path."""


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
                yield Row(row.where, row.line, one, f"{name} {at}".strip())


def pages_within(values: Any) -> tuple[str, list[dict[str, Any]]] | None:
    """The name of the list in which pages stand, and these; None where the record is no document of pages."""
    if not isinstance(values, dict) or any(values.get(name) for name in PATHS):
        return None
    if values and all(is_page(str(path)) and isinstance(page, dict | str) for path, page in values.items()):
        return "", [
            {"path": path, "text": page} if isinstance(page, str) else {"path": path, **page}
            for path, page in values.items()
        ]
    lists = [(name, value) for name, value in values.items() if isinstance(value, list) and value]
    found = [(name, value) for name, value in lists if all(map(_has_path, value))]
    return found[0] if len(found) == 1 else None


def _has_path(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), str) for name in PATHS)
