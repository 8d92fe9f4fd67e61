from django.db import migrations

from procurement import sql_refusals


class Migration(migrations.Migration):
    dependencies = [("procurement", "0010_documents_hold"), ("audit", "0003_refused_attempts")]

    operations = [sql_refusals.CONCERNS]
