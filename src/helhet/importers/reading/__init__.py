"""Readers: a file, folder or archive becomes tables of records, streaming, each record with its place."""

from helhet.importers.reading.collect import ENDINGS, read
from helhet.importers.reading.encodings import ENCODINGS, encoding_named
from helhet.importers.reading.table import ColumnTable, Reading, RecordTable, Row, Rows, Table

__all__ = [
    "ENCODINGS", "ENDINGS", "ColumnTable", "Reading", "RecordTable", "Row", "Rows", "Table", "encoding_named", "read",
]  # fmt: skip
