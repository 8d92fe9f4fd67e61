from django.db import migrations

from audit.operations import govern
from procurement import sql, sql_deciders


class Migration(migrations.Migration):
    dependencies = [("procurement", "0014_duties"), ("agencies", "0007_duty_guards")]

    operations = [
        govern("procurement_tie", agency="root"),
        sql_deciders.TIES,
        sql_deciders.DECIDERS,
        sql.MOVE,
    ]
