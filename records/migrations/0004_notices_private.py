from django.db import migrations

from records import sql_notices


class Migration(migrations.Migration):
    dependencies = [("records", "0003_notices")]

    operations = [sql_notices.ADMINISTERS, sql_notices.PRIVATE]
