from django.db import migrations

from audit import sql_refused
from audit.operations import Sql


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_quicker")]

    operations = [Sql(sql_refused.REFUSED, sql_refused.UNDO)]
