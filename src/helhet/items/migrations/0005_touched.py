"""Items that were touched, for the graph of the estate."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ('items', '0004_source_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low', models.BigIntegerField()),
                ('high', models.BigIntegerField()),
                ('stamp', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['stamp'], name='touched_by_stamp')],
            },
        ),
    ]
