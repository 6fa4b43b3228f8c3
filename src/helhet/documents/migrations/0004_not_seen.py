from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_doubts")]

    operations = [migrations.AddField("document", "not_seen_since", models.DateField(null=True))]
