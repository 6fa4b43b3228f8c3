"""An entry is an id and its words; each engine gets its own full-text index over them."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models

SQLITE = (
    # Every sign beyond ASCII belongs to a word, and so do the signs that hold a reference or host name together:
    # a word of ours is always exactly one word of the index.
    """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_entry', content_rowid='id', detail='none', columnsize=0,
        tokenize="ascii tokenchars '-._:/@'"
    )""",
)
POSTGRESQL = (
    """ALTER TABLE search_entry ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector) WITH (fastupdate = on)",
)


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Make the index that Django has no words for."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """On PostgreSQL it goes with the table."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_first")]

    operations = [
        migrations.DeleteModel("Entry"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Reached",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                ("item_id", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
