"""What the planner is told about a table."""

from __future__ import annotations

import pytest
from django.db import connection

from helhet.kit.engines import engine
from helhet.kit.jobs import Job, learn_tables
from helhet.kit.tests.job_world import ANNA, OVERSEER, note


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts a table as one, whatever its indexes")
def test_every_index_of_a_table_is_told_the_same_length():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shelf (id INTEGER PRIMARY KEY, alike INTEGER, unlike TEXT, maybe INTEGER)")
        cursor.execute(
            "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
            " INSERT INTO shelf SELECT i, i % 7, printf('%%x', i * 2654435761 %% 4294967296), i FROM n", []
        )  # fmt: skip
        cursor.execute("CREATE INDEX by_alike ON shelf (alike, id)")
        cursor.execute("CREATE INDEX by_unlike ON shelf (unlike)")
        cursor.execute("CREATE INDEX by_maybe ON shelf (maybe) WHERE maybe < 100")
        engine().refresh_statistics("shelf")
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'shelf'")
        told = {name: [int(number) for number in stat.split()] for name, stat in cursor.fetchall()}
        assert told["by_alike"][0] == told["by_unlike"][0] == 30_000
        assert told["by_maybe"][0] < 1_000
        assert told["by_alike"][1] > told["by_unlike"][1]
        cursor.execute("EXPLAIN QUERY PLAN SELECT id FROM shelf WHERE maybe > 5 ORDER BY alike, id LIMIT 10")
        assert "by_alike" in str(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks at its tables by itself")
def test_the_daily_job_looks_at_every_table():
    note.later(caller=ANNA)
    learn_tables.now(caller=OVERSEER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = %s", [Job._meta.db_table])
        assert cursor.fetchone()[0] > 0
