from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_front_form")]

    operations = [migrations.AddField("document", "made_key", models.CharField(max_length=64, null=True, unique=True))]
