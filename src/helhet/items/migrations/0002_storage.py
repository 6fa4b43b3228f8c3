"""How the two engines keep keys: PostgreSQL compares them bytewise, SQLite keeps the index of values as one tree."""

from typing import Any

from django.db import migrations

BYTEWISE = {"items_item": ("name_key", "name_fold"), "items_value": ("fold",), "items_sourcekey": ("key",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Set once, while the tables are empty."""
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in BYTEWISE.items():
            for column in columns:
                schema_editor.execute(
                    f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({_width(apps, table, column)}) COLLATE "C"'
                )
    else:
        schema_editor.execute("DROP TABLE items_itemvalue")
        schema_editor.execute(
            "CREATE TABLE items_itemvalue ("
            "item_id bigint NOT NULL REFERENCES items_item (id) DEFERRABLE INITIALLY DEFERRED, "
            "value_id bigint NOT NULL REFERENCES items_value (id) DEFERRABLE INITIALLY DEFERRED, "
            "PRIMARY KEY (item_id, value_id)) WITHOUT ROWID"
        )
        schema_editor.execute("CREATE INDEX items_with_value ON items_itemvalue (value_id, item_id)")


def _width(apps: Any, table: str, column: str) -> int:
    model = next(model for model in apps.get_app_config("items").get_models() if model._meta.db_table == table)
    return int(model._meta.get_field(column).max_length)


class Migration(migrations.Migration):
    """Cannot be reversed on SQLite without the rows, so it says that it is not."""

    dependencies = [("items", "0001_first")]

    operations = [migrations.RunPython(forwards)]
