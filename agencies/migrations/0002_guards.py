from django.db import migrations

from agencies import sql
from audit.operations import Sql, govern, isolate

CACHE = Sql(
    """
    create table cache_entry (
      cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
    create index cache_entry_expires on cache_entry (expires);
    """,
    "drop table cache_entry;",
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        CACHE,
        govern("agencies_agency", agency="self"),
        govern("agencies_person", agency="root", leave_out=["password", "last_login"]),
        govern("agencies_membership", agency="agency_id"),
        govern("agencies_apitoken", agency="root", leave_out=["digest"]),
        isolate("agencies_membership"),
        sql.TREE,
        sql.NO_CYCLE,
    ]
