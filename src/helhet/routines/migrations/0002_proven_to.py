"""The last day on which a routine's proof counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = (("routines", "0001_first"),)

    operations = (migrations.AddField("routine", "proven_to", models.DateField(null=True)),)
