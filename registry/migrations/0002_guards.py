from django.db import migrations

from audit.operations import govern, isolate
from registry import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("agencies", "0002_guards")]

    operations = [
        govern("registry_vendor"),
        govern("registry_vendorname"),
        govern("registry_ownershiplink"),
        govern("registry_declaration"),
        govern("registry_dronemodel"),
        govern("registry_build"),
        govern("registry_component"),
        govern("registry_drone", agency="agency_id"),
        isolate("registry_drone"),
        sql.CHECK,
        sql.UNCHECK,
        sql.UNCHECK_BUILD,
        sql.KEEP_DRONES,
    ]
