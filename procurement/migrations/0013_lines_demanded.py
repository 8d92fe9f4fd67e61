from django.db import migrations

from procurement import sql_lines


class Migration(migrations.Migration):
    dependencies = [("procurement", "0012_looks")]

    operations = [sql_lines.DEMAND]
