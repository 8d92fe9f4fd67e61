from django.db import migrations

from audit.operations import govern
from registry import sql_catalogue
from registry.sql import fact


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_merged_vendors_and_refused_claims")]

    operations = [
        govern("registry_vendoridentifier"),
        govern("registry_distinctvendors"),
        fact("registry_vendorname"),
        fact("registry_vendoridentifier"),
        sql_catalogue.REFUSE,
        sql_catalogue.MERGE,
        sql_catalogue.NOT_MERGED,
        sql_catalogue.POINT_TO_STANDING,
        sql_catalogue.UNKNOWN_BUILD,
        sql_catalogue.PARTS_OF_KNOWN_BUILDS,
        sql_catalogue.NAMES_AS_FACTS,
    ]
