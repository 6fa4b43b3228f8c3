from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_not_seen")]

    operations = [
        migrations.AddField("textlink", "is_local", models.BooleanField(default=False)),
        migrations.AddField("textlink", "is_named", models.BooleanField(default=False)),
    ]
