from django.db import migrations

from audit.operations import composite_key, govern, isolate
from procurement import sql, sql_claims, sql_due


class Migration(migrations.Migration):
    dependencies = [("procurement", "0008_claims_and_due_days")]

    operations = [
        govern("procurement_claim", agency="agency_id"),
        govern("procurement_reviewterm"),
        isolate("procurement_claim"),
        composite_key("procurement_claim", "purchase_id", "procurement_purchase"),
        composite_key("procurement_claim", "instead_of_id", "procurement_claim"),
        sql_due.CALENDAR,
        sql_due.closed_days(),
        sql_due.TERMS,
        sql_due.DUE,
        sql_claims.CLAIM,
        sql.MOVE,
        sql_due.FILL,
    ]
