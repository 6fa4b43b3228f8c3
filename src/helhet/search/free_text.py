"""What text without a field means in the list of items: the words of a thing, by their stems and beginnings.

Fills the port `items.free_text`. A word that few items have is answered by the index; one that many have is asked of
each row while the list walks another index. Items that are not in the index yet are found by their names.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.filters import Context, Meaning, pattern_condition
from helhet.rules.filters import Op, Term
from helhet.search.asking import Asked, asked
from helhet.search.engines import engine
from helhet.search.indexing import reached
from helhet.search.models import STRIDE, Entry, Noun, Reached

MANY = 60_000
"""From so many entries on, each row is asked; below, the index's answer is read whole."""
KEPT_SECONDS = 60


def free_text(term: Term, context: Context) -> Meaning:
    """The items that have all words of the term, each by its stem or, where it is not quoted, by its beginning."""
    value = term.values[0]
    by_name = Q(name_fold__contains=fold(value.text.strip("*")))
    if context.is_lasting:
        return Meaning(by_name)
    if value.wildcard and not _is_prefix(value.parts):
        condition = pattern_condition("name_fold", value)
        return Meaning(condition, _ids(condition))
    wanted = asked(value.parts[0] if value.wildcard else value.text, all_prefixes=term.op != Op.EXACT)
    if not wanted.words:
        return Meaning(by_name)
    here = reached()
    if is_many(wanted, here):
        return Meaning(_checked(wanted, by_name))
    condition = Q(pk__in=_found(wanted))
    # Left out where nothing waits for the index: a condition with OR costs the database its best plan.
    if Item.objects.filter(pk__gt=here.item_id).exists():
        condition |= Q(pk__gt=here.item_id) & by_name
    return Meaning(condition, _ids(condition))


def _is_prefix(parts: tuple[str, ...]) -> bool:
    return len(parts) == 2 and bool(parts[0]) and not parts[1]


def _ids(condition: Q) -> Any:
    return Item.objects.filter(condition).order_by().values_list("id", flat=True)


def _found(wanted: Asked) -> RawSQL:
    sql, params = engine().ids_sql(wanted.of(Noun.ITEM))
    return RawSQL(f"SELECT (f.id - {int(Noun.ITEM)}) / {STRIDE} FROM ({sql}) f", params)  # noqa: S608, S611 - own names; what people wrote is a value


def is_many(wanted: Asked, here: Reached) -> bool:
    """Whether more than MANY entries meet it; kept for a minute, or until the index has moved on."""
    key = f"search.many.{hash((wanted.words, here.item_id, here.sequence))}"
    known: bool | None = cache.get(key)
    if known is None:
        known = _more_than_many(wanted.exact()) or _more_than_many(wanted)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _more_than_many(wanted: Asked) -> bool:
    sql, params = engine().ids_sql(wanted.of(Noun.ITEM))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql} LIMIT {MANY + 1}) many", params)  # noqa: S608 - own names only
        (count,) = cursor.fetchone()
    return bool(count > MANY)


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


def _checked(wanted: Asked, by_name: Q) -> Q:
    """A question to each row: its entry's words, or its name where it has no entry yet."""
    entry = Entry.objects.filter(id=OuterRef("pk") * STRIDE + int(Noun.ITEM))
    has = entry.annotate(has=ExpressionWrapper(holds(wanted), BooleanField())).values("has")
    return Q(Coalesce(Subquery(has), ExpressionWrapper(by_name, BooleanField())))
