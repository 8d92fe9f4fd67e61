from django.db import migrations

from audit.operations import govern
from policy import sql


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("agencies", "0002_guards")]

    operations = [
        govern("policy_policy"),
        govern("policy_policyversion"),
        govern("policy_rule"),
        govern("policy_referencelist"),
        govern("policy_edition"),
        govern("policy_entry"),
        sql.IMMUTABLE,
        sql.CHANGES,
    ]
