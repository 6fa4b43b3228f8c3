"""The database holds that one answer of a step counts."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Two indexes."""

    dependencies = (("routines", "0005_answers_that_wait"),)

    operations = (
        migrations.AddConstraint(
            "runstep",
            models.UniqueConstraint(fields=("run", "step"), condition=Q(counts=True), name="run_step_counts_once"),
        ),
        migrations.AddIndex("runstep", models.Index(fields=("run",), condition=Q(waits=True), name="run_step_waits")),
    )
