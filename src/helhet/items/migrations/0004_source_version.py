"""A source has a version, so that two who change what it owns cannot overwrite each other."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Every source begins at 1."""

    dependencies = [("items", "0003_kinds")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="version",
            field=models.PositiveIntegerField(default=1),
        )
    ]
