"""The kind of items that changes are: not listed among things, and answered for by the change's own group."""

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    """Add it where it is missing."""
    apps.get_model("items", "Kind").objects.get_or_create(
        key="change",
        defaults={
            "family": "other", "name_sv": "Ändring", "plural_sv": "Ändringar", "name_en": "Change",
            "plural_en": "Changes", "prefix": "CHG", "icon": "change", "must_be_owned": False, "is_listed": False,
            "is_builtin": True, "position": 2_000,
        },
    )


class Migration(migrations.Migration):
    """Going back leaves the kind, which items may use."""

    dependencies = [("changes", "0001_first"), ("items", "0004_source_version")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
