from django.db import migrations

from procurement import sql


class Migration(migrations.Migration):
    dependencies = [("procurement", "0004_supplier_of_merged_vendors"), ("records", "0002_guards")]

    operations = [sql.FILES]
