from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_front_matter_in_order")]

    operations = [migrations.AddField("document", "former_paths", models.JSONField(default=list))]
