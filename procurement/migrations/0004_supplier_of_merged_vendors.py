from django.db import migrations

from procurement import sql_suppliers


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0003_waiver_authors"),
        ("registry", "0011_catalogue_guards"),
    ]

    operations = [sql_suppliers.FOLLOW_MERGES]
