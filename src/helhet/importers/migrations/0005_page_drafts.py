"""What a source gave last may be a draft there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """So that its text is kept as such, and not published."""

    dependencies = [
        ('documents', '0009_made_key'),
        ('importers', '0004_pages'),
    ]

    operations = [
        migrations.AddField(
            model_name='pagetaken',
            name='draft_text',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.drafttext'),
        ),
        migrations.AlterField(
            model_name='pagetaken',
            name='version',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.version'),
        ),
    ]
