"""The walk of decision record 0006: over the graph in arrays where there is one, else by SQL, a layer at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from helhet.estate.graph import current
from helhet.estate.models import Dependency, LinkCriticality
from helhet.estate.redundancy import redundancies_of
from helhet.estate.rows import chunks
from helhet.items.models import Item, Presence
from helhet.rules import graph, reach
from helhet.rules.graph import Found
from helhet.rules.reach import Marks, Reach, Tie


class Direction(TextChoices):
    """Which way is walked."""

    DEPENDANTS = "dependants", gettext_lazy("What is hit")
    NEEDS = "needs", gettext_lazy("What it needs")


def walk(
    start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
    marks: Marks | None = None,
) -> Reach | Found:  # fmt: skip
    """What these items reach. Both ways of walking give the same."""
    laid = current()
    if laid is None:
        return walk_by_sql(start, way, depth=depth, with_parts=with_parts, marks=marks)
    by_arrays = graph.hit_by if way == Direction.DEPENDANTS else graph.needs_of
    return by_arrays(laid, start, depth=depth, marks=marks, with_parts=with_parts)


def walk_by_sql(
    start: Sequence[int], way: Direction, *, depth: int | None = None, with_parts: bool = False,
    marks: Marks | None = None,
) -> Reach:  # fmt: skip
    """The same, asking the database: exact at once in every process, and as dear as what is reached."""
    ties = _ties(way, with_parts=with_parts)
    if way == Direction.DEPENDANTS:
        return reach.hit_by(start, ties, redundancies_of, depth=depth, marks=marks)
    return reach.needs_of(start, ties, depth=depth, marks=marks)


def _ties(way: Direction, *, with_parts: bool) -> Callable[[Collection[int]], Iterable[Tie]]:
    """The ties of some items, read from the database: those that depend on them, or those that they depend on."""
    near, far = ("to_item", "from_item") if way == Direction.DEPENDANTS else ("from_item", "to_item")

    def read(ids: Collection[int]) -> Iterable[Tie]:
        for chunk in chunks(sorted(ids)):
            stated = Dependency.objects.filter(
                **{f"{near}_id__in": chunk, f"{far}__presence": Presence.HERE}, not_seen_since__isnull=True
            ).exclude(criticality=LinkCriticality.NONE)
            for item, provider, level in stated.values_list("from_item_id", "to_item_id", "criticality"):
                yield Tie(item, provider, level == LinkCriticality.DEGRADES)
            if with_parts:
                yield from _part_ties(chunk, way)

    return read


def _part_ties(chunk: Sequence[int], way: Direction) -> Iterable[Tie]:
    """A part shares the fate of its whole."""
    here = Item.objects.filter(presence=Presence.HERE, part_of__presence=Presence.HERE)
    near = "part_of_id__in" if way == Direction.DEPENDANTS else "pk__in"
    for part, whole in here.filter(**{near: chunk}).values_list("pk", "part_of_id"):
        if whole is not None:
            yield Tie(part, whole)
