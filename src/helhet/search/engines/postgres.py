"""PostgreSQL's tsvector of exactly our words, with a GIN index. The server analyses nothing."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any

from django.db import connection

from helhet.kit.engines import engine as tables
from helhet.search.asking import Asked, Choice
from helhet.search.models import STRIDE

COMMON = 20_000
"""What the planner expects so often is met soon by a walk; what is rarer, the index has read and sorted sooner."""
VAST, SCANNED = 500, 2_000
"""What the planner expects so often, with so many that meet the rarest of its words, takes milliseconds however few of
the first are asked for."""
WALKED = 3_000
"""So many entries are walked at most: to unpack the words of each takes a hundredth of a millisecond."""
KEPT_SECONDS = 600
STATISTICS = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs, reltuples
    FROM pg_stats JOIN pg_class ON oid = 'search_entry'::regclass
    WHERE tablename = 'search_entry' AND attname = 'vector' AND most_common_elems IS NOT NULL
    AND schemaname = current_schema()
"""
WALK = """
    SELECT id FROM (SELECT id, vector FROM search_entry WHERE id > %s ORDER BY id LIMIT {}) walked
    WHERE vector @@ %s::tsquery ORDER BY id LIMIT %s
"""


def _quoted(word: str, *, prefix: bool = False) -> str:
    text = "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
    return f"{text}:*" if prefix else text


def _match(way: Choice) -> str:
    parts = [_quoted(word) for word in way.whole]
    if way.prefix:
        parts.append(_quoted(way.prefix, prefix=True))
    return "(" + " & ".join(parts) + ")"


def _parts(asked: Asked) -> list[str]:
    return ["(" + " | ".join(_match(way) for way in ways) + ")" for ways in asked.words]


def _query(asked: Asked) -> str:
    return " & ".join(_parts(asked))


def ids_sql(asked: Asked) -> tuple[str, list[Any]]:
    """By the index."""
    return "SELECT id FROM search_entry WHERE vector @@ %s::tsquery", [_query(asked)]


def first(asked: Asked, after: int, most: int) -> list[int]:
    """By the index of words, whose answer is sorted; what very many meet by a walk over the first entries.

    Left alone the planner walks as soon as it takes a word for common, and it takes each beginning for that: where none
    begins so, the words of all entries were unpacked.
    """
    if _expected(asked) >= COMMON:
        walked = _ids(WALK.format(WALKED), [after, _query(asked), most])
        if len(walked) == most:
            return walked
    # The index goes through what meets the first part, and sees whether the others are met too.
    # Of words that are as rare, one that is met in a single way goes before.
    parts = sorted(zip(_shares(asked), map(len, asked.words), _parts(asked), strict=True))
    return _ids("SELECT * FROM search_first(%s::tsquery[], %s, %s)", [[part for *_, part in parts], after, most])


def is_vast(asked: Asked) -> bool:
    """The index reads and sorts all of them, or the walk unpacks the words of hundreds of entries."""
    entries, *_known = _common(int(time.monotonic() / KEPT_SECONDS))
    return entries * min(_shares(asked)) >= SCANNED and _expected(asked) >= VAST


def absent(words: Collection[str]) -> frozenset[str]:
    """The index weighs all that a question names at each entry that it looks at: what is nowhere is asked for once."""
    common = _common(int(time.monotonic() / KEPT_SECONDS))[2]
    doubtful = [word for word in words if word not in common]
    found = (
        set(_ids("SELECT * FROM search_known(%s::tsquery[])", [list(map(_quoted, doubtful))])) if doubtful else set()
    )
    return frozenset(word for place, word in enumerate(doubtful, start=1) if place not in found)


def _expected(asked: Asked) -> float:
    """How many entries meet it by what the planner knows of common words, none where it knows of none."""
    return _common(int(time.monotonic() / KEPT_SECONDS))[0] * math.prod(_shares(asked))


def _shares(asked: Asked) -> list[float]:
    """How much of all entries is likely to meet each of the words."""
    _entries, words, shares = _common(int(time.monotonic() / KEPT_SECONDS))

    def begun(prefix: str) -> float:
        first = bisect_left(words, prefix)
        return sum(shares[word] for word in takewhile(lambda word: word.startswith(prefix), islice(words, first, None)))

    def share(way: Choice) -> float:
        return math.prod([*([begun(way.prefix)] if way.prefix else []), *(shares.get(word, 0.0) for word in way.whole)])

    return [min(1.0, sum(map(share, ways))) for ways in asked.words]


@lru_cache(maxsize=1)
def _common(_stretch: int) -> tuple[float, list[str], dict[str, float]]:
    """(entries, their common words in order, the share of entries that has each)."""
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
        words, shares, entries = cursor.fetchone() or ((), (), 0.0)
        return float(entries), sorted(words), dict(zip(words, shares, strict=False))


def _ids(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [number for (number,) in cursor.fetchall()]


def about(asked: Asked, most: int) -> int:
    """What the planner expects from its statistics of words. To count, each row that is met would have to be read."""
    del most
    sql, params = ids_sql(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plans,) = cursor.fetchone()
    return int(plans[0]["Plan"]["Plan Rows"])


def forget(first: int, last: int, nouns: Collection[int]) -> None:
    """The index follows by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM search_entry WHERE id BETWEEN %s AND %s AND id %% {STRIDE} = ANY(%s)",  # noqa: S608 - a number
            [first, last, list(nouns)],
        )


def forget_these(ids: Sequence[int]) -> None:
    """All at once."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE id = ANY(%s)", [list(ids)])


def add(rows: Sequence[tuple[int, str]]) -> None:
    """COPY; the vector is made from the words."""
    tables().insert_rows("search_entry", ("id", "words"), rows)


def settle() -> None:
    """What waits beside the index is read from end to end by each question; and the planner learns what is common."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_entry_vector')")
    tables().refresh_statistics("search_entry")
