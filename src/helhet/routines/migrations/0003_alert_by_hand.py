"""What people have said of an alert, and its latest beginning beside since when it is open."""

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def copy_beginning(apps, schema_editor):
    """What was told so far is the only beginning that is known."""
    apps.get_model("routines", "Alert").objects.using(schema_editor.connection.alias).update(told_began_at=F("began_at"))


class Migration(migrations.Migration):
    """Three columns."""

    dependencies = (("routines", "0002_proven_to"),)

    operations = (
        migrations.AddField("alert", "routine_by_hand", models.BooleanField(default=False)),
        migrations.AddField("alert", "item_by_hand", models.BooleanField(default=False)),
        migrations.AddField("alert", "told_began_at", models.DateTimeField(default=timezone.now)),
        migrations.RunPython(copy_beginning, migrations.RunPython.noop),
    )
