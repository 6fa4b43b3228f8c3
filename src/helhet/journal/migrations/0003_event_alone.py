from django.db import migrations, models


class Migration(migrations.Migration):
    """What people did one by one is found by time without passing through the events of imports."""

    dependencies = [("journal", "0002_details_seal")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(fields=("at",), name="event_alone", condition=models.Q(batch__isnull=True)),
        ),
    ]
