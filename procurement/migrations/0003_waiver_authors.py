from django.db import migrations

from procurement import sql


class Migration(migrations.Migration):
    dependencies = [("procurement", "0002_guards"), ("compliance", "0003_waivers")]

    operations = [sql.WAIVER_AUTHOR]
