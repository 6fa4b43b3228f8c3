"""The graph as it is now: the file of this data folder, and what was touched since laid over it.

Each question asks the database which items were touched since the last one, in one statement that also says whether
the file is still the one that counts. So an answer holds whatever was committed before it was asked for, in every
process, and costs what was touched, not what there is.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace

from django.db import connection

from helhet.estate.graph import files
from helhet.estate.graph.reading import facts_of
from helhet.estate.models import GraphFile
from helhet.items.models import Touched
from helhet.kit.engines import engine, table_of
from helhet.rules.graph import Arrays, Fact, Graph, lay_over

log = logging.getLogger(__name__)

MOST_TOUCHED = 20_000
MOST_ROWS = 5_000
TRIES = 3
UNSEEN = (
    f"SELECT g.token, {{oldest_open}}, t.id, t.low, t.high FROM {table_of(GraphFile)} g "  # noqa: S608 - own names only
    f"LEFT JOIN {table_of(Touched)} t ON t.id > %s OR t.stamp >= %s WHERE g.place = %s LIMIT {MOST_ROWS + 1}"
)


@dataclass(frozen=True)
class Laid:
    """One file with what was laid over it: what the touched items are, and how far the rows of `Touched` were read."""

    place: str
    token: str
    base: Arrays
    seen: int
    oldest_open: int
    facts: dict[int, Fact] = field(default_factory=dict)
    graph: Graph | None = None


class _TooMuch(Exception):
    """More was touched than is worth laying over."""


class _Kept:
    """What this process holds between questions."""

    lock = threading.Lock()
    laid: Laid | None = None
    mapped: tuple[str, Arrays] | None = None


def current() -> Graph | None:
    """The graph as it is now. None where this data folder has no sound file, or too much has changed since: then the
    walk asks the database.
    """
    for _try in range(TRIES):
        laid = _Kept.laid
        if laid is None or laid.place != files.own_place():
            laid = _mapped()
        if laid is None:
            return None
        try:
            fresh = _fresh(laid)
        except _TooMuch:
            return None
        if fresh is None:
            _Kept.laid = None
            continue
        # What is read inside a transaction may never come true.
        if not connection.in_atomic_block:
            with _Kept.lock:
                _Kept.laid = fresh
        return fresh.graph
    return None


def _mapped() -> Laid | None:
    row = GraphFile.objects.filter(place=files.own_place()).exclude(token="").first()
    if row is None:
        return None
    try:
        mapped = _Kept.mapped
        if mapped is None or mapped[0] != row.token:
            mapped = _Kept.mapped = row.token, files.read(row.token)
        return Laid(row.place, row.token, mapped[1], row.seen, row.oldest_open)
    except files.Unusable as error:
        log.warning("the file of the graph is left unused: %s", error)
        return None


def _fresh(laid: Laid) -> Laid | None:
    """With what was touched since; None when another file counts by now."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEEN.format(oldest_open=engine().oldest_open()), [laid.seen, laid.oldest_open, laid.place])
        rows = cursor.fetchall()
    if not rows or rows[0][0] != laid.token:
        return None
    oldest_open = rows[0][1]
    runs = [(pk, low, high) for _token, _open, pk, low, high in rows if pk is not None]
    if len(runs) > MOST_ROWS or sum(high - low + 1 for _pk, low, high in runs) > MOST_TOUCHED:
        raise _TooMuch
    ids = {number for _pk, low, high in runs for number in range(low, high + 1)}
    if not ids:
        return replace(laid, oldest_open=oldest_open, graph=laid.graph or Graph(laid.base))
    facts = laid.facts | {fact.item: fact for fact in facts_of(ids)}
    if len(facts) > MOST_TOUCHED:
        raise _TooMuch
    seen = max(laid.seen, *(pk for pk, _low, _high in runs))
    graph = Graph(laid.base, lay_over(laid.base, list(facts.values())))
    return replace(laid, seen=seen, oldest_open=oldest_open, facts=facts, graph=graph)
