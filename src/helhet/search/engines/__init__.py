"""What SQLite and PostgreSQL do differently in searching, one file each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.db import connection

from helhet.search.asking import Asked
from helhet.search.engines import postgres, sqlite


class Engine(Protocol):
    """What both engines can do. A piece of SQL comes as (text, values)."""

    def ids_sql(self, asked: Asked) -> tuple[str, list[Any]]:
        """A SELECT of the ids of the entries that meet what is asked."""

    def first(self, asked: Asked, after: int, most: int) -> list[int]:
        """The ids beyond `after` of at most so many entries that meet what is asked, the lowest, rising."""

    def is_vast(self, asked: Asked) -> bool:
        """Whether so many entries are likely to be looked at that even the first which meet it take long to find."""

    def absent(self, words: Collection[str]) -> frozenset[str]:
        """Of these words of entries some that no entry has, so that to leave them out of a question alters nothing."""

    def about(self, asked: Asked, most: int) -> int:
        """About how many entries meet what is asked, so as to choose a way; beyond `most` any larger number will do."""

    def forget(self, first: int, last: int, nouns: Collection[int]) -> None:
        """Take the entries from `first` to `last` that are of these nouns out of the index and the table."""

    def forget_these(self, ids: Sequence[int]) -> None:
        """Take these entries out."""

    def add(self, rows: Sequence[tuple[int, str]]) -> None:
        """Put in entries that are not there, rising by id."""

    def settle(self) -> None:
        """After many entries were put in: make the index as quick to ask as it can be."""


def engine() -> Engine:
    """The engine of the default connection."""
    return postgres if connection.vendor == "postgresql" else sqlite
