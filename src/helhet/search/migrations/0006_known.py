"""PostgreSQL: which of some words the index knows at all."""

from typing import Any

from django.db import migrations

# Left to itself the planner reads all entries rather than ask the index for each word.
KNOWN = """CREATE FUNCTION search_known(asked tsquery[]) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT place FROM unnest(asked) WITH ORDINALITY AS word (one, place)
    WHERE EXISTS (SELECT 1 FROM search_entry WHERE vector @@ one) $$"""


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """SQLite's index passes over what it does not hold."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KNOWN)


def backwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Drop it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION search_known(tsquery[])")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_parts")]

    operations = [migrations.RunPython(forwards, backwards)]
