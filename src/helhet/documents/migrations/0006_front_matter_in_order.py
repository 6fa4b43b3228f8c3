from django.db import migrations

from helhet.kit.ordered_json import OrderedJSONField


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_links_within_sets")]

    operations = [migrations.AlterField("document", "front_matter", OrderedJSONField(default=dict))]
