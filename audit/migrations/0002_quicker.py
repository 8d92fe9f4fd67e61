from django.db import migrations

from audit import sql
from audit.operations import Sql


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [Sql(sql.QUICKER_RECORD_FUNCTION)]
