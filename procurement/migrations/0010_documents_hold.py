from django.db import migrations

from procurement import sql_documents


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0009_claim_guards"),
        ("records", "0002_guards"),
    ]

    operations = [sql_documents.FILES, sql_documents.HOLD]
