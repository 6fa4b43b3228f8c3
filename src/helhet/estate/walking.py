"""The walk of decision record 0006: over the graph in arrays where there is one, else by SQL, a layer at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from helhet.estate.graph import build_graph, current
from helhet.estate.models import Dependency, LinkCriticality
from helhet.estate.redundancy import redundancies_of
from helhet.estate.rows import chunks
from helhet.items.models import Item, Presence
from helhet.kit.engines import table_of
from helhet.rules import graph, reach
from helhet.rules.graph import Found
from helhet.rules.reach import Marks, Reach, Tie

FAR = 20_000
"""So many ties are read from the database before the graph is built instead: a second for half a million."""
ASKING = 50
"""A question takes as long as reading so many ties: a chain is far before it is long."""


class Direction(TextChoices):
    """Which way is walked."""

    DEPENDANTS = "dependants", gettext_lazy("What is hit")
    NEEDS = "needs", gettext_lazy("What it needs")


class Walks:
    """Several questions about the estate as it is when the first of them is asked: what changed is looked at once.

    Both ways of walking give the same. Where there is no graph and a walk goes far, the graph is built on the way: a
    command after an import has no worker to wait for.
    """

    def __init__(self) -> None:
        self._is_asked = False
        self._laid: graph.Graph | None = None

    def walk(
        self, start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
        marks: Marks | None = None,
    ) -> Reach | Found:  # fmt: skip
        """What these items reach."""
        laid = self._graph()
        if laid is None:
            try:
                most = None if connection.in_atomic_block else FAR
                return walk_by_sql(start, way, depth=depth, with_parts=with_parts, marks=marks, most=most)
            except _Far:
                build_graph()
                self._is_asked = False
                laid = self._graph()
        if laid is None:
            return walk_by_sql(start, way, depth=depth, with_parts=with_parts, marks=marks)
        by_arrays = graph.hit_by if way == Direction.DEPENDANTS else graph.needs_of
        return by_arrays(laid, start, depth=depth, marks=marks, with_parts=with_parts)

    def steps_down(self, start: int, to: Collection[int]) -> dict[int, int]:
        """How far below the start each of those lies that it needs or is part of; the start itself is not told."""
        laid = self._graph()
        if laid is None:
            return self.walk([start], Direction.NEEDS, with_parts=True).distances(to)
        return graph.steps_down(laid, start, to, with_parts=True)

    def providers(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """One step on: these items beside each that they need or are part of."""
        laid = self._graph()
        if laid is None:
            ties = list(ties_of(Direction.NEEDS, with_parts=True)(ids.tolist()))
            return np.array([tie.item for tie in ties], np.int64), np.array([tie.provider for tie in ties], np.int64)
        near, far, _strength = laid.providers(laid.rising(ids.tolist()), with_parts=True)
        here = laid.gone[far] == 0
        return laid.numbers(near[here]), laid.numbers(far[here])

    def _graph(self) -> graph.Graph | None:
        if not self._is_asked:
            self._laid, self._is_asked = current(), True
        return self._laid


def walk(
    start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
    marks: Marks | None = None,
) -> Reach | Found:  # fmt: skip
    """What these items reach now."""
    return Walks().walk(start, way, depth=depth, with_parts=with_parts, marks=marks)


def walk_by_sql(
    start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
    marks: Marks | None = None, most: int | None = None,
) -> Reach:  # fmt: skip
    """The same, asking the database: exact at once in every process, and as dear as what is reached.

    Raises _Far when it has read more than `most` ties.
    """
    ties = ties_of(way, with_parts=with_parts, most=most)
    if way == Direction.DEPENDANTS:
        return reach.hit_by(start, ties, redundancies_of, depth=depth, marks=marks)
    return reach.needs_of(start, ties, depth=depth, marks=marks)


class _Far(Exception):
    """The walk goes farther than is worth asking the database for."""


def ties_of(
    way: Direction, *, with_parts: bool, most: int | None = None
) -> Callable[[Collection[int]], Iterable[Tie]]:  # fmt: skip
    """A reader of the ties of some items from the database: of those that depend on them, or that they depend on.

    It raises _Far when it has read more than `most` in all.
    """
    count = 0

    def read(ids: Collection[int]) -> Iterable[Tie]:
        nonlocal count
        for chunk in chunks(sorted(ids)):
            ties = _stated(chunk, way)
            count += len(ties) + ASKING
            if most is not None and count > most:
                raise _Far
            yield from ties
            if with_parts:
                yield from _part_ties(chunk, way)

    return read


def _stated(chunk: Sequence[int], way: Direction) -> list[Tie]:
    """What is stated at one end of these items. The order of the tables is named: a planner that has seen one item with
    thousands of dependants takes all for such, and reads the whole table for each chunk.
    """
    near, far = ("to_item_id", "from_item_id") if way == Direction.DEPENDANTS else ("from_item_id", "to_item_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH w (near) AS (VALUES {', '.join(['(%s)'] * len(chunk))}) "  # noqa: S608 - own names only
            f"SELECT d.from_item_id, d.to_item_id, d.criticality FROM w CROSS JOIN {table_of(Dependency)} d "
            f"CROSS JOIN {table_of(Item)} i WHERE d.{near} = w.near AND i.id = d.{far} AND i.presence = %s "
            "AND d.not_seen_since IS NULL AND d.criticality <> %s",
            [*chunk, Presence.HERE, LinkCriticality.NONE],
        )
        return [Tie(item, provider, level == LinkCriticality.DEGRADES) for item, provider, level in cursor.fetchall()]


def _part_ties(chunk: Sequence[int], way: Direction) -> Iterable[Tie]:
    """A part shares the fate of its whole. Asked for so often that the statement is written out."""
    near, far = ("p.part_of_id", "p") if way == Direction.DEPENDANTS else ("p.id", "w")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, p.part_of_id FROM {table_of(Item)} p JOIN {table_of(Item)} w ON w.id = p.part_of_id "  # noqa: S608 - own names only
            f"WHERE {near} IN ({', '.join(['%s'] * len(chunk))}) AND {far}.presence = %s",
            [*chunk, Presence.HERE],
        )
        return [Tie(part, whole) for part, whole in cursor.fetchall()]
