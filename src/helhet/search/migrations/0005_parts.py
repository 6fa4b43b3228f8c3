"""PostgreSQL: the first entries that meet a question, each of its words asked for by itself."""

from typing import Any

from django.db import migrations

POSTGRESQL = (
    # For each entry that meets the first word the index looks into the next, where one expression of all of them is
    # worked out whole. The settings are those of the function that this one replaces.
    """CREATE FUNCTION search_first(asked tsquery[], beyond bigint, most integer) RETURNS SETOF bigint
        LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
        BEGIN
            RETURN QUERY EXECUTE 'SELECT id FROM (SELECT id FROM search_entry WHERE '
                || (SELECT string_agg('vector @@ ' || quote_literal(one::text) || '::tsquery', ' AND ' ORDER BY place)
                    FROM unnest(asked) WITH ORDINALITY AS part (one, place))
                || ' OFFSET 0) met WHERE id > $1 ORDER BY id LIMIT $2' USING beyond, most;
        END $$""",
    "DROP FUNCTION search_first(tsquery, bigint, integer)",
)
BEFORE = (
    "DROP FUNCTION search_first(tsquery[], bigint, integer)",
    """CREATE FUNCTION search_first(asked tsquery, beyond bigint, most integer) RETURNS SETOF bigint
        LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        SELECT id FROM (SELECT id FROM search_entry WHERE vector @@ asked OFFSET 0) met
        WHERE id > beyond ORDER BY id LIMIT most $$""",
)


def _execute(statements: tuple[str, ...], schema_editor: Any) -> None:
    """SQLite's index gives the first ones by itself."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Replace the function."""
    _execute(POSTGRESQL, schema_editor)


def backwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """The function that took one expression."""
    _execute(BEFORE, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_first")]

    operations = [migrations.RunPython(forwards, backwards)]
