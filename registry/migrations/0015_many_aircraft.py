from django.db import migrations

from audit.operations import govern_many


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_many_rows"), ("registry", "0014_fewer_keys_of_imports")]

    operations = [
        govern_many("registry_drone", agency="agency_id", leave_out=["version", "events_made"])
    ]
