"""Where the files of the graph are, and how far they had read."""

from __future__ import annotations

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ('estate', '0003_pictures'),
    ]

    operations = [
        migrations.CreateModel(
            name='GraphFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=32, unique=True)),
                ('token', models.CharField(blank=True, max_length=32)),
                ('seen', models.BigIntegerField(default=-1)),
                ('oldest_open', models.BigIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(default=timezone.now)),
                ('built_at', models.DateTimeField(null=True)),
                ('items', models.BigIntegerField(default=0)),
                ('links', models.BigIntegerField(default=0)),
                ('seconds', models.FloatField(default=0)),
            ],
        ),
    ]
