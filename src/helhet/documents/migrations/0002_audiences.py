"""The audiences that every installation begins with."""

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    """Add those that are missing; both are open to everyone who is signed in."""
    audience = apps.get_model("documents", "Audience")
    for key, sv, en in (("all", "Alla", "Everyone"), ("operations", "Driften", "Operations")):
        audience.objects.get_or_create(
            key=key, defaults={"name_sv": sv, "name_en": en, "is_open": True, "is_builtin": True}
        )


class Migration(migrations.Migration):
    """Going back leaves them, which documents may use."""

    dependencies = [("documents", "0001_first")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
