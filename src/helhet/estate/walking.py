"""The walk of decision record 0006: over the graph in arrays where there is one, else by SQL, a layer at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

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


class Direction(TextChoices):
    """Which way is walked."""

    DEPENDANTS = "dependants", gettext_lazy("What is hit")
    NEEDS = "needs", gettext_lazy("What it needs")


def walk(
    start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
    marks: Marks | None = None,
) -> Reach | Found:  # fmt: skip
    """What these items reach. Both ways of walking give the same. Where there is no graph and the walk goes far, the
    graph is built on the way: a command after an import has no worker to wait for.
    """
    laid = current()
    if laid is None:
        try:
            most = None if connection.in_atomic_block else FAR
            return walk_by_sql(start, way, depth=depth, with_parts=with_parts, marks=marks, most=most)
        except _Far:
            build_graph()
            laid = current()
    if laid is None:
        return walk_by_sql(start, way, depth=depth, with_parts=with_parts, marks=marks)
    by_arrays = graph.hit_by if way == Direction.DEPENDANTS else graph.needs_of
    return by_arrays(laid, start, depth=depth, marks=marks, with_parts=with_parts)


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
            count += len(ties)
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
    """A part shares the fate of its whole."""
    here = Item.objects.filter(presence=Presence.HERE, part_of__presence=Presence.HERE)
    near = "part_of_id__in" if way == Direction.DEPENDANTS else "pk__in"
    for part, whole in here.filter(**{near: chunk}).values_list("pk", "part_of_id"):
        if whole is not None:
            yield Tie(part, whole)
