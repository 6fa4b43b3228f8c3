"""PostgreSQL: the first entries that meet a question, by the index of words whatever the planner expects."""

from typing import Any

from django.db import migrations

POSTGRESQL = (
    # Of a long entry nothing but its number stays in the table's own pages, so that thousands are read from few of
    # them. Short ones are left as they are. Those that stand already are written anew by the next indexing.
    "ALTER TABLE search_entry SET (toast_tuple_target = 128)",
    "UPDATE search_reached SET analyser = 0",
    # The settings keep the planner from reading all entries, and the function from being written into its caller;
    # OFFSET keeps it from walking the primary key.
    """CREATE FUNCTION search_first(asked tsquery, beyond bigint, most integer) RETURNS SETOF bigint
        LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        SELECT id FROM (SELECT id FROM search_entry WHERE vector @@ asked OFFSET 0) met
        WHERE id > beyond ORDER BY id LIMIT most $$""",
)


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """SQLite's index gives the first ones by itself."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """The entries stay as they are."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION search_first(tsquery, bigint, integer)")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_documents")]

    operations = [migrations.RunPython(forwards, backwards)]
