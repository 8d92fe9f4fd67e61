from django.db import migrations

from audit.operations import govern, isolate
from records import sql


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("agencies", "0002_guards")]

    operations = [
        govern("records_agencyattachment", agency="agency_id"),
        govern("records_agencynote", agency="agency_id"),
        govern("records_catalogueattachment"),
        govern("records_cataloguenote"),
        isolate("records_agencyattachment"),
        isolate("records_agencynote"),
        sql.SAME_AGENCY,
        sql.HOLD_SAME_AGENCY,
        sql.BY_ACTOR,
        sql.PERMANENT,
    ]
