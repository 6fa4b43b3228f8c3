from django.db import migrations, models


class Migration(migrations.Migration):
    """The hash of an event's details is kept, so that they can be blanked and the chain still be checked."""

    dependencies = [("journal", "0001_first")]

    operations = [
        migrations.AddField("event", "details_seal", models.CharField(blank=True, default="", max_length=64)),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                ("seal", models.CharField(default="0" * 64, max_length=64)),
            ],
        ),
    ]
