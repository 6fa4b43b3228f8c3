"""What text without a field means in the list of items: the words of a thing, by their stems and beginnings.

Fills the port `items.free_text`. A word that few items have is answered by the index; one that many have is asked of
each row while the list walks another index. Items that are not in the index yet are found by their names.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.filters import Context, Meaning, Whole, pattern_condition
from helhet.rules.filters import Op, Term
from helhet.search.asking import Asked, asked
from helhet.search.engines import engine
from helhet.search.indexing import reached
from helhet.search.models import STRIDE, Entry, Noun, Reached

MANY = 60_000
"""From so many entries on, each row is asked; below, the index's answer is read whole."""
MOST_READ = 200_000
"""So many are still read whole where another term is met by as many."""
KEPT_SECONDS = 60


def free_text(term: Term, context: Context) -> Meaning:
    """The items that have all words of the term, each by its stem, as half of a compound, or by its beginning."""
    value = term.values[0]
    by_name = Q(name_fold__contains=fold(value.text.strip("*")))
    if context.is_lasting:
        return Meaning(by_name)
    if value.wildcard and not _is_prefix(value.parts):
        condition = pattern_condition("name_fold", value)
        return Meaning(condition, _ids(condition))
    is_exact = term.op == Op.EXACT
    wanted = asked(value.parts[0] if value.wildcard else value.text, all_prefixes=not is_exact, in_halves=not is_exact)
    if not wanted.words:
        return Meaning(by_name)
    here = reached()
    number = about(wanted, here)
    # Left out where nothing waits for the index: a condition with OR costs the database its best plan.
    waiting = Q(pk__gt=here.item_id) & by_name if Item.objects.filter(pk__gt=here.item_id).exists() else None
    found = Q(pk__in=_found(wanted))
    condition = found if waiting is None else found | waiting
    if number <= MANY:
        return Meaning(condition, _ids(condition))
    whole = Whole(number, partial(_read, wanted, waiting), condition) if number <= MOST_READ else None
    return Meaning(_checked(wanted, by_name if waiting else None), is_dear=waiting is None, whole=whole)


def _is_prefix(parts: tuple[str, ...]) -> bool:
    return len(parts) == 2 and bool(parts[0]) and not parts[1]


def _ids(condition: Q) -> Any:
    return Item.objects.filter(condition).order_by().values_list("id", flat=True)


def _found(wanted: Asked) -> RawSQL:
    return RawSQL(*_found_sql(wanted))  # noqa: S611 - own names; what people wrote is a value


def _found_sql(wanted: Asked) -> tuple[str, list[Any]]:
    sql, params = engine().ids_sql(wanted.of(Noun.ITEM))
    return f"SELECT (f.id - {int(Noun.ITEM)}) / {STRIDE} FROM ({sql}) f", params  # noqa: S608 - own names only


def _read(wanted: Asked, waiting: Q | None) -> list[int]:
    """The ids of all items that the index knows to meet it, and of those that wait for it and do."""
    sql, params = _found_sql(wanted)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = [number for (number,) in cursor.fetchall()]
    return found if waiting is None else [*found, *_ids(waiting)]


def about(wanted: Asked, here: Reached) -> int:
    """About how many entries meet it; kept for a minute, or until the index has moved on."""
    key = f"search.about.{hash((wanted.words, here.item_id, here.sequence))}"
    known: int | None = cache.get(key)
    if known is None:
        known = engine().about(wanted.of(Noun.ITEM), MOST_READ)
        cache.set(key, known, KEPT_SECONDS)
    return known


class Holds(Func):
    """Whether the words of an entry hold a text, without the index; true and false alike on both engines."""

    output_field = BooleanField()
    arg_joiner = " || ' ', "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """`instr`."""
        return self.as_sql(compiler, connection, template="(instr(' ' || %(expressions)s) > 0)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """`strpos`."""
        return self.as_sql(compiler, connection, template="(strpos(' ' || %(expressions)s) > 0)", **context)


def holds(wanted: Asked) -> Q:
    """A condition on entries: the same as the index answers."""
    condition = Q()
    for ways in wanted.words:
        any_way = Q()
        for way in ways:
            all_of = Q()
            for word in way.whole:
                all_of &= Q(Holds(F("words"), Value(f" {word} ")))
            if way.prefix:
                all_of &= Q(Holds(F("words"), Value(f" {way.prefix}")))
            any_way |= all_of
        condition &= any_way
    return condition


def _checked(wanted: Asked, by_name: Q | None) -> Q:
    """A question to each row: its entry's words, or, where some have no entry yet, its name."""
    entry = Entry.objects.filter(id=OuterRef("pk") * STRIDE + int(Noun.ITEM))
    has = entry.annotate(has=ExpressionWrapper(holds(wanted), BooleanField())).values("has")
    otherwise = Value(False) if by_name is None else ExpressionWrapper(by_name, BooleanField())
    return Q(Coalesce(Subquery(has), otherwise, output_field=BooleanField()))
