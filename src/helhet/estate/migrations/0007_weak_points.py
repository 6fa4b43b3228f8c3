"""What would hurt most, as last looked for."""

from __future__ import annotations

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [
        ('estate', '0006_types_of_dependency'),
        ('items', '0005_touched'),
    ]

    operations = [
        migrations.CreateModel(
            name='WeakPoint',
            fields=[
                ('item', models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name='+', serialize=False, to='items.item')),
                ('stops', models.PositiveIntegerField(default=0)),
                ('degrades', models.PositiveIntegerField(default=0)),
                ('reached', models.PositiveIntegerField(default=0)),
                ('worst', models.SmallIntegerField(default=0)),
                ('is_cut', models.BooleanField(default=False)),
                ('is_past_redundancy', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('-stops', '-reached', 'item_id'),
            },
        ),
        migrations.CreateModel(
            name='WeakReading',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=timezone.now)),
                ('seconds', models.FloatField(default=0)),
                ('candidates', models.BigIntegerField(default=0)),
                ('walked', models.BigIntegerField(default=0)),
                ('has_cuts', models.BooleanField(default=False)),
                ('event_id', models.BigIntegerField(default=0)),
            ],
        ),
    ]
