"""Texts of documents to show, and how far the index has come with them and with which analyser."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_audiences'),
        ('search', '0002_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='searched', serialize=False, to='documents.document')),
                ('of_version', models.BigIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('names', models.TextField(blank=True)),
                ('headings', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name='reached',
            name='analyser',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='reached',
            name='version_id',
            field=models.BigIntegerField(default=0),
        ),
    ]
