"""A saved view has a version, so that two who change one at the same time cannot overwrite each other."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Every view begins at 1."""

    dependencies = [("groups", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="version",
            field=models.PositiveIntegerField(default=1),
        )
    ]
