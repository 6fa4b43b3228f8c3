"""An estate written in bulk, for cases that ask what is quick in a large one and not how it came there.

Indexes and constraints are put aside while rows are written and made again afterwards, which is several times quicker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from numpy.typing import NDArray

from bench.data import GROUPS, KINDS
from bench.measure import Place, clocked, say
from helhet.groups.models import Answer, Ground, Group
from helhet.groups.models.answer import GroundSort
from helhet.items.models import Item, Kind, Presence, State
from helhet.items.writing import NewItem, add_items
from helhet.kit.engines import engine, insert, table_of
from helhet.kit.rights import the_system

PORTION = 100_000
SERVICES = 30
"""One item in so many is a service."""
OWNED = 0.7


def fill(place: Place) -> None:
    """`place.size` items of many kinds with 40 groups, of which seven in ten items have one."""
    by, today = the_system("bench"), timezone.localdate()
    kind = Kind.objects.get(key="group")
    with clocked() as clock:
        with transaction.atomic():
            drafts = [NewItem(kind=kind, name=f"Förvaltningsgrupp {one}") for one in range(GROUPS)]
            groups = [Group.objects.create(item_id=pk).pk for pk in add_items(drafts, by=by, on=today)]
        with without_indexes(Item):
            _items(place.size, today)
        ids = np.array(
            Item.objects.filter(prefix="BEN").order_by("id").values_list("id", flat=True), np.int64
        )  # fmt: skip
        with without_indexes(Answer):
            _answers(ids, groups, today)
        engine().refresh_statistics()
    say(f"  {place.size} items in {clock.seconds:.0f} s")


def _items(size: int, today: dt.date) -> None:
    weights = [*KINDS, ("business_service", 100 // SERVICES)]
    kinds = [Kind.objects.get(key=key).pk for key, weight in weights for _count in range(weight)]
    empty, none, now = engine().json({}), engine().json([]), timezone.now()
    chosen = np.random.default_rng(3).integers(0, len(kinds), size)
    write(
        Item,
        ("kind", "prefix", "number", "name", "name_key", "name_fold", "description", "state", "criticality",
         "attributes", "tags", "presence", "created_on", "created_at", "updated_at", "version"),
        ((kinds[chosen[number]], "BEN", number, f"sak {number}", f"sak {number:09}", f"sak {number}", "",
          State.LIVE.value, number % 5, empty, none, Presence.HERE.value, today, now, now, 1)
         for number in range(size)),
    )  # fmt: skip


def _answers(ids: NDArray[np.int64], groups: list[int], today: dt.date) -> None:
    chance = np.random.default_rng(4)
    ground = Ground.objects.create(sort=GroundSort.HAND, text="bench").pk
    owned = ids[chance.random(len(ids)) < OWNED].tolist()
    now = timezone.now()
    write(
        Answer, ("item", "group", "from_on", "ground", "is_contested", "recorded_at"),
        ((item, groups[item % len(groups)], today, ground, False, now) for item in owned),
    )  # fmt: skip


def write(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write all rows, a portion at a time, and say how far it has come."""
    rows, done = iter(rows), 0
    while portion := list(islice(rows, PORTION)):
        with transaction.atomic():
            insert(model, fields, portion)
        done += len(portion)
        if done % (10 * PORTION) == 0:
            say(f"   {done} {model._meta.model_name}")


@contextmanager
def without_indexes(model: type[Model]) -> Iterator[None]:
    """Put aside what slows writing many rows of this table, and make it again afterwards."""
    table = table_of(model)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table.strip('"')],
            )
            found = [(f'DROP INDEX "{name}"', sql) for name, sql in cursor.fetchall()]
            found.append(("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"))
        else:
            found = [
                (f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {how}')
                for name, how in _told(
                    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                    "WHERE contype IN ('f', 'u') AND conrelid = %s::regclass",
                    table,
                )
            ]
            found += [
                (f'DROP INDEX IF EXISTS "{name}"', how.replace("INDEX ", "INDEX IF NOT EXISTS ", 1))
                for name, how in _told(
                    "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
                    "WHERE NOT indisprimary AND indrelid = %s::regclass", table
                )
            ]  # fmt: skip
        for drop, _make in found:
            cursor.execute(drop)
        yield
        for _drop, make in found:
            cursor.execute(make)


def _told(statement: str, table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [table])
        return [(str(name), str(how)) for name, how in cursor.fetchall()]
