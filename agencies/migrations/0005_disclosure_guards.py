from django.db import migrations

from agencies import sql
from audit.operations import govern, isolate


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_disclosure")]

    operations = [
        govern("agencies_disclosure", agency="agency_id"),
        isolate("agencies_disclosure"),
        sql.DISCLOSURE,
    ]
