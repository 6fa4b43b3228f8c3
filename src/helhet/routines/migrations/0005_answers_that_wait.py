"""Of the answers to a step one counts; another that came beside it waits until somebody chooses."""

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def keep_the_last(apps: Any, schema_editor: Any) -> None:
    """Until now the last answer counted."""
    rows = apps.get_model("routines", "RunStep").objects.using(schema_editor.connection.alias).order_by()
    later = rows.filter(run=OuterRef("run"), step=OuterRef("step"), pk__gt=OuterRef("pk"))
    rows.filter(Exists(later)).update(counts=False)


class Migration(migrations.Migration):
    """Two columns."""

    dependencies = (("routines", "0004_run_runners"),)

    operations = (
        migrations.AddField("runstep", "counts", models.BooleanField(default=True)),
        migrations.AddField("runstep", "waits", models.BooleanField(default=False)),
        migrations.RunPython(keep_the_last, migrations.RunPython.noop),
    )
