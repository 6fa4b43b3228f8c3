"""The kind of items that suppliers are."""

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    """Add it where it is missing, beside contracts."""
    apps.get_model("items", "Kind").objects.get_or_create(
        key="supplier",
        defaults={
            "family": "contract", "name_sv": "Leverantör", "plural_sv": "Leverantörer", "name_en": "Supplier",
            "plural_en": "Suppliers", "prefix": "LEV", "icon": "contract", "must_be_owned": True, "is_listed": True,
            "is_builtin": True, "position": 205,
        },
    )


class Migration(migrations.Migration):
    """Going back leaves the kind, which items may use."""

    dependencies = [("suppliers", "0001_first"), ("items", "0005_touched")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
