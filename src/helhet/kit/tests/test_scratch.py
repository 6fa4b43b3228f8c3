"""Temporary tables: there when they are asked for, and empty, whatever stood in them."""

from __future__ import annotations

import pytest
from django.db import connection

from helhet.kit.engines import engine
from helhet.kit.engines.postgres import FEW_BYTES

pytestmark = pytest.mark.django_db


def fill(count: int) -> None:
    engine().scratch("numbers", "number bigint PRIMARY KEY")
    engine().insert_rows("numbers", ("number",), ((number,) for number in range(count)))


@pytest.mark.parametrize("before", [0, 3, 20_000])
def test_what_stood_in_it_is_gone(before: int):
    fill(before)
    fill(5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM numbers ORDER BY number")
        assert [number for (number,) in cursor.fetchall()] == [0, 1, 2, 3, 4]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite gives the room of deleted rows to new ones")
def test_however_often_it_is_used_it_stays_small():
    with connection.cursor() as cursor:
        for _time in range(60):
            fill(200)
            cursor.execute("SELECT pg_relation_size('pg_temp.numbers')")
            assert cursor.fetchone()[0] < FEW_BYTES + 16_384
