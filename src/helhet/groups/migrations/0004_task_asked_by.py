"""Who asked for what he may not do himself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = (("groups", "0003_group_order"),)

    operations = (migrations.AddField("task", "asked_by", models.BigIntegerField(null=True)),)
