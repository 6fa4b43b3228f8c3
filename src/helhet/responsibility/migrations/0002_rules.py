"""The two rules that stand in the list from the start."""

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """As the source says, then as what it is part of."""
    rule = apps.get_model("responsibility", "Rule")
    if not rule.objects.exists():
        rule.objects.create(number=1, position=10, sort="source")
        rule.objects.create(number=2, position=20, sort="part_of")


class Migration(migrations.Migration):
    """Going back leaves the rules."""

    dependencies = [("responsibility", "0001_first")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
