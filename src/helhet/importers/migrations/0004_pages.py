"""What a source gave last of a document is kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """So that it is seen who altered what since."""

    dependencies = [
        ('documents', '0002_audiences'),
        ('importers', '0003_encoding'),
        ('items', '0005_touched'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageTaken',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='taken', serialize=False, to='documents.document')),
                ('facts', models.JSONField(default=dict)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='items.source')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.version')),
            ],
        ),
    ]
