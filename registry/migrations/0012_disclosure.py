from django.db import migrations

from registry import sql_disclosure


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_disclosure_guards"),
        ("records", "0002_guards"),
        ("registry", "0011_catalogue_guards"),
    ]

    operations = [
        *sql_disclosure.ROWS,
        sql_disclosure.TRAIL,
        sql_disclosure.SEARCH,
        sql_disclosure.PRICES,
    ]
