"""What a file that was let out here gave last when it came back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """So that it can be edited and taken in again and again."""

    dependencies = [
        ('documents', '0009_made_key'),
        ('importers', '0005_page_drafts'),
        ('items', '0006_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageReturned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=dict)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='returned', to='documents.document')),
                ('draft_text', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.drafttext')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='items.source')),
                ('version', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'document'), name='page_returned_once')],
            },
        ),
    ]
