from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_former_paths")]

    operations = [migrations.AddField("document", "front_form", models.CharField(default="yaml", max_length=4))]
