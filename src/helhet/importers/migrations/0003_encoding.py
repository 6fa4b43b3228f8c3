"""A run keeps the encoding that its file was said to have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty for UTF-8."""

    dependencies = [("importers", "0002_statements")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="encoding",
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
