from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("handbook", "0002_bundle_places")]

    operations = [migrations.RemoveField(model_name="bundle", name="event_id")]
