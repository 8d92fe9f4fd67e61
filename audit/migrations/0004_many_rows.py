from django.db import migrations

from audit import sql
from audit.operations import Sql


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_refused_attempts")]

    operations = [Sql(sql.RECORD_ROWS_FUNCTION, "drop function audit_record_rows();")]
