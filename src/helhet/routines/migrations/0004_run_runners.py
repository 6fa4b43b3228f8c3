"""Whose a run was before it was taken over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = (("routines", "0003_alert_by_hand"),)

    operations = (migrations.AddField("run", "runners", models.JSONField(default=list)),)
